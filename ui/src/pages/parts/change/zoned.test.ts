import { describe, expect, it } from "vitest";
import { clockIn, knownZone, momentIn, nextAt } from "./zoned";

describe("a customer's clock", () => {
  it("is that of the customer's zone, in summer and in winter", () => {
    expect(momentIn("2026-11-21T22:00", "Europe/Berlin")?.toISOString()).toBe("2026-11-21T21:00:00.000Z");
    expect(momentIn("2026-07-21T22:00", "Europe/Berlin")?.toISOString()).toBe("2026-07-21T20:00:00.000Z");
    expect(momentIn("2026-11-21T22:00", "Asia/Kathmandu")?.toISOString()).toBe("2026-11-21T16:15:00.000Z");
    expect(clockIn(new Date("2026-11-21T16:15:00Z"), "Asia/Kathmandu")).toBe("2026-11-21T22:00");
  });

  it("has no time in the hour that the clocks leap over", () => {
    expect(momentIn("2026-03-29T02:30", "Europe/Berlin")).toBeNull();
    expect(momentIn("2026-03-29T03:30", "Europe/Berlin")?.toISOString()).toBe("2026-03-29T01:30:00.000Z");
    expect(momentIn("nonsense", "Europe/Berlin")).toBeNull();
  });

  it("knows tonight, and tomorrow where tonight is past", () => {
    const now = new Date("2026-11-21T14:00:00Z");
    expect(nextAt(22, now, "Europe/Berlin")).toBe("2026-11-21T22:00");
    expect(nextAt(22, now, "Asia/Tokyo")).toBe("2026-11-22T22:00");
    expect(nextAt(22, new Date("2026-12-31T21:30:00Z"), "Europe/Berlin")).toBe("2027-01-01T22:00");
  });

  it("is UTC where the zone is not known", () => {
    expect(knownZone("Middle/Earth")).toBe("UTC");
  });
});
