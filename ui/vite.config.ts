import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [react()],
  clearScreen: false,
  server: { host: "127.0.0.1", port: 5173, strictPort: true },
  build: {
    // The oldest web view that the app meets: WebKitGTK 2.40 and macOS 13.
    target: ["es2022", "safari16"],
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
  test: {
    environment: "jsdom",
    setupFiles: ["./src/test/setup.ts"],
    include: ["src/**/*.test.{ts,tsx}"],
    testTimeout: 60_000,
    css: false,
    // Fluent is read once a worker instead of once a file, and every core works. Nothing is shared on purpose: the set-up clears what a test leaves.
    pool: "threads",
    isolate: false,
    maxWorkers: "100%",
  },
});
