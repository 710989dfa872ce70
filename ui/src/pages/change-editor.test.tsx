import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { guid } from "../fixtures/clock";
import { findDialog, openWindow } from "../test/window";

const BRIGHTWATER = guid(1, 0);
const POLICY = guid(500, 0);
/** At once: letter by letter is the web view's affair. */
const write = (label: RegExp, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });
const page = `/tenants/${BRIGHTWATER}/changes/new`;
// The form is large: fields are looked up by their place in it, because naming all of them for every question takes most of a test's time.
const json = () => screen.findByTestId<HTMLTextAreaElement>("json", {}, { timeout: 15_000 });
const words = () => screen.getByTestId<HTMLFieldSetElement>("words");
const section = (name: string) => {
  const found = words().querySelector<HTMLElement>(`section[aria-label="${name}"]`);
  if (!found) throw new Error(`The form has no part “${name}”`);
  return within(found);
};
const choose = (part: string, label: string) => fireEvent.click(section(part).getByText(label));
const nameField = () => words().querySelector<HTMLInputElement>("input");

describe("the editor", () => {
  it("keeps words and JSON in step, both ways, with what the form does not know", async () => {
    openWindow(`${page}?do=edit&policy=${POLICY}`);
    const text = await json();
    expect(nameField()).toHaveValue("CA001 Require MFA for all users");
    expect(await section("Except").findByText("Break-glass accounts")).toBeInTheDocument();

    // Words lead, the JSON follows.
    choose("Controls", "A compliant device");
    expect(JSON.parse(text.value).grantControls.builtInControls).toEqual(["mfa", "compliantDevice"]);
    choose("Controls", "All of them");
    expect(JSON.parse(text.value).grantControls.operator).toBe("AND");

    // The JSON leads, the words follow, and a field that no form knows is named and kept.
    const typed = JSON.parse(text.value);
    typed.displayName = "CA001 by hand";
    typed.conditions.agentIdRiskLevels = "high";
    fireEvent.change(text, { target: { value: JSON.stringify(typed) } });
    expect(nameField()).toHaveValue("CA001 by hand");
    expect(words()).toHaveTextContent(
      "1 other setting, see JSON: conditions.agentIdRiskLevels. They stay as they are.",
    );
    choose("Controls", "Block");
    const after = JSON.parse(text.value);
    expect(after.grantControls.builtInControls).toEqual(["block"]);
    expect(after.conditions.agentIdRiskLevels).toBe("high");
    expect(Object.keys(after)).toEqual(Object.keys(typed));
  });

  it("names the line of a mistake, loses nothing of what was typed, and holds the words still meanwhile", async () => {
    const { asked } = openWindow(`${page}?do=edit&policy=${POLICY}`);
    const text = await json();
    const broken = text.value.replace('"displayName":', '"displayName"');
    fireEvent.change(text, { target: { value: broken } });
    expect(
      await screen.findByText(/^Line 3, column \d+: A colon is missing after “displayName”\.$/),
    ).toBeInTheDocument();
    expect(text.value).toBe(broken);
    expect(words()).toBeDisabled();
    expect(screen.getByText("Save draft")).toBeDisabled();
    expect(screen.getByText("The JSON cannot be read; correct it first.")).toBeInTheDocument();
    fireEvent.click(screen.getByText("Back to what could be read"));
    expect(JSON.parse(text.value).displayName).toBe("CA001 Require MFA for all users");
    expect(asked("change_new")).toEqual([]);
  });

  it("shows what it changes in words while it is written", async () => {
    openWindow(`${page}?do=edit&policy=${POLICY}`);
    await json();
    choose("Controls", "A compliant device");
    expect(await screen.findByText('["mfa","compliantDevice"]', {}, { timeout: 15_000 })).toBeInTheDocument();
  });

  it("saves with a reason, and a ticket of the tenant's pattern, and keeps where it began", async () => {
    const { asked, history } = openWindow(`${page}?do=state&policy=${POLICY}&state=disabled`, (fixtures) => {
      const [tenant] = fixtures.tenants;
      if (tenant) tenant.ticketPattern = "T-\\d+";
    });
    const save = await screen.findByText("Save draft", {}, { timeout: 15_000 });
    expect(save).toBeDisabled();
    expect(screen.getByText(/^Say why/)).toBeInTheDocument();
    write(/^Reason/, "Asked by the customer");
    expect(await screen.findByText("This tenant demands a ticket number that looks like T-\\d+.")).toBeInTheDocument();
    write(/^Ticket/, "T-77");
    await waitFor(() => expect(save).toBeEnabled());
    fireEvent.click(save);
    await waitFor(() => expect(history.location.pathname).toBe("/changes/6"));
    expect(asked("change_new")[0]).toMatchObject({
      input: {
        tenant: BRIGHTWATER,
        reason: "Asked by the customer",
        ticket: "T-77",
        draft: { what: "policyState", policy: POLICY, state: "disabled" },
        origin: { kind: "policy", label: "Policy: CA001 Require MFA for all users" },
      },
    });
  });

  it("asks before what was typed is lost, and never where nothing was", async () => {
    const { user, history } = openWindow(`${page}?do=state&policy=${POLICY}&state=disabled`);
    await screen.findByText("Save draft", {}, { timeout: 15_000 });
    write(/^Reason/, "Asked by the customer");
    history.push("/audit");
    const asking = await findDialog("Leave without saving?");
    await user.click(within(asking).getByRole("button", { name: "Stay" }));
    expect(history.location.pathname).toContain("/changes/new");
    expect(screen.getByRole("textbox", { name: /^Reason/ })).toHaveValue("Asked by the customer");
    history.push("/audit");
    await user.click(within(await findDialog("Leave without saving?")).getByRole("button", { name: "Leave" }));
    await waitFor(() => expect(history.location.pathname).toBe("/audit"));
    history.push(`${page}?do=state&policy=${POLICY}&state=disabled`);
    await screen.findByText("Save draft", {}, { timeout: 15_000 });
    history.push("/audit");
    await waitFor(() => expect(history.location.pathname).toBe("/audit"));
  });

  it("picks groups by name and people by typing", async () => {
    const { user } = openWindow(`${page}?do=create`);
    const text = await json();
    const groups = section("Except").getByLabelText("Excluded groups");
    await user.click(groups);
    fireEvent.change(groups, { target: { value: "trav" } });
    fireEvent.click(await screen.findByText("Travellers"));
    expect(JSON.parse(text.value).conditions.users.excludeGroups).toEqual([guid(600, 4)]);
    fireEvent.click(section("Except").getByText("Travellers"));
    expect(JSON.parse(text.value).conditions.users.excludeGroups).toEqual([]);
    choose("People", "Everybody");
    expect(JSON.parse(text.value).conditions.users.includeUsers).toEqual(["All"]);
    expect(section("People").queryByText("Users")).toBeNull();
  });

  it("begins from scratch with what to do and what about", async () => {
    const { user, asked, history } = openWindow(page);
    await user.click(await screen.findByRole("button", { name: /^Turn a policy on, off or to report-only/ }));
    await waitFor(() => expect(history.location.search).toBe("?do=state"));
    const pick = await screen.findByRole("combobox", { name: /^Policy/ });
    await user.click(pick);
    await user.click(await screen.findByRole("option", { name: /^CA002 Block legacy/ }));
    await user.click(await screen.findByRole("radio", { name: "Report-only" }));
    write(/^Reason/, "Too many refused");
    write(/^Ticket/, "T-1");
    await user.click(screen.getByRole("button", { name: "Save draft" }));
    await waitFor(() =>
      expect(asked("change_new")[0]).toMatchObject({
        input: { draft: { what: "policyState", state: "enabledForReportingButNotEnforced" } },
      }),
    );
  });

  it("begins with what Gatehouse proposes for a gap, or says why it proposes nothing", async () => {
    const { user, asked } = openWindow(`/tenants/${BRIGHTWATER}/drift?open=mfa-admins`);
    await user.click(await screen.findByText("Propose change", {}, { timeout: 15_000 }));
    expect(await screen.findByText(/It takes the group VIP out of the exclusions/)).toBeInTheDocument();
    expect(asked("change_propose")).toEqual([
      { tenant: BRIGHTWATER, origin: { kind: "drift", control: "mfa-admins" } },
    ]);
    expect(screen.getByLabelText(/^Reason/)).toHaveValue("Drift: Admins need MFA for every application");
  });

  it("says why nothing can be proposed, with the way on", async () => {
    const { user, history } = openWindow(`${page}?control=breakglass-excluded`);
    expect(await screen.findByText("Nothing can be proposed here")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Start from scratch" }));
    await waitFor(() => expect(history.location.search).toBe(""));
  });

  it("edits a draft again, naming the revision it saw", async () => {
    const { user, asked } = openWindow("/changes/2/edit");
    await json();
    write(/^Reason/, "Better so");
    write(/^Ticket/, "T-2");
    await user.click(screen.getByRole("button", { name: "Save draft" }));
    await waitFor(() =>
      expect(asked("change_edit")[0]).toMatchObject({
        id: 2,
        revision: 1,
        input: { reason: "Better so", ticket: "T-2" },
      }),
    );
  });

  it("writes a location in words: a range that stays keeps its object", async () => {
    const { user } = openWindow(`${page}?do=editLocation&location=${guid(610, 1)}`);
    const ranges = await screen.findByLabelText(/^IP ranges/);
    await user.type(ranges, "{Enter}2001:db8::/48");
    const text = screen.getByLabelText<HTMLTextAreaElement>("The location as JSON");
    expect(JSON.parse(text.value).ipRanges).toEqual([
      { "@odata.type": "#microsoft.graph.iPv4CidrRange", cidrAddress: "203.0.113.0/24" },
      { "@odata.type": "#microsoft.graph.iPv6CidrRange", cidrAddress: "2001:db8::/48" },
    ]);
  });

  it("restores an older version from the policy's history", async () => {
    const { user, history } = openWindow(`/tenants/${BRIGHTWATER}/policies/${guid(500, 2)}`);
    await user.click(await screen.findByRole("button", { name: "Restore version 1" }));
    await waitFor(() => expect(history.location.search).toContain("do=restore"));
    expect(await screen.findByRole("radio", { name: /^Version 1,/ })).toBeChecked();
    expect(screen.getByRole("radio", { name: /\(now\)$/ })).toBeDisabled();
  });
});
