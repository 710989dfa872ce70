// Starts the window. Outside the shell (a browser during development) a fixture backend answers instead; it is never part of a build.
import { createRoot } from "react-dom/client";
import { App } from "./app";

async function start() {
  if (import.meta.env.DEV && !("__TAURI_INTERNALS__" in window)) {
    const { openFixtures } = await import("./fixtures/backend");
    openFixtures();
  }
  const root = document.getElementById("root");
  if (root) createRoot(root).render(<App />);
}

void start();
