import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { groupId } from "../fixtures/access";
import type { Fixtures } from "../fixtures/backend";
import { guid } from "../fixtures/clock";
import { findDialog, openWindow } from "../test/window";

const BRIGHTWATER = guid(1, 0);
const page = `/tenants/${BRIGHTWATER}/time-bound-access`;
const rows = () => screen.getAllByRole("row").map((row) => row.getAttribute("aria-label") ?? "");
const listed = () => waitFor(() => expect(rows().length).toBeGreaterThan(3));
const writing = (fixtures: Fixtures) => {
  fixtures.tenants = fixtures.tenants.map((tenant, index) => (index === 0 ? { ...tenant, writes: true } : tenant));
};

describe("time-bound access", () => {
  it("begins with who is past the end, and what is over comes last", async () => {
    openWindow(page, writing);
    await listed();
    expect(rows()[0]).toMatch(/^Expired: .+ in CA-Exclude-MFA, until /);
    expect(rows().at(-1)).toMatch(/^Removed/);
    expect(screen.getByTestId("facts")).toHaveTextContent(
      "2 people let through for a time, 1 request waits for approval, ends are on the customer's clock (Europe/London)",
    );
    expect(screen.getByTestId("expired")).toHaveTextContent("2 users are past the end and still in their groups.");
  });

  it("syncs the expired ones on purpose: who first, then what came of each", async () => {
    const { user, asked } = openWindow(page, writing);
    await user.click(await screen.findByRole("button", { name: "Sync 2 expired to Entra" }));
    const dialog = await findDialog("Take 2 users out of their groups?");
    expect(within(dialog).getAllByRole("row", { hidden: true })).toHaveLength(3);
    expect(asked("access_sync_expired")).toEqual([]);
    await user.click(within(dialog).getByRole("button", { name: "Sync 2 users to Entra", hidden: true }));
    const result = await findDialog("Result");
    expect(asked("access_sync_expired")).toEqual([{ tenant: BRIGHTWATER }]);
    expect(result).toHaveTextContent("1 of 2 users are out of their groups.");
    expect(result).toHaveTextContent("Removed");
    expect(result).toHaveTextContent(/Refused.+may not write members of this group/);
    await user.click(within(result).getByRole("button", { name: "Close", hidden: true }));
    await waitFor(() => expect(screen.getByTestId("expired")).toHaveTextContent("1 user is past the end"));
  });

  it("can be narrowed to what waits, and opens one with its history and its buttons", async () => {
    const { user, history, asked } = openWindow(`${page}?state=requested`, writing);
    await waitFor(() => expect(rows()).toHaveLength(1));
    const [row] = screen.getAllByRole("row");
    if (!row) throw new Error("no row");
    await user.click(row);
    await waitFor(() => expect(history.location.search).toContain("open=5"));
    const panel = await screen.findByRole("group", { name: "State" });
    await user.click(within(panel).getByRole("button", { name: "Approve" }));
    const dialog = await findDialog(/^Put .+ into CA-Exclude-MFA\?$/);
    expect(dialog).toHaveTextContent("is not asked for MFA by CA002 MFA for everybody");
    await user.click(within(dialog).getByRole("button", { name: "Approve", hidden: true }));
    await waitFor(() => expect(asked("access_approve")).toEqual([{ id: 5, revision: 1, takeOver: false }]));
    await waitFor(() => expect(screen.queryByText("Requested by")).toBeNull());
  });

  it("says why nothing can be written, and offers nothing that cannot be done", async () => {
    openWindow(`${page}?open=1`);
    await screen.findByText(/Writing is turned off for this tenant/, { selector: "li *" });
    expect(screen.getByRole("button", { name: "Take out now" })).toBeDisabled();
    expect(screen.getByRole("button", { name: "Extend" })).toBeEnabled();
  });

  it("points to an exclusion group that nobody tracks, and gives its members an end", async () => {
    const { user, history } = openWindow(page, writing);
    const region = await screen.findByRole("region", { name: "Nobody tracks these" });
    expect(region).toHaveTextContent("4 people are excluded from MFA with no end.");
    await user.click(within(region).getByRole("button", { name: "Show 4 people" }));
    const [first] = within(region).getAllByRole("button", { name: /^Give .+ an end$/ });
    if (!first) throw new Error("nobody");
    await user.click(first);
    await waitFor(() => expect(history.location.pathname).toBe(`${page}/new`));
    expect(history.location.search).toContain(`group=${groupId(0)}`);
    await screen.findByRole("checkbox", { name: /in the group already: take them out at the end/ });
  });

  it("is asked for with person and group prefilled from a sign-in, and says what it means", async () => {
    const { user, history, asked } = openWindow(
      `${page}/new?user=${guid(100, 9)}&group=${groupId(0)}&signIn=sign-in-7`,
      writing,
    );
    const region = await screen.findByRole("region", { name: "What it means" });
    await within(region).findByText(/^While in CA-Exclude-MFA, .+ is not asked for MFA/);
    expect(screen.getByRole("button", { name: "Request" })).toBeDisabled();
    await user.type(screen.getByRole("textbox", { name: /^Why/ }), "Key is on its way");
    await user.click(screen.getByRole("radio", { name: "3 days" }));
    await waitFor(() => expect(screen.getByRole("button", { name: "Request" })).toBeEnabled());
    await user.click(screen.getByRole("button", { name: "Request" }));
    await waitFor(() => expect(history.location.search).toContain("open=7"));
    expect(asked("access_request")).toMatchObject([
      {
        input: {
          reason: "Key is on its way",
          signIn: "sign-in-7",
          takeOver: false,
          end: { how: "preset", preset: "threeDays" },
        },
      },
    ]);
  });

  it("can be asked for by the policy: its one group is taken", async () => {
    const { user, history } = openWindow(`${page}/new?user=${guid(100, 9)}`, writing);
    await user.click(await screen.findByRole("combobox", { name: /Exempt from the policy/ }));
    await user.click((await screen.findAllByRole("option"))[0] as HTMLElement);
    await waitFor(() => expect(history.location.search).toContain("policy="));
    await user.click(screen.getByRole("combobox", { name: /Exclusion group/ }));
    const groups = (await screen.findAllByRole("option")).map((each) => each.textContent ?? "");
    expect(groups.some((each) => each.includes("CA-Exclude-MFA"))).toBe(true);
    expect(groups.some((each) => each.includes("Only policies that are off"))).toBe(false);
  });

  it("cannot be asked for with an end in the past, nor for a group whose members a rule decides", async () => {
    const { user } = openWindow(`${page}/new?user=${guid(100, 9)}&group=${groupId(0)}`, writing);
    await user.click(await screen.findByRole("radio", { name: "Date and time" }));
    const field = screen.getByLabelText("Date and time", { selector: "input[type=datetime-local]" });
    await user.clear(field);
    await user.type(field, "2020-01-01T10:00");
    await screen.findByText(/The end is in the past/);
    await user.type(screen.getByRole("textbox", { name: /^Why/ }), "x");
    expect(screen.getByRole("button", { name: "Request" })).toBeDisabled();
    await user.click(screen.getByRole("combobox", { name: /Exclusion group/ }));
    expect(await screen.findByRole("option", { name: /All Staff/ })).toHaveAttribute("aria-disabled", "true");
  });

  it("is designed where there is none", async () => {
    openWindow(page, (fixtures) => {
      fixtures.access = [];
    });
    await screen.findByRole("heading", { name: "Nobody has time-bound access" });
  });

  it("stands on the dashboard when it ends within two days or has ended", async () => {
    openWindow("/");
    const card = await screen.findByRole("region", { name: "Time-bound access that ends within 48 h" });
    expect(within(card).getAllByRole("listitem")).toHaveLength(3);
    expect(card).toHaveTextContent("Expired");
    expect(card).toHaveTextContent("Ends soon");
  });
});
