// Where a page wants the focus to begin, marked with `data-page-focus`.

/** Focuses it, with what stands around it in view; false where the page marks nothing. */
export function focusFirst(page: HTMLElement | null): boolean {
  const first = page?.querySelector<HTMLElement>("[data-page-focus]");
  first?.focus();
  first?.scrollIntoView?.({ block: "center" });
  return first != null;
}
