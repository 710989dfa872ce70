import { render, screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { MfaBadge, MfaBar, mfaPercent, mfaSentence } from "./mfa";

describe("MFA shown", () => {
  it("shows each bucket as a word beside its icon", () => {
    for (const [bucket, word] of [
      ["strong", "Strong"],
      ["weak", "Weak"],
      ["none", "None"],
      ["unknown", "Unknown"],
    ] as const) {
      const { container, unmount } = render(<MfaBadge bucket={bucket} />);
      expect(screen.getByText(word)).toBeInTheDocument();
      expect(container.querySelector("svg")).not.toBeNull();
      unmount();
    }
  });

  it("hatches people who are unknown, and colours them neither good nor bad", () => {
    const { container } = render(<MfaBar counts={{ strong: 5, weak: 2, none: 1, unknown: 3 }} />);
    const unknown = container.querySelector("[data-bucket=unknown]");
    expect(unknown?.getAttribute("fill")).toMatch(/^url\(#/);
    expect(screen.getByRole("img")).toHaveAccessibleName("Strong 5, Weak 2, None 1, Unknown 3");
  });

  it("draws no bucket at all when registration was never read", () => {
    const { container } = render(<MfaBar counts={null} />);
    expect(container.querySelectorAll("[data-bucket]")).toHaveLength(0);
    expect(screen.getByRole("img")).toHaveAccessibleName("MFA registration is unknown");
  });

  it("says unknown, not zero, when nobody could be read", () => {
    expect(mfaSentence(null)).toBe("unknown");
    expect(mfaPercent(null)).toBeNull();
    expect(mfaSentence({ strong: 0, weak: 0, none: 0, unknown: 12 })).toBe("unknown");
    expect(mfaPercent({ strong: 0, weak: 0, none: 0, unknown: 12 })).toBeNull();
  });

  it("counts the percentage among those known and names the rest", () => {
    expect(mfaSentence({ strong: 150, weak: 38, none: 12, unknown: 4 })).toBe("94 %, 188 of 200, 4 unknown");
  });
});
