import { emit } from "@tauri-apps/api/event";
import { act, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { SyncPhase, SyncState } from "../bindings";
import { makeTenants } from "../fixtures/fleet";
import { findDialog, hold, openWindow } from "../test/window";
import { syncShare, syncTrouble } from "./sync-status";

const [first] = makeTenants();
const id = first?.id ?? "";
const running: SyncState = {
  running: true,
  done: 3,
  total: 8,
  nextAt: null,
  tenants: [
    {
      tenant: id,
      displayName: "Brightwater Dental Group",
      phase: "running",
      startedAt: null,
      remainingSeconds: 40,
      problem: null,
      kinds: [
        {
          kind: "users",
          title: "Users",
          phase: "done",
          rows: 212,
          expected: 212,
          requests: 3,
          seconds: 1,
          problem: null,
        },
        {
          kind: "signIns",
          title: "Sign-ins",
          phase: "running",
          rows: 500,
          expected: 1000,
          requests: 5,
          seconds: null,
          problem: null,
        },
      ],
    },
  ],
};

const endedAs = (...phases: SyncPhase[]): SyncState => ({
  ...running,
  running: false,
  tenants: phases.flatMap((phase) => running.tenants.map((tenant) => ({ ...tenant, phase }))),
});

describe("the frame", () => {
  it("says above every page that the audit log was tampered with, and leads to it", async () => {
    const { user, history } = openWindow("/tenants", (f) => {
      f.status = { ...f.status, auditBroken: "Row 12 does not fit: its content was changed after it was written." };
    });
    expect(await screen.findByText(/Row 12 does not fit/)).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Open the audit log" }));
    await waitFor(() => expect(history.location.pathname).toBe("/audit"));
    expect(screen.getByText(/Row 12 does not fit/)).toBeInTheDocument();
  });

  it("counts open alerts in the navigation, and shows a tenant's pages only while one is open", async () => {
    const { user } = openWindow("/");
    const nav = await screen.findByRole("navigation", { name: "Main" });
    expect(await within(nav).findByLabelText("10 open")).toBeInTheDocument();
    expect(within(nav).queryByText("Sign-ins")).toBeNull();
    await user.click(within(nav).getByText("Tenants"));
    await user.click(await screen.findByRole("row", { name: /Brightwater/ }));
    expect(await within(nav).findByText("Sign-ins")).toBeInTheDocument();
    expect(within(nav).getByText("Drift")).toBeInTheDocument();
  });

  it("puts the focus on the page's head after going somewhere", async () => {
    const { user } = openWindow("/");
    await screen.findByRole("region", { name: "Open alerts" });
    await user.click(within(screen.getByRole("navigation", { name: "Main" })).getByText("Tenants"));
    await waitFor(() => expect(screen.getByRole("heading", { level: 1, name: "Tenants" })).toHaveFocus());
  });

  it("shows the sync as it moves, cancels it, and says in a sentence what failed", async () => {
    const { user, asked } = openWindow("/");
    await screen.findByRole("region", { name: "Open alerts" });
    await act(() => emit("sync-changed", running));
    const state = await screen.findByText("3 of 8 tenants");
    await user.click(state);
    await user.click(await screen.findByRole("button", { name: "Details of Brightwater Dental Group" }));
    expect(screen.getByText("500 of about 1,000")).toBeInTheDocument();
    expect(screen.getByText(/about 40 s left/)).toBeInTheDocument();
    const [cancel] = screen.getAllByRole("button", { name: "Cancel" });
    if (cancel) await user.click(cancel);
    await waitFor(() => expect(asked("sync_cancel")).toEqual([{ tenant: null }]));
  });

  it("measures progress by what was read, and knows when there is trouble", () => {
    expect(syncShare(running)).toBeCloseTo(0.75);
    expect(syncShare({ ...running, tenants: [] })).toBeCloseTo(3 / 8);
    expect(syncTrouble(endedAs("failed"))).toBe("Brightwater Dental Group could not be synced");
    expect(syncTrouble(running)).toBeNull();
  });

  it("says of a tenant that was read only in part that it was", () => {
    expect(syncTrouble(endedAs("done", "partly"))).toBe("Brightwater Dental Group was read only in part");
    expect(syncTrouble(endedAs("partly", "partly"))).toBe("2 tenants were read only in part");
    expect(syncTrouble(endedAs("partly", "failed"))).toBe("Brightwater Dental Group could not be synced");
    expect(syncTrouble(endedAs("done"))).toBeNull();
  });

  it("says when it last synced only if everything could be read", async () => {
    openWindow("/tenants", (fixtures) => {
      fixtures.tenants = fixtures.tenants.slice(0, 2);
    });
    await waitFor(() => expect(screen.getByTestId("sync-state")).toHaveTextContent(/^Synced \d+ min ago$/));
    await act(() => emit("sync-changed", endedAs("partly")));
    await waitFor(() =>
      expect(screen.getByTestId("sync-state")).toHaveTextContent(/^Brightwater Dental Group was read only in part$/),
    );
    await act(() => emit("sync-changed", endedAs("cancelled")));
    await waitFor(() => expect(screen.getByTestId("sync-state")).toHaveTextContent(/^Sync cancelled$/));
  });

  it("stays with what an event said when an older answer comes after it", async () => {
    let answer: (() => void) | undefined;
    const { fixtures } = openWindow("/tenants", (fixtures) => {
      answer = hold(fixtures, "sync_state");
    });
    await screen.findByRole("row", { name: /Brightwater/ });
    await act(() => emit("sync-changed", running));
    await screen.findByText("3 of 8 tenants");
    answer?.();
    // Once a later question is answered, the held one is too.
    await act(() => emit("data-changed", { tenant: null }));
    const before = fixtures.asked.length;
    await waitFor(() => expect(fixtures.asked.length).toBeGreaterThan(before));
    await act(() => new Promise((resolve) => setTimeout(resolve, 0)));
    expect(screen.getByTestId("sync-state")).toHaveTextContent("3 of 8 tenants");
  });

  it("knows after a start what the last sync left unread, although no sync has told yet", async () => {
    const { user, history } = openWindow("/tenants");
    await waitFor(() => expect(screen.getByTestId("sync-state")).toHaveTextContent(/^3 tenants are not read whole$/));
    await user.click(screen.getByTestId("sync-state"));
    const unread = await screen.findByRole("list", { name: "Not read whole" });
    expect(unread).toHaveTextContent("Consent was withdrawn: nothing is read any more.");
    await user.click(within(unread).getByRole("link", { name: "Fjordlys Energi" }));
    await waitFor(() => expect(history.location.pathname).toMatch(/^\/tenants\//));
  });

  it("does not claim a sync where none has ever read anything", async () => {
    openWindow("/tenants", (fixtures) => {
      fixtures.tenants = [];
    });
    await waitFor(() => expect(screen.getByTestId("sync-state")).toHaveTextContent("Not synced yet"));
  });

  it("finds tenants, users and actions from anywhere with Ctrl K", async () => {
    const { user, history } = openWindow("/");
    await screen.findByRole("region", { name: "Open alerts" });
    await user.keyboard("{Control>}k{/Control}");
    await user.type(await screen.findByRole("combobox", { name: "Search" }), "halcyon");
    expect((await screen.findAllByRole("option", { name: /Halcyon Legal LLP/ }))[0]).toHaveAttribute(
      "aria-selected",
      "true",
    );
    await user.keyboard("{Enter}");
    await waitFor(() => expect(history.location.pathname).toMatch(/^\/tenants\//));
  });

  it("lists the keys with ?, and / goes to the list's filter", async () => {
    const { user } = openWindow("/tenants");
    await screen.findByRole("row", { name: /Brightwater/ });
    await user.keyboard("/");
    expect(screen.getByRole("searchbox", { name: "Filter by name or domain" })).toHaveFocus();
    await user.keyboard("?");
    expect(screen.queryByRole("heading", { name: "Keys" })).toBeNull();
    act(() => (document.activeElement as HTMLElement).blur());
    await user.keyboard("?");
    expect(await findDialog("Keys")).toBeInTheDocument();
  });

  it("offers to simulate in a demo fleet only, and tells what happened", async () => {
    const { user, asked, unmount } = openWindow("/");
    await user.click(await screen.findByRole("button", { name: "Simulate" }));
    await user.click(await screen.findByRole("menuitem", { name: "A break-glass account signs in" }));
    await waitFor(() => expect(asked("simulate")).toEqual([{ event: "breakGlassSignIn" }]));
    expect((await screen.findAllByText(/happened at Brightwater/)).length).toBeGreaterThan(0);
    unmount();
    openWindow("/", (fixtures) => {
      fixtures.status.demo = false;
    });
    await screen.findByRole("region", { name: "Open alerts" });
    expect(screen.queryByRole("button", { name: "Simulate" })).toBeNull();
  });

  it("reads again what an event says is stale", async () => {
    const { fixtures, asked } = openWindow("/");
    await screen.findByRole("region", { name: "Open alerts" });
    fixtures.alerts = [];
    const before = asked("dashboard").length;
    await act(() => emit("data-changed", { tenant: id }));
    expect(await screen.findByText("No alert is open")).toBeInTheDocument();
    expect(asked("dashboard").length).toBe(before + 1);
  });

  it("shows a toast that the shell sends", async () => {
    openWindow("/");
    await screen.findByRole("region", { name: "Open alerts" });
    await act(() => emit("toast", { title: "Gatehouse keeps watching", body: "It is in the tray." }));
    expect((await screen.findAllByText("Gatehouse keeps watching")).length).toBeGreaterThan(0);
  });

  it("follows the theme that was chosen", async () => {
    const { container } = openWindow("/", (fixtures) => {
      fixtures.status.theme = "highContrast";
    });
    await screen.findByRole("region", { name: "Open alerts" });
    expect(container.querySelector("[data-look]")).toHaveAttribute("data-look", "highContrast");
  });
});
