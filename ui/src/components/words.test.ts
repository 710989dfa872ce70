import { describe, expect, it } from "vitest";
import { count, counted, duration, percent, relative, sentence, share } from "./words";

const now = new Date("2026-11-21T12:00:00Z");
const before = (minutes: number) => new Date(now.getTime() - minutes * 60_000);

describe("words", () => {
  it("says times relative under a day, and the date after", () => {
    expect(relative(before(0.5), now)).toBe("just now");
    expect(relative(before(12), now)).toBe("12 min ago");
    expect(relative(before(5 * 60 + 59), now)).toBe("5 h ago");
    expect(relative(before(3 * 24 * 60), now)).toBe("18 Nov");
    expect(relative(before(400 * 24 * 60), now)).toContain("2025");
    expect(relative(before(-120), now)).toBe("in 2 h");
  });

  it("gives a percentage with its count", () => {
    expect(share(188, 200)).toBe("94 %, 188 of 200");
    expect(share(0, 0)).toBe("nobody to count");
  });

  it("never rounds one person without MFA away", () => {
    expect(percent(9999, 10_000)).toBe("99 %");
    expect(percent(1, 10_000)).toBe("<1 %");
    expect(percent(10_000, 10_000)).toBe("100 %");
    expect(percent(0, 10)).toBe("0 %");
  });

  it("separates thousands and speaks of one in the singular", () => {
    expect(count(41_022)).toBe("41,022");
    expect(counted(1, "alert")).toBe("1 alert");
    expect(counted(2, "alert")).toBe("2 alerts");
  });

  it("ends a sentence once", () => {
    expect(sentence("It failed")).toBe("It failed.");
    expect(sentence("It failed.")).toBe("It failed.");
  });

  it("says how long in the unit that fits", () => {
    expect(duration(0.2)).toBe("under a second");
    expect(duration(40)).toBe("40 s");
    expect(duration(300)).toBe("5 min");
  });
});
