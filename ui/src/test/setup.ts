// jsdom lacks a few things that Fluent and the virtual list measure with.
import "@testing-library/jest-dom/vitest";
import { cleanup, configure } from "@testing-library/react";
import { afterEach, vi } from "vitest";

class Observer {
  observe() {}
  unobserve() {}
  disconnect() {}
  takeRecords() {
    return [];
  }
}
vi.stubGlobal("ResizeObserver", Observer);
vi.stubGlobal("IntersectionObserver", Observer);
Element.prototype.scrollTo = () => undefined;
Element.prototype.scrollIntoView = () => undefined;
// The virtual list asks how large its scroller is.
Object.defineProperty(Element.prototype, "clientHeight", { configurable: true, get: () => 600 });
Object.defineProperty(Element.prototype, "clientWidth", { configurable: true, get: () => 1000 });
// axe asks whether it can paint; it cannot.
HTMLCanvasElement.prototype.getContext = () => null;
vi.stubGlobal("scrollTo", () => undefined);

// The one rule of Fluent that decides what a name is: a tab keeps its width by a second, invisible copy of its words.
const invisible = document.createElement("style");
invisible.textContent = ".fui-Tab__content--reserved-space { visibility: hidden }";
document.head.append(invisible);

afterEach(() => {
  cleanup();
  localStorage.clear();
});

configure({
  // A busy machine may hold a worker up for seconds: only what never comes takes this long.
  asyncUtilTimeout: 10_000,
  // Working out for every query what is hidden reads all of Fluent's styles and takes seconds.
  defaultHidden: true,
  // A failing query says what it looked for; the whole document after it says less.
  getElementError: (message) => new Error((message ?? "").split("\n").slice(0, 6).join("\n")),
});
