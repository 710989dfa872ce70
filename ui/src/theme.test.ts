// Words stay readable on everything they stand on: a page, a card, a row that is pointed at or selected, in each of the three looks.
import { act, renderHook } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { fluentTheme, type Look, useLook } from "./theme";

const WORDS = [
  "colorNeutralForeground1",
  "colorNeutralForeground2",
  "colorNeutralForeground3",
  "colorStatusDangerForeground1",
  "colorStatusSuccessForeground1",
  "colorPaletteDarkOrangeForeground1",
  "colorPaletteMarigoldForeground2",
  "colorPaletteBlueForeground2",
  "colorBrandForegroundLink",
] as const;
const GROUNDS = [
  "colorNeutralBackground1",
  "colorNeutralBackground2",
  "gatehouseRowHover",
  "gatehouseRowSelected",
] as const;

/** Relative luminance and contrast as WCAG 2.1 defines them. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const hex = (color: string) =>
  color.length === 4 ? `#${[...color.slice(1)].map((digit) => digit + digit).join("")}` : color;

describe.each(["light", "dark", "highContrast"] as Look[])("in the look %s", (look) => {
  const theme = fluentTheme[look] as unknown as Record<string, string>;
  const color = (name: string) => {
    const found = theme[name];
    if (!found) throw new Error(`the theme has no ${name}`);
    return hex(found);
  };
  it.each(WORDS)("%s can be read wherever it stands", (words) => {
    const poor = GROUNDS.map((ground) => [ground, contrast(color(words), color(ground))] as const).filter(
      ([, ratio]) => ratio < 4.5,
    );
    expect(poor.map(([ground, ratio]) => `${ground}: ${ratio.toFixed(2)}`)).toEqual([]);
  });
});

describe("the system's wish", () => {
  const changed = new Set<() => void>();
  const wishing = (...wishes: string[]) =>
    vi.stubGlobal("matchMedia", (query: string) => ({
      matches: wishes.some((wish) => query.includes(wish)),
      addEventListener: (_: string, listener: () => void) => changed.add(listener),
      removeEventListener: (_: string, listener: () => void) => changed.delete(listener),
    }));
  afterEach(() => vi.unstubAllGlobals());

  it.each([
    [[], "light"],
    [["prefers-color-scheme: dark"], "dark"],
    [["prefers-contrast: more"], "highContrast"],
    [["prefers-contrast: more", "prefers-color-scheme: dark"], "highContrast"],
    [["forced-colors: active"], "highContrast"],
  ])("%j is the look %s, unless one was chosen", (wishes, look) => {
    wishing(...wishes);
    expect(renderHook(() => useLook("system")).result.current).toBe(look);
    expect(renderHook(() => useLook("light")).result.current).toBe("light");
  });

  it("is followed when it changes", () => {
    wishing();
    const { result, unmount } = renderHook(() => useLook("system"));
    wishing("prefers-contrast: more");
    act(() => {
      for (const listener of changed) listener();
    });
    expect(result.current).toBe("highContrast");
    unmount();
    expect(changed.size).toBe(0);
  });
});
