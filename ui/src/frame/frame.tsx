// The frame around every page: navigation on the left, search, sync and technician on top, the page below. Also the keys that work everywhere.
import { makeStyles, tokens } from "@fluentui/react-components";
import { Outlet } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useGo, useWhere } from "../address";
import { useResync } from "../data/actions";
import { useAppStatus } from "../data/queries";
import { focusFirst } from "./first-focus";
import { KeysDialog } from "./keys-dialog";
import { Navigation } from "./navigation";
import { Notices } from "./notices";
import { Palette } from "./palette";
import { PolicyDrop } from "./policy-drop";
import { TopBar } from "./top-bar";

const useStyles = makeStyles({
  root: {
    height: "100%",
    display: "grid",
    gridTemplate: '"top top" auto "nav page" minmax(0, 1fr) / auto minmax(0, 1fr)',
    backgroundColor: tokens.colorNeutralBackground2,
    color: tokens.colorNeutralForeground1,
  },
  bare: { height: "100%", overflow: "auto", backgroundColor: tokens.colorNeutralBackground2 },
  page: { gridArea: "page", overflow: "auto", outline: "none" },
  sheet: {
    minHeight: "100%",
    height: "100%",
    maxWidth: "1600px",
    margin: "0 auto",
    boxSizing: "border-box",
    padding: `${tokens.spacingVerticalXL} ${tokens.spacingHorizontalXXL} ${tokens.spacingVerticalXL}`,
    display: "flex",
    flexDirection: "column",
  },
  skip: {
    position: "absolute",
    left: tokens.spacingHorizontalM,
    top: "-60px",
    zIndex: 10,
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalL}`,
    backgroundColor: tokens.colorBrandBackground,
    color: tokens.colorNeutralForegroundOnBrand,
    borderRadius: tokens.borderRadiusMedium,
    border: "none",
    ":focus": { top: tokens.spacingVerticalS },
  },
});

/** Pages that stand alone, without navigation. */
const BARE = new Set(["/welcome"]);

export function Frame() {
  const styles = useStyles();
  const { path, tenant } = useWhere();
  const go = useGo();
  const status = useAppStatus();
  const resync = useResync();
  const [palette, setPalette] = useState(false);
  const [keysShown, setKeysShown] = useState(false);
  const page = useRef<HTMLElement>(null);

  const fresh = status.data?.tenants === 0;
  useEffect(() => {
    if (fresh && path === "/") go("/welcome", { replace: true });
  }, [fresh, path, go]);

  usePageFocus(path, page);

  const { mutate } = resync;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const command = event.ctrlKey || event.metaKey;
      const key = event.key.toLowerCase();
      if (command && key === "k") {
        event.preventDefault();
        setPalette(true);
      } else if (command && key === "r" && !event.shiftKey) {
        event.preventDefault();
        mutate({ tenants: tenant ? [tenant] : [] });
      } else if (!command && !event.altKey && !isTyping(event.target)) {
        if (event.key === "/") {
          const filter = document.querySelector<HTMLInputElement>("[data-list-filter] input, input[data-list-filter]");
          if (filter) {
            event.preventDefault();
            filter.focus();
            filter.select();
          }
        } else if (event.key === "?") {
          event.preventDefault();
          setKeysShown(true);
        }
      }
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [mutate, tenant]);

  const dialogs = (
    <>
      <Palette open={palette} close={() => setPalette(false)} showKeys={() => setKeysShown(true)} />
      <KeysDialog open={keysShown} close={() => setKeysShown(false)} />
      <PolicyDrop />
    </>
  );
  // On its way to the welcome page: an empty dashboard in between would only flash.
  if (fresh && path === "/") return null;
  if (BARE.has(path)) {
    return (
      <main className={styles.bare} ref={page}>
        <Outlet />
        {dialogs}
      </main>
    );
  }
  return (
    <div className={styles.root}>
      <button type="button" className={styles.skip} onClick={() => focusHead(page.current)}>
        Skip to the page
      </button>
      <TopBar openPalette={() => setPalette(true)} showKeys={() => setKeysShown(true)} />
      <Navigation />
      <main className={styles.page} ref={page} tabIndex={-1}>
        <div className={styles.sheet}>
          <Notices />
          <Outlet />
        </div>
      </main>
      {dialogs}
    </div>
  );
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

function focusHead(page: HTMLElement | null) {
  const head = page?.querySelector<HTMLElement>("[data-page-head]");
  (head ?? page)?.focus({ preventScroll: true });
}

/** After going to another page the focus is on its head, so that a screen reader says where one is, unless the page has a better place for
 * it; not at the start. */
function usePageFocus(path: string, page: React.RefObject<HTMLElement | null>) {
  const before = useRef(path);
  useEffect(() => {
    if (before.current === path) return;
    before.current = path;
    page.current?.scrollTo?.({ top: 0 });
    // The page's code may still be on its way: wait for its head, but not for ever.
    let tries = 20;
    let timer: ReturnType<typeof setTimeout>;
    const look = () => {
      if (focusFirst(page.current)) return;
      if (page.current?.querySelector("[data-page-head]") || tries-- === 0) focusHead(page.current);
      else timer = setTimeout(look, 50);
    };
    timer = setTimeout(look, 0);
    return () => clearTimeout(timer);
  }, [path, page]);
}
