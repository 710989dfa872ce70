// Which of Fluent's themes is on: the setting, or the system's wish (dark, more contrast, forced colours).
import {
  type Theme as FluentTheme,
  teamsHighContrastTheme,
  webDarkTheme,
  webLightTheme,
} from "@fluentui/react-components";
import { useSyncExternalStore } from "react";
import type { Theme } from "./bindings";

export type Look = "light" | "dark" | "highContrast";

const WISHES = ["(forced-colors: active)", "(prefers-contrast: more)", "(prefers-color-scheme: dark)"] as const;

function matches(query: string): boolean {
  return typeof window.matchMedia === "function" && window.matchMedia(query).matches;
}

function systemLook(): Look {
  if (matches(WISHES[0]) || matches(WISHES[1])) return "highContrast";
  return matches(WISHES[2]) ? "dark" : "light";
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

/** Tokens of ours beside Fluent's: a row under the pointer keeps its coloured words readable, and a chart its parts apart, in every theme. */
export const own = {
  rowHover: "var(--gatehouseRowHover)",
  rowSelected: "var(--gatehouseRowSelected)",
  mfaStrong: "var(--gatehouseMfaStrong)",
  mfaWeak: "var(--gatehouseMfaWeak)",
  mfaNone: "var(--gatehouseMfaNone)",
} as const;

const withOwn = (theme: FluentTheme) => ({
  ...theme,
  gatehouseRowHover: theme.colorNeutralBackground1Hover,
  gatehouseRowSelected: theme.colorNeutralBackground1Selected,
  gatehouseMfaStrong: theme.colorStatusSuccessBackground3,
  gatehouseMfaWeak: theme.colorPaletteMarigoldBackground3,
  gatehouseMfaNone: theme.colorStatusDangerBackground3,
});

export const fluentTheme: Record<Look, FluentTheme> = {
  light: withOwn(webLightTheme),
  dark: {
    ...withOwn(webDarkTheme),
    // Fluent's own reds, greens, oranges and links are a little too dark to be read on a card or in a row that is pointed at.
    colorStatusDangerForeground1: "#e88b93",
    colorStatusSuccessForeground1: "#5ec75a",
    colorPaletteDarkOrangeForeground1: "#eb8a5f",
    colorBrandForegroundLink: "#62abf5",
    ...{ gatehouseRowHover: "#333333", gatehouseRowSelected: "#383838" },
  },
  highContrast: {
    ...withOwn(teamsHighContrastTheme),
    // Teams' selection is a bright field for black text; rows with coloured words need a dark one.
    ...{
      gatehouseRowHover: "#2d2d2d",
      gatehouseRowSelected: "#00344d",
      gatehouseMfaStrong: "#3ff23f",
      gatehouseMfaWeak: "#ffff00",
      gatehouseMfaNone: "#ff6d6d",
    },
  },
};
