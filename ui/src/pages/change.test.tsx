import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { guid } from "../fixtures/clock";
import { findDialog, openWindow } from "../test/window";

const BRIGHTWATER = guid(1, 0);
const button = (name: string | RegExp) => screen.findByRole("button", { name });

describe("the changes", () => {
  it("of the fleet: what is in work, each with what it waits for; the bar on the left counts those that wait", async () => {
    const { user, history } = openWindow("/changes");
    // The first page of a run has its code to read first.
    expect((await screen.findAllByRole("row", {}, { timeout: 15_000 })).length).toBe(4);
    expect(screen.getByRole("row", { name: /^Waits for approval: Turn CA002/ })).toHaveTextContent(
      "Approval by a second technician",
    );
    expect(await screen.findByLabelText("1 wait for approval")).toBeInTheDocument();
    await user.click(screen.getByRole("tab", { name: "Done" }));
    await waitFor(() => expect(screen.getAllByRole("row").length).toBe(1));
    await user.click(screen.getByRole("row", { name: /^Verified: Set CA005/ }));
    await waitFor(() => expect(history.location.pathname).toBe("/changes/4"));
  });

  it("that wait stand on the dashboard, one click away", async () => {
    const { user, history } = openWindow("/");
    const card = await screen.findByRole("region", { name: "Changes that wait for approval" });
    await user.click(within(card).getByRole("link", { name: /Turn CA002 Block legacy/ }));
    await waitFor(() => expect(history.location.pathname).toBe("/changes/3"));
  });

  it("of a tenant can be begun there, and an empty list says how", async () => {
    const { user, history } = openWindow(`/tenants/${BRIGHTWATER}/changes`, (fixtures) => {
      fixtures.changes = [];
    });
    expect(await screen.findByText("No change is in work")).toBeInTheDocument();
    const [first] = await screen.findAllByRole("button", { name: "New change" });
    if (!first) throw new Error("no button");
    await user.click(first);
    await waitFor(() => expect(history.location.pathname).toBe(`/tenants/${BRIGHTWATER}/changes/new`));
    expect(await screen.findByRole("region", { name: "What shall change?" })).toBeInTheDocument();
  });
});

