import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { openWindow } from "../test/window";

const rows = () =>
  within(screen.getByRole("grid"))
    .getAllByRole("row")
    .map((row) => row.getAttribute("aria-label") ?? "");
const listed = () => waitFor(() => expect(rows().length).toBeGreaterThan(0));

describe("MFA of the fleet", () => {
  it("shows every customer with its bar and its trend, the least protected first, and unknown apart", async () => {
    openWindow("/mfa");
    await listed();
    expect(rows()).toHaveLength(8);
    expect(rows()[0]).toMatch(/Farrier & Sons|MFA \d+ %/);
    expect(rows().at(-1)).toContain("not readable");
    const people = screen.getByRole("region", { name: "People" });
    expect(people).toHaveTextContent(/have MFA, [\d,]+ of [\d,]+/);
    expect(people).toHaveTextContent("1 customer could not be read and is not in these figures.");
    expect(screen.getByRole("region", { name: "Trend" })).toHaveTextContent(/points more than on/);
  });

  it("says who gets worse on a click, and leads to that customer", async () => {
    const { user, history } = openWindow("/mfa");
    await listed();
    const look = screen.getByRole("region", { name: "Where to look" });
    await user.click(within(look).getByRole("button", { name: /Get worse/ }));
    await waitFor(() => expect(history.location.search).toBe("?show=worse"));
    await waitFor(() => expect(rows()).toHaveLength(1));
    expect(rows()[0]).toContain("−3.4 points");
    const [row] = screen.getAllByRole("row");
    if (row) await user.click(row);
    await waitFor(() => expect(history.location.pathname).toMatch(/^\/tenants\/[^/]+\/mfa$/));
  });

  it("looks back a month or a quarter, and keeps it in the address", async () => {
    const { user, history, asked } = openWindow("/mfa");
    await listed();
    await user.click(screen.getByRole("tab", { name: "90 days" }));
    await waitFor(() => expect(history.location.search).toBe("?days=90"));
    await waitFor(() => expect(asked("mfa_fleet").at(-1)).toEqual({ days: 90 }));
  });

  it("leads from the navigation, and says so when no customer is connected", async () => {
    const { user, history } = openWindow("/alerts", (fixtures) => {
      fixtures.tenants = fixtures.tenants.slice(0, 1);
    });
    await user.click(await screen.findByRole("link", { name: "Fleet MFA" }));
    await waitFor(() => expect(history.location.pathname).toBe("/mfa"));
    await listed();
  });
});
