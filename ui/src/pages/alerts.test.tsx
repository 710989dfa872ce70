import { emit } from "@tauri-apps/api/event";
import { act, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { findDialog, openWindow } from "../test/window";

const rows = () => screen.getAllByRole("row").map((row) => row.getAttribute("aria-label") ?? "");

describe("the alert inbox", () => {
  it("shows open alerts by severity, critical first, each with its customer", async () => {
    openWindow("/alerts");
    await screen.findByRole("row", { name: /Break-glass account bg-admin-01/ });
    expect(rows()[0]).toMatch(/^Critical: .*Open$/);
    expect(rows().some((row) => row.includes("Acknowledged"))).toBe(false);
    expect(rows()[0]).toMatch(/Brightwater Dental Group|Νότος|Kestrel/);
    expect(screen.getByTestId("facts")).toHaveTextContent("10 alerts open, 3 critical");
    expect(screen.getByTestId("shown")).toHaveTextContent("10 of 13 alerts");
  });

  it("keeps its filters in the address", async () => {
    const { history, user } = openWindow("/alerts?severity=high");
    await screen.findByRole("row", { name: /Chloé Dubois/ });
    expect(rows().every((row) => row.startsWith("High"))).toBe(true);
    await user.type(screen.getByRole("searchbox", { name: "Filter by words or tenant" }), "legacy");
    await waitFor(() => expect(history.location.search).toBe("?severity=high&text=legacy"));
    await waitFor(() => expect(rows()).toHaveLength(1));
    await user.click(screen.getByRole("button", { name: "Remove filter High" }));
    await waitFor(() => expect(history.location.search).toBe("?text=legacy"));
  });

  it("acknowledges several at once from the action bar", async () => {
    const { user, asked } = openWindow("/alerts");
    await user.click(await screen.findByRole("checkbox", { name: /^Select Critical: Break-glass account/ }));
    await user.click(screen.getByRole("checkbox", { name: /^Select High: Chloé Dubois/ }));
    await user.click(within(screen.getByRole("toolbar")).getByRole("button", { name: "Acknowledge" }));
    await user.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Acknowledge" }));
    await waitFor(() => expect(asked("alerts_acknowledge")).toEqual([{ ids: [1, 5], note: null }]));
    await waitFor(() => expect(screen.queryByRole("row", { name: /Break-glass account bg-admin-01/ })).toBeNull());
  });

  it("never moves the rows under the pointer: newer alerts wait until they are asked for", async () => {
    const { user, fixtures } = openWindow("/alerts");
    const row = await screen.findByRole("row", { name: /Break-glass account bg-admin-01/ });
    await user.hover(row);
    const [first] = fixtures.alerts;
    if (!first) throw new Error("no alert");
    fixtures.alerts = [
      { ...first, row: { ...first.row, id: 99, title: "A second break-glass account signed in" } },
      ...fixtures.alerts,
    ];
    await act(() => emit("data-changed", { tenant: first.row.tenant.id }));
    const show = await screen.findByRole("button", { name: "1 new, show" });
    expect(screen.queryByRole("row", { name: /A second break-glass/ })).toBeNull();
    await user.click(show);
    expect(await screen.findByRole("row", { name: /A second break-glass/ })).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "1 new, show" })).toBeNull();
  });

  it("takes newer alerts at once while nobody points at the list", async () => {
    const { fixtures } = openWindow("/alerts");
    await screen.findByRole("row", { name: /Break-glass account bg-admin-01/ });
    fixtures.alerts = fixtures.alerts.filter((alert) => alert.row.id !== 1);
    await act(() => emit("data-changed", { tenant: null }));
    await waitFor(() => expect(screen.queryByRole("row", { name: /Break-glass account bg-admin-01/ })).toBeNull());
  });

  it("is quiet, and says when it last looked, when nothing is open", async () => {
    openWindow("/alerts", (fixtures) => {
      fixtures.alerts = fixtures.alerts.filter((alert) => alert.row.state !== "open");
      fixtures.tenants = fixtures.tenants.slice(0, 2);
    });
    expect(await screen.findByText("All quiet")).toBeInTheDocument();
    expect(screen.getByText(/No alert is open/)).toHaveTextContent("Last checked");
  });

  it("exports exactly what is shown", async () => {
    const { user, asked } = openWindow("/alerts?severity=critical");
    await screen.findByRole("row", { name: /bg-admin-01/ });
    await user.click(screen.getByRole("button", { name: "Export" }));
    await waitFor(() => expect(asked("alerts_export")).toHaveLength(1));
    expect(asked("alerts_export")[0]).toMatchObject({
      filter: { states: ["open"], severities: ["critical"] },
      path: "/home/robin/Documents/export.csv",
    });
    expect((await screen.findAllByText("Exported 3 alerts")).length).toBeGreaterThan(0);
  });
});