describe("a change", () => {
  it("is the four stages, each with its state in words", async () => {
    openWindow("/changes/3");
    const stages = within(await screen.findByRole("list", { name: "Stages" })).getAllByRole("listitem");
    expect(stages.map((stage) => stage.textContent)).toEqual([
      expect.stringContaining("DraftDoneDrafted by Ida Berg"),
      expect.stringContaining("Dry runDoneDry run made"),
      expect.stringContaining("ApprovalNowWaits for a second technician"),
      expect.stringContaining("ApplyTo doNot applied"),
    ]);
    expect(stages[2]).toHaveAttribute("aria-current", "step");
  });

  it("that a guard stops cannot be applied, and nothing on the page clears the guard", async () => {
    openWindow("/changes/2");
    const guards = await screen.findByRole("region", { name: "Guards" });
    expect(guards).toHaveTextContent("StopsEmergency 2 could not sign in any more: the policy would block it.");
    expect(within(guards).queryByRole("checkbox")).toBeNull();
    expect(await button("Apply")).toBeDisabled();
    expect(screen.getByRole("list", { name: "Not possible now" })).toHaveTextContent(
      "Apply: A guard forbids it: Emergency 2 could not sign in any more: the policy would block it.",
    );
    expect(await button("Edit the draft")).toBeEnabled();
  });

  it("is applied only after each guard that asks was confirmed, and sends what was confirmed and the revision it saw", async () => {
    const { user, asked } = openWindow("/changes/1");
    const apply = await button("Apply");
    expect(apply).toBeDisabled();
    expect(screen.getByRole("list", { name: "Not possible now" })).toHaveTextContent(
      "Apply, Apply later: 1 guard asks whether it is meant so.",
    );
    await user.click(screen.getByRole("checkbox", { name: /^It is meant so: 3 people of VIP/ }));
    await waitFor(() => expect(apply).toBeEnabled());
    await user.click(apply);
    const dialog = await findDialog("Apply this change?");
    expect(dialog).toHaveTextContent("Brightwater Dental Group: Exclude the group VIP from CA001");
    await user.click(within(dialog).getByRole("button", { name: "Apply" }));
    await waitFor(() =>
      expect(asked("change_apply")).toEqual([{ id: 1, revision: 1, confirmed: ["unprotected.people"] }]),
    );
    const evidence = await screen.findByRole("region", { name: "Evidence" });
    await user.click(within(evidence).getByRole("button", { name: /^1 request to Microsoft Graph/ }));
    expect(await within(evidence).findByText(/^PATCH \/identity/)).toBeInTheDocument();
    expect(within(evidence).getByText("204 No Content")).toBeInTheDocument();
  });

  it("that somebody else moved on is read again, says so, and nothing was done", async () => {
    const { user, fixtures, asked } = openWindow("/changes/1");
    await user.click(await screen.findByRole("checkbox", { name: /^It is meant so/ }));
    const [first] = fixtures.changes;
    if (!first) throw new Error("no change");
    fixtures.changes = fixtures.changes.map((each) =>
      each.row.id === 1 ? { ...each, revision: 7, row: { ...each.row, title: "Edited by Ida meanwhile" } } : each,
    );
    await user.click(await button("Apply"));
    await user.click(within(await findDialog("Apply this change?")).getByRole("button", { name: "Apply" }));
    expect(await screen.findByText("This change moved on.")).toBeInTheDocument();
    expect(await screen.findByRole("heading", { level: 1, name: "Edited by Ida meanwhile" })).toBeInTheDocument();
    // What was confirmed was confirmed for something else.
    await waitFor(() => expect(screen.getByRole("checkbox", { name: /^It is meant so/ })).not.toBeChecked());
    expect(await button("Apply")).toBeDisabled();
    expect(asked("change_apply").length).toBe(1);
  });

  it("opens each number of its dry run into the people, the applications and the sign-ins behind it", async () => {
    const { user, history, asked } = openWindow("/changes/1");
    expect(await screen.findByRole("button", { name: "Newly asked: nobody" })).toBeDisabled();
    await user.click(await button("Newly unprotected: 3 people, 30 sign-ins"));
    await waitFor(() => expect(history.location.search).toBe("?impact=newlyUnprotected"));
    const panel = await screen.findByRole("dialog");
    const people = within(within(panel).getByRole("region", { name: "People" })).getAllByRole("button");
    expect(people.length).toBe(3);
    await waitFor(() => expect(within(panel).getAllByRole("row").length).toBeGreaterThan(10));
    if (!people[0]) throw new Error("nobody");
    await user.click(people[0]);
    await waitFor(() =>
      expect(asked("change_sign_ins").at(-1)).toMatchObject({ filter: { kind: "newlyUnprotected" } }),
    );
    await waitFor(() => expect(within(panel).getAllByRole("row").length).toBe(12));
    expect(within(panel).getAllByRole("row")[0]).toHaveAccessibleName(/Before: granted with MFA. After: granted$/);
  });

  it("whose dry run is too old asks for a new one first", async () => {
    const { user, asked } = openWindow("/changes/1", (fixtures) => {
      const run = fixtures.changes[0]?.dryRun;
      if (run) run.outdated = "The target was changed since";
    });
    expect(await screen.findByText("The dry run is outdated.")).toBeInTheDocument();
    const again = await button("New dry run");
    await user.click(again);
    await waitFor(() => expect(asked("change_dry_run")).toEqual([{ id: 1, revision: 1 }]));
    expect(await screen.findByTestId("validity")).toHaveTextContent(
      /^The dry run is valid until \d\d:\d\d, (29|30) min left/,
    );
  });

  it("is approved by somebody who reads who asked for it", async () => {
    const { user, asked } = openWindow("/changes/3");
    await user.click(await button("Approve"));
    const dialog = await findDialog("Approve this change");
    expect(dialog).toHaveTextContent(
      "Ida Berg asked for it: The board travels this week. You approve it as Robin Vance.",
    );
    await user.click(within(dialog).getByRole("button", { name: "Approve" }));
    await waitFor(() => expect(asked("change_approve")).toEqual([{ id: 3, revision: 1, note: null }]));
    expect(await screen.findByRole("list", { name: "Stages" })).toHaveTextContent("Approved by Robin Vance");
  });

  it("that may not be approved by whoever asked says why in words", async () => {
    openWindow("/changes/3", (fixtures) => {
      const approve = fixtures.changes[2]?.acts.find((each) => each.act === "approve");
      if (approve)
        approve.blocked = {
          code: "rules.same_person",
          what: "Robin Vance asked for this and cannot approve it",
          nextStep: "A second technician has to approve: this tenant demands it.",
          details: null,
        };
    });
    expect(await button("Approve")).toBeDisabled();
    expect(screen.getByRole("list", { name: "Not possible now" })).toHaveTextContent(
      "Approve: Robin Vance asked for this and cannot approve it. A second technician has to approve",
    );
  });

  it("is rolled back after saying what comes back", async () => {
    const { user, asked } = openWindow("/changes/4");
    await user.click(await button("Roll back"));
    const dialog = await findDialog("Roll back this change?");
    expect(within(dialog).getByRole("row", { name: /^Excluded groups/ })).toHaveTextContent(
      "Excluded groupsBreak-glass accounts, VIPBreak-glass accounts Strengthens",
    );
    await user.click(within(dialog).getByRole("button", { name: "Roll back" }));
    await waitFor(() => expect(asked("change_rollback")).toEqual([{ id: 4, revision: 1 }]));
  });

  it("is applied later on the customer's clock, only while Gatehouse runs", async () => {
    const { user, asked } = openWindow("/changes/1", (fixtures) => {
      const [tenant] = fixtures.tenants;
      if (tenant) tenant.timeZone = "Asia/Tokyo";
    });
    await user.click(await screen.findByRole("checkbox", { name: /^It is meant so/ }));
    await user.click(await button("Apply later"));
    const dialog = await findDialog("Apply later");
    expect(dialog).toHaveTextContent("When, on the customer's clock (Asia/Tokyo)");
    expect(dialog).toHaveTextContent("It is applied only while Gatehouse runs");
    await user.click(within(dialog).getByRole("button", { name: "Schedule" }));
    await waitFor(() => expect(asked("change_schedule").length).toBe(1));
    // 22:00 in Tokyo is 13:00 in Greenwich.
    expect(asked("change_schedule")[0]).toMatchObject({ id: 1, at: expect.stringContaining("T13:00:00.000Z") });
    expect(await button("Take the schedule back")).toBeEnabled();
  });

  it("from report-only leads to the change that enforces it", async () => {
    const { user, history } = openWindow("/changes/4");
    await user.click(await button("Enforce"));
    await waitFor(() => expect(history.location.pathname).toBe("/changes/6"));
    expect(await screen.findByRole("heading", { level: 1, name: "Turn it on" })).toBeInTheDocument();
  });

  it("that does not exist leads back to the list", async () => {
    openWindow("/changes/99");
    expect(await button("All changes")).toBeInTheDocument();
  });
});
