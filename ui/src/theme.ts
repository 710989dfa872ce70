// Which of Fluent's themes is on: the setting, or the system's wish (dark, forced colours).
import {
  type Theme as FluentTheme,
  teamsHighContrastTheme,
  webDarkTheme,
  webLightTheme,
} from "@fluentui/react-components";
import { useSyncExternalStore } from "react";
import type { Theme } from "./bindings";

export type Look = "light" | "dark" | "highContrast";

const WISHES = ["(forced-colors: active)", "(prefers-color-scheme: dark)"] as const;

function matches(query: string): boolean {
  return typeof window.matchMedia === "function" && window.matchMedia(query).matches;
}

function systemLook(): Look {
  if (matches(WISHES[0])) return "highContrast";
  return matches(WISHES[1]) ? "dark" : "light";
}

function watchSystem(listener: () => void): () => void {
  if (typeof window.matchMedia !== "function") return () => undefined;
  const watched = WISHES.map((query) => window.matchMedia(query));
  for (const query of watched) query.addEventListener("change", listener);
  return () => {
    for (const query of watched) query.removeEventListener("change", listener);
  };
}

export function useLook(setting: Theme): Look {
  const system = useSyncExternalStore(watchSystem, systemLook);
  return setting === "system" ? system : setting;
}

export const fluentTheme: Record<Look, FluentTheme> = {
  light: webLightTheme,
  dark: webDarkTheme,
  highContrast: teamsHighContrastTheme,
};