describe("one alert", () => {
  it("tells the story, the change in words and the steps to take", async () => {
    openWindow("/alerts/2");
    expect(
      await screen.findByRole("heading", {
        level: 1,
        name: "CA003 Require compliant device was weakened by Sven Lindqvist",
      }),
    ).toBeInTheDocument();
    const changed = screen.getByRole("table", { name: "Changed fields" });
    expect(within(changed).getByRole("row", { name: /Excluded groups/ })).toHaveTextContent(
      "Break-glass accounts, VIP",
    );
    expect(within(changed).getAllByText("Weakens")).toHaveLength(2);
    expect(within(screen.getByRole("region", { name: "What to do" })).getAllByRole("listitem")).toHaveLength(4);
  });

  it("is acknowledged with a note, and the history tells by whom", async () => {
    const { user, asked } = openWindow("/alerts/1");
    await user.click(await screen.findByRole("button", { name: "Acknowledge" }));
    const dialog = await screen.findByRole("dialog");
    await user.type(within(dialog).getByRole("textbox"), "Called Amelia, she tested it");
    await user.click(within(dialog).getByRole("button", { name: "Acknowledge" }));
    await waitFor(() =>
      expect(asked("alerts_acknowledge")).toEqual([{ ids: [1], note: "Called Amelia, she tested it" }]),
    );
    const history = screen.getByRole("region", { name: "History" });
    expect(await within(history).findByText(/Acknowledged/)).toHaveTextContent("by Robin Vance");
    expect(await screen.findByRole("button", { name: "Reopen" })).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Acknowledge" })).toBeNull();
  });

  it("cannot be resolved or muted without saying why", async () => {
    const { user, asked } = openWindow("/alerts/1");
    await user.click(await screen.findByRole("button", { name: "Resolve" }));
    expect(within(await screen.findByRole("dialog")).getByRole("button", { name: "Resolve" })).toBeDisabled();
    await user.click(screen.getByRole("button", { name: "Cancel" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    await user.click(screen.getByRole("button", { name: "Mute until" }));
    const mute = await findDialog("Mute the alert");
    await user.type(within(mute).getByRole("textbox", { name: /Reason/ }), "Known copier");
    await user.click(within(mute).getByRole("button", { name: "Mute" }));
    await waitFor(() => expect(asked("alerts_mute")[0]).toMatchObject({ ids: [1], reason: "Known copier" }));
  });

  it("keeps the note when acknowledging fails, and says what to do", async () => {
    const { user } = openWindow("/alerts/1", (fixtures) =>
      fixtures.failing.set("alerts_acknowledge", {
        code: "store.read_only",
        what: "The database cannot be written",
        nextStep: "Check the folder's permissions",
        details: null,
      }),
    );
    await user.click(await screen.findByRole("button", { name: "Acknowledge" }));
    const dialog = await screen.findByRole("dialog");
    await user.type(within(dialog).getByRole("textbox"), "Called");
    await user.click(within(dialog).getByRole("button", { name: "Acknowledge" }));
    expect((await screen.findAllByText("The database cannot be written.")).length).toBeGreaterThan(0);
    expect(within(dialog).getByRole("textbox")).toHaveValue("Called");
  });

  it("shows markup from a tenant as text", async () => {
    const { container } = openWindow("/alerts/13");
    expect(await screen.findByRole("heading", { level: 1 })).toHaveTextContent(
      "Break-glass drill: <b>bg-admin-02</b> signed in as planned",
    );
    expect(container.querySelector("b")).toBeNull();
  });

  it("says so when it does not exist", async () => {
    openWindow("/alerts/999");
    expect(await screen.findByRole("alert")).toHaveTextContent("There is no such alert.");
    expect(screen.getByRole("button", { name: "All alerts" })).toBeInTheDocument();
  });

  it("is opened by a notification's click, also when that came before the window listened", async () => {
    const { history } = openWindow("/", (fixtures) => {
      fixtures.pendingRoute = "/alerts/3";
    });
    await waitFor(() => expect(history.location.pathname).toBe("/alerts/3"));
    await screen.findByRole("heading", { level: 1, name: /Global Administrator and has no MFA/ });
    await act(() => emit("open-route", { route: "/alerts/2" }));
    await waitFor(() => expect(history.location.pathname).toBe("/alerts/2"));
  });
});
