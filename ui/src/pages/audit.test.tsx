import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { guid } from "../fixtures/clock";
import { openWindow } from "../test/window";

const rows = () => screen.getAllByRole("row").map((row) => row.getAttribute("aria-label") ?? "");
const listed = () => waitFor(() => expect(rows().length).toBeGreaterThan(0));

describe("the audit log", () => {
  it("tells who did what to whom, newest first", async () => {
    const { asked } = openWindow("/audit");
    await listed();
    expect(asked("audit_list")[0]).toMatchObject({ filter: { window: { sort: "at", descending: true } } });
    expect(rows()[0]).toBe(
      "Alert acknowledged: Noah Okafor was added to Break-glass accounts, by Robin Vance, Brightwater Dental Group",
    );
  });

  it("opens an entry with its note and its hash", async () => {
    const { user } = openWindow("/audit");
    await user.click(await screen.findByRole("row", { name: /^Alert acknowledged/ }));
    const panel = await screen.findByRole("dialog");
    expect(panel).toHaveTextContent("Planned by the customer, ticket 4821");
    expect(panel).toHaveTextContent("9f2c4e1b7a");
  });

  it("verifies the chain and says that it is whole", async () => {
    const { user, asked } = openWindow("/audit");
    await user.click(await screen.findByRole("button", { name: "Verify the chain" }));
    expect(await screen.findByText("The log is whole.")).toBeInTheDocument();
    expect(asked("audit_verify")).toHaveLength(1);
  });

  it("keeps one customer and words in the address", async () => {
    const { user, history } = openWindow(`/audit?tenant=${guid(1, 0)}`);
    await screen.findByRole("button", { name: "Remove filter Brightwater Dental Group" });
    await waitFor(() => expect(rows()).toHaveLength(2));
    await user.type(screen.getByRole("searchbox"), "connected");
    await waitFor(() => expect(rows()).toHaveLength(1));
    expect(history.location.search).toBe(`?tenant=${guid(1, 0)}&text=connected`);
  });

  it("exports every row, also where the list is filtered", async () => {
    const { user, asked } = openWindow("/audit?text=connected");
    await listed();
    await user.click(screen.getByRole("button", { name: /Export/ }));
    await waitFor(() => expect(asked("audit_export")).toEqual([{ path: "/home/robin/Documents/export.csv" }]));
    expect((await screen.findAllByText("Exported 3 entries")).length).toBeGreaterThan(0);
  });
});
