import { act, render, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { hold, openWindow } from "../test/window";
import { LateProgress } from "./late-progress";

// Time goes on by itself, and in steps where a test does not want to wait for it.
beforeEach(() => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
});
afterEach(() => {
  vi.useRealTimers();
});

const later = (milliseconds: number) => act(() => vi.advanceTimersByTimeAsync(milliseconds));

describe("progress that is late", () => {
  it("is not shown for what takes a moment", async () => {
    const view = render(<LateProgress label="Reading" />);
    await later(500);
    expect(screen.queryByRole("progressbar")).toBeNull();
    view.unmount();
    await later(2000);
    expect(screen.queryByRole("progressbar")).toBeNull();
  });

  it("is shown after a second, without an end that nobody knows", async () => {
    render(<LateProgress label="Reading" />);
    await later(1100);
    const bar = screen.getByRole("progressbar", { name: "Reading" });
    expect(bar).not.toHaveAttribute("aria-valuenow");
  });

  it("stands at an export until the file is written", async () => {
    const { user, fixtures, asked } = openWindow("/tenants");
    const answer = hold(fixtures, "tenants_export");
    await user.click(await screen.findByRole("button", { name: "Export" }));
    await waitFor(() => expect(asked("tenants_export")).toHaveLength(1));
    expect(screen.queryByRole("progressbar", { name: "Writing export.csv" })).toBeNull();
    await later(1500);
    expect(await screen.findByRole("progressbar", { name: "Writing export.csv" })).toBeInTheDocument();
    answer();
    expect(await screen.findByText("Exported 8 tenants")).toBeInTheDocument();
    await waitFor(() => expect(screen.queryByRole("progressbar", { name: "Writing export.csv" })).toBeNull());
  });

  it("goes when an export fails, and the reason is told", async () => {
    const { user, fixtures, asked } = openWindow("/tenants");
    const answer = hold(fixtures, "tenants_export");
    fixtures.failing.set("tenants_export", {
      code: "export.disk_full",
      what: "The disk is full",
      nextStep: "Free some space",
      details: null,
    });
    await user.click(await screen.findByRole("button", { name: "Export" }));
    await waitFor(() => expect(asked("tenants_export")).toHaveLength(1));
    await later(1500);
    await screen.findByRole("progressbar", { name: "Writing export.csv" });
    answer();
    expect((await screen.findAllByText("The disk is full.")).length).toBeGreaterThan(0);
    await waitFor(() => expect(screen.queryByRole("progressbar", { name: "Writing export.csv" })).toBeNull());
  });

  it("stands in the settings while the database is made compact", async () => {
    const { user, fixtures } = openWindow("/settings");
    const answer = hold(fixtures, "store_compact");
    const data = await screen.findByRole("region", { name: "Data" });
    await user.click(within(data).getByRole("button", { name: "Compact" }));
    expect(await within(data).findByRole("button", { name: "Compacting" })).toBeDisabled();
    expect(within(data).queryByRole("progressbar")).toBeNull();
    await later(1500);
    expect(within(data).getByRole("progressbar", { name: "Compacting the database" })).toBeInTheDocument();
    answer();
    await waitFor(() => expect(within(data).queryByRole("progressbar")).toBeNull());
  });

  it("stands on the welcome page while the demo fleet opens", async () => {
    const { user, fixtures, history } = openWindow("/welcome", (f) => {
      f.tenants = [];
      f.alerts = [];
    });
    const answer = hold(fixtures, "demo_open");
    await user.click(await screen.findByRole("button", { name: "Open the demo fleet" }));
    expect(screen.queryByRole("progressbar")).toBeNull();
    await later(1500);
    expect(screen.getByRole("progressbar", { name: "Opening the demo fleet" })).toBeInTheDocument();
    answer();
    await waitFor(() => expect(history.location.pathname).toBe("/"));
  });
});
