import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { guid } from "../fixtures/clock";
import { openWindow } from "../test/window";

const BRIGHTWATER = guid(1, 0);
const NAKHEEL = guid(1, 6);
const page = `/tenants/${BRIGHTWATER}/mfa`;
const list = () => screen.getByRole("grid");
const rows = () =>
  within(list())
    .getAllByRole("row")
    .map((row) => row.getAttribute("aria-label") ?? "");
const listed = () => waitFor(() => expect(rows().length).toBeGreaterThan(0));

describe("a customer's MFA", () => {
  it("says who has MFA, and what is not known, in figures and words", async () => {
    openWindow(page);
    expect(await screen.findByRole("region", { name: "People" })).toHaveTextContent(
      /92 % have MFA, 167 of 182, 6 unknown/,
    );
    expect(screen.getByRole("region", { name: "Admins" })).toHaveTextContent(/have MFA, \d of \d/);
    expect(screen.getByRole("region", { name: "Methods" })).toHaveTextContent(/FIDO2 security key.*Phishing-resistant/);
    expect(screen.getByRole("region", { name: "Trend" })).toHaveTextContent(/points more than on/);
    expect(screen.getByRole("region", { name: "Registered against enforced" })).toHaveTextContent(
      /password alone is enough\d+.*locked out soon\d+/,
    );
  });

  it("says what is registered against what is demanded, and each cell shows whom it counts", async () => {
    const { user, history, asked } = openWindow(page);
    const table = await screen.findByRole("table", { name: /what demands MFA of them/ });
    expect(
      within(table)
        .getAllByRole("columnheader")
        .map((head) => head.textContent),
    ).toEqual(["MFA demanded by", "Conditional Access", "Per-user MFA", "Nothing", "Not known"]);
    await user.click(within(table).getByRole("button", { name: /people, registered, MFA demanded by not enforced/ }));
    await waitFor(() => expect(history.location.search).toBe("?mfa=strong%2Cweak&enforced=notEnforced"));
    await waitFor(() =>
      expect(asked("mfa_list").at(-1)).toMatchObject({
        filter: { buckets: ["strong", "weak"], enforced: ["notEnforced"], classes: ["person"] },
      }),
    );
    await user.click(screen.getByRole("button", { name: /^Enforced, not registered: locked out soon/ }));
    await waitFor(() =>
      expect(asked("mfa_list").at(-1)).toMatchObject({
        filter: { buckets: ["none"], enforced: ["conditionalAccess", "securityDefaults", "perUser"] },
      }),
    );
    await user.click(screen.getByRole("button", { name: /^Enforced, not registered: locked out soon/ }));
    await waitFor(() => expect(history.location.search).toBe(""));
  });

  it("names admins with the way they hold each role", async () => {
    const { user, asked } = openWindow(page);
    const admins = await screen.findByRole("region", { name: "Admins" });
    await user.click(within(admins).getByRole("button", { name: "3 through a group" }));
    await waitFor(() =>
      expect(asked("mfa_list").at(-1)).toMatchObject({ filter: { ways: ["throughGroup"], adminsOnly: true } }),
    );
    expect((await screen.findAllByText(/\((active|eligible), through Tier 0 admins\)/)).length).toBeGreaterThan(0);
  });

  it("says what suits people without a phone, each with the reason in the list", async () => {
    const { user, history } = openWindow(page);
    const card = await screen.findByRole("region", { name: "Without a phone" });
    await user.click(within(card).getByRole("button", { name: /^Windows Hello for Business/ }));
    await waitFor(() => expect(history.location.search).toBe("?suits=windowsHello"));
    expect((await screen.findAllByText(/is there already and costs nothing/)).length).toBeGreaterThan(0);
  });

  it("counts passkey readiness with what is not known apart, and lists the reasons", async () => {
    const { user, asked } = openWindow(page);
    const card = await screen.findByRole("region", { name: "Passkey readiness" });
    expect(within(card).getByRole("img")).toHaveAccessibleName(/Has a passkey \d+.*Not known \d+/);
    await user.click(within(card).getByRole("button", { name: /^Needs a security key/ }));
    await waitFor(() => expect(asked("mfa_list").at(-1)).toMatchObject({ filter: { passkey: ["needsKey"] } }));
    expect(await screen.findByRole("button", { name: "Passkey, sort" })).toBeInTheDocument();
  });

  it("shows a department's people on a click", async () => {
    const { user, asked } = openWindow(page);
    const card = await screen.findByRole("region", { name: "Departments" });
    await user.click(within(card).getByRole("button", { name: "Finance" }));
    await waitFor(() => expect(asked("mfa_list").at(-1)).toMatchObject({ filter: { department: "Finance" } }));
  });

  it("lists people first with admins on top, so that the bar and the list count the same", async () => {
    const { asked } = openWindow(page);
    await listed();
    expect(asked("mfa_list")[0]).toMatchObject({
      filter: { classes: ["person"], window: { sort: "privilegedRoles", descending: true } },
    });
    expect(screen.getByTestId("shown")).toHaveTextContent("188 of 212 accounts");
  });

  it("filters the list by the bucket that is clicked, and keeps it in the address", async () => {
    const { user, history } = openWindow(page);
    await listed();
    const people = screen.getByRole("region", { name: "People" });
    const weak = within(people).getByRole("button", { name: /^Weak/ });
    const number = /\d+/.exec(weak.textContent ?? "")?.[0];
    await user.click(weak);
    await waitFor(() => expect(history.location.search).toBe("?mfa=weak"));
    await waitFor(() => expect(screen.getByTestId("shown")).toHaveTextContent(`${number} of 212 accounts`));
    expect(weak).toHaveAttribute("aria-pressed", "true");
    await user.click(weak);
    await waitFor(() => expect(history.location.search).toBe(""));
  });

  it("shows the stale admins and the accounts that are not counted on a click", async () => {
    const { user, history, asked } = openWindow(page);
    await listed();
    await user.click(screen.getByRole("button", { name: /^Stale/ }));
    await waitFor(() => expect(history.location.search).toBe("?stale=1"));
    await waitFor(() =>
      expect(asked("mfa_list").at(-1)).toMatchObject({ filter: { staleOnly: true, adminsOnly: true } }),
    );
    await waitFor(() => expect(rows().every((row) => row === "Loading" || row.endsWith(", stale"))).toBe(true));
    await user.click(screen.getByRole("button", { name: /guests$/ }));
    await waitFor(() => expect(history.location.search).toBe("?class=guest"));
  });

  it("writes the PDF where the person says, and shows the way to it", async () => {
    const { user, asked } = openWindow(page, (fixtures) => {
      fixtures.chosenFile = "/home/robin/Brightwater.pdf";
    });
    await user.click(await screen.findByRole("button", { name: "Export PDF" }));
    await waitFor(() =>
      expect(asked("report_mfa")).toEqual([{ tenant: BRIGHTWATER, path: "/home/robin/Brightwater.pdf" }]),
    );
    expect(asked("choose_file")[0]).toMatchObject({
      suggestedName: "Brightwater Dental Group - MFA posture.pdf",
      extensions: ["pdf"],
    });
    await user.click(await screen.findByText("Show in folder"));
    await waitFor(() => expect(asked("reveal")).toEqual([{ path: "/home/robin/Brightwater.pdf" }]));
  });

  it("writes nothing when the person closes the dialog", async () => {
    const { user, asked } = openWindow(page, (fixtures) => {
      fixtures.chosenFile = null;
    });
    await user.click(await screen.findByRole("button", { name: "Export PDF" }));
    await waitFor(() => expect(asked("choose_file")).toHaveLength(1));
    await waitFor(() => expect(screen.getByRole("button", { name: "Export PDF" })).toBeEnabled());
    expect(asked("report_mfa")).toHaveLength(0);
  });

  it("shows unknown as unknown, never as zero, where registration could not be read", async () => {
    openWindow(`/tenants/${NAKHEEL}/mfa`);
    const people = await screen.findByRole("region", { name: "People" });
    expect(people).toHaveTextContent("MFA registration was never read");
    expect(people).not.toHaveTextContent("0 %");
    expect(within(people).getByRole("img")).toHaveAccessibleName("MFA registration is unknown");
    expect(screen.queryByRole("region", { name: "Admins" })).toBeNull();
    await listed();
    expect(rows()[0]).toContain("MFA unknown");
  });
});
