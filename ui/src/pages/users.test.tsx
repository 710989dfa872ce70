import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { guid } from "../fixtures/clock";
import { findDialog, openWindow } from "../test/window";

const BRIGHTWATER = guid(1, 0);
const NAKHEEL = guid(1, 6);
const users = `/tenants/${BRIGHTWATER}/users`;
const person = guid(100, 3);
const rows = () => screen.getAllByRole("row").map((row) => row.getAttribute("aria-label") ?? "");
const listed = () => waitFor(() => expect(rows().length).toBeGreaterThan(0));

describe("the users of a tenant", () => {
  it("are listed with what each account is, its MFA and its roles", async () => {
    openWindow(users);
    await listed();
    expect(screen.getByTestId("facts")).toHaveTextContent("212 users");
    expect(rows()[1]).toMatch(/, (Person|Guest|Service account), MFA (strong|weak|none|unknown)/);
  });

  it("show a hostile name as text", async () => {
    openWindow(`${users}?text=mallory`);
    await listed();
    expect(rows()).toHaveLength(1);
    expect(rows()[0]).toContain("<img src=x onerror=alert(1)>");
    expect(rows()[0]).not.toContain("\u202e");
    expect(document.querySelector("img")).toBeNull();
  });

  it("are filtered by MFA, account and admins from the address", async () => {
    const { asked, user, history } = openWindow(`${users}?mfa=weak,none&class=person&admins=1`);
    await screen.findByRole("button", { name: "Remove filter Admins" });
    expect(asked("users_list").at(-1)).toMatchObject({
      filter: { buckets: ["weak", "none"], classes: ["person"], adminsOnly: true },
    });
    await user.click(screen.getByRole("checkbox", { name: "Admins only" }));
    await waitFor(() => expect(history.location.search).toBe("?mfa=weak%2Cnone&class=person"));
  });

  it("open on Enter", async () => {
    const { user, history } = openWindow(users);
    await listed();
    screen.getByRole("grid", { name: "Users" }).focus();
    await user.keyboard("{ArrowDown}{Enter}");
    await waitFor(() => expect(history.location.pathname).toMatch(/\/users\/[0-9a-f-]{36}$/));
  });
});

describe("a user's page", () => {
  it("ranks the policies that refused them, and says first what is behind most of it", async () => {
    openWindow(`${users}/${person}`);
    const card = await screen.findByRole("region", { name: "Why they cannot get in, 7 days" });
    expect(
      await within(card).findByText("CA004 Block outside Europe refused 14 of 19 failing sign-ins."),
    ).toBeInTheDocument();
    expect(card).toHaveTextContent(/Last successful sign-in .+:/);
    const ranked = within(card).getByRole("list", { name: "Policies and causes by failures" });
    expect(within(ranked).getByRole("link", { name: "CA004 Block outside Europe" })).toBeInTheDocument();
    expect(within(ranked).getByRole("link", { name: "14 failures" })).toHaveAttribute(
      "href",
      expect.stringContaining(`user=${person}&policy=${guid(500, 3)}&result=failure&days=7`),
    );
    expect(ranked).toHaveTextContent(
      /CA004.*14 failures.*CA003 Require compliant device3 failures.*Wrong or expired password2 failures/,
    );
  });

  it("says why, what to tell the user, and only what separates the failing from the working ones", async () => {
    openWindow(`${users}/${person}`);
    const did = await screen.findByRole("region", { name: "What the policy did" });
    expect(did).toHaveTextContent("Blocks the sign-in.Place: Lagos, NG is not in Europe (14 sign-ins)");
    expect(did).toHaveTextContent("Judged with the policy as it is today");
    expect(screen.getByRole("region", { name: "What to say and do" })).toHaveTextContent(
      /Say to the user“Our rules stopped.*You: See which policy/,
    );
    const table = screen.getByRole("table", { name: "What separates failing from working sign-ins" });
    expect(table).toHaveTextContent("CountryNG, 14 of 14never; NL, 40 of 41");
    expect(screen.getByRole("region", { name: "About the policy" })).toHaveTextContent(
      "It refused 3 other users in the same 7 days.",
    );
  });

  it("offers the three ways out, with the two that fit the facts marked", async () => {
    const { user, history } = openWindow(`${users}/${person}`);
    const ways = await screen.findByRole("region", { name: "Ways out" });
    const [genuine, change, exception] = within(ways).getAllByRole("listitem");
    if (!genuine || !change || !exception) throw new Error("there are three ways out");
    expect(genuine).toHaveTextContent("The block is rightFits the facts");
    expect(change).not.toHaveTextContent("Fits the facts");
    expect(exception).toHaveTextContent(/Fits the facts.*CA-Travel.*It also opens CA009 Block risky countries/);
    await user.click(within(change).getByRole("button", { name: "Propose change" }));
    expect(history.location.pathname).toBe(`/tenants/${BRIGHTWATER}/changes/new`);
    expect(history.location.search).toMatch(new RegExp(`^\\?policy=${guid(500, 3)}&signIn=[0-9a-f-]{36}$`));
    history.back();
    await user.click(await screen.findByRole("button", { name: "Time-bound access" }));
    expect(history.location.pathname).toBe(`/tenants/${BRIGHTWATER}/time-bound-access/new`);
    expect(history.location.search).toMatch(
      new RegExp(`^\\?user=${person}&group=${guid(600, 1)}&signIn=[0-9a-f-]{36}$`),
    );
  });

  it("says so where the policy has no group for an exception, and where it was no policy at all", async () => {
    const { user } = openWindow(`${users}/${person}`);
    await user.click(
      await screen.findByRole("button", { name: "Why, and what to do: CA003 Require compliant device" }),
    );
    const [, device] = screen.getAllByRole("region", { name: "Ways out" });
    if (!device) throw new Error("the second is closed");
    expect(device).toHaveTextContent(
      "excludes no group, so there is none to put the user into for a time; a change of the policy can add one.",
    );
    expect(within(device).queryByRole("button", { name: "Time-bound access" })).toBeNull();
    expect(device).not.toHaveTextContent("Fits the facts");
    await user.click(screen.getByRole("button", { name: "Why, and what to do: Wrong or expired password" }));
    const [, , password] = screen.getAllByRole("region", { name: "Ways out" });
    if (!password) throw new Error("the third is closed");
    expect(password).toHaveTextContent("Not Conditional Access");
    expect(within(password).queryByRole("button", { name: "Propose change" })).toBeNull();
    expect(within(password).getAllByRole("listitem")).toHaveLength(1);
  });

  it("keeps that a block is right, for the next technician to see", async () => {
    const { user, asked } = openWindow(`${users}/${person}`);
    await user.click(await screen.findByRole("button", { name: "Nothing to do" }));
    const dialog = await findDialog("Nothing to do");
    expect(dialog).toHaveTextContent("Nothing changes in Entra");
    await user.type(within(dialog).getByRole("textbox"), "on holiday, knows it");
    expect(asked("triage_genuine_block")).toHaveLength(0);
    await user.click(within(dialog).getByRole("button", { name: "Keep it" }));
    await waitFor(() =>
      expect(asked("triage_genuine_block")).toEqual([
        { tenant: BRIGHTWATER, signIn: expect.any(String), key: guid(500, 3), note: "on holiday, knows it" },
      ]),
    );
    expect(await screen.findByTestId("genuine")).toHaveTextContent(
      /^Marked as a genuine block by Robin Vance, just now: .*“on holiday, knows it”\. None since\.$/,
    );
  });

  it("gives the MFA verdict with its reason, what enforces it, and each method with its date", async () => {
    openWindow(`${users}/${person}`);
    const card = await screen.findByRole("region", { name: "MFA" });
    expect(card).toHaveTextContent("Strong");
    expect(card).toHaveTextContent("Microsoft Authenticator is registered.");
    expect(card).toHaveTextContent("A Conditional Access policy demands MFA.");
    const methods = within(card).getAllByRole("listitem");
    expect(methods[0]).toHaveTextContent(/FIDO2 security keyPhishing-resistantPixel 9, registered/);
  });

  it("names each role with how it is held, through what and where", async () => {
    openWindow(`${users}/${person}`);
    expect(await screen.findByRole("region", { name: "Roles" })).toHaveTextContent(
      "User AdministratorPrivilegedActive, through IT admins, whole tenant",
    );
  });

  it("shows this week's failures first, and the latest sign-ins on a click", async () => {
    const { user, asked } = openWindow(`${users}/${person}`);
    const table = await screen.findByRole("table", { name: "Sign-ins of this user" });
    expect(within(table).getAllByText("Failure").length).toBeGreaterThan(0);
    expect(within(table).queryByText("Success")).toBeNull();
    expect(asked("sign_ins_list").at(-1)).toMatchObject({ filter: { userId: person, result: "failure", days: 7 } });
    await user.click(screen.getByRole("tab", { name: "Recent" }));
    const recent = await screen.findByRole("table", { name: "Sign-ins of this user" });
    expect(within(recent).getAllByText("Success").length).toBeGreaterThan(0);
    const [first] = within(recent).getAllByRole("button", { name: /^Open sign-in/ });
    if (!first) throw new Error("no sign-in");
    await user.click(first);
    expect(await screen.findByRole("dialog")).toBeInTheDocument();
  });

  it("is marked after a confirmation that says what follows", async () => {
    const { user, asked } = openWindow(`${users}/${person}`);
    await user.click(await screen.findByRole("button", { name: "Mark as" }));
    await user.click(await screen.findByRole("menuitem", { name: "Break-glass" }));
    const dialog = await findDialog("Mark as break-glass");
    expect(dialog).toHaveTextContent("raises a critical alert from now on");
    expect(asked("user_mark")).toHaveLength(0);
    await user.click(within(dialog).getByRole("button", { name: "Mark" }));
    await waitFor(() =>
      expect(asked("user_mark")).toEqual([{ tenant: BRIGHTWATER, user: person, mark: "breakGlass", note: null }]),
    );
    expect(await screen.findByText(/is marked: break-glass$/)).toBeInTheDocument();
  });

  it("takes a mark back", async () => {
    const { user, asked } = openWindow(`${users}/${guid(100, 1)}`);
    await user.click(await screen.findByRole("button", { name: "Mark as" }));
    await user.click(await screen.findByRole("menuitem", { name: "Take the mark back" }));
    await user.click(await screen.findByRole("button", { name: "Take it back" }));
    await waitFor(() => expect(asked("user_mark")[0]).toMatchObject({ mark: null }));
  });

  it("says above the page what could not be read of the tenant, as one sentence", async () => {
    openWindow(`/tenants/${NAKHEEL}/users/${guid(106, 3)}`);
    const [notice, ...more] = await screen.findAllByTestId("problem");
    expect(await screen.findByText(/^Sign-ins are not known: The permission/)).toBeInTheDocument();
    expect(notice).toHaveTextContent("MFA registration, methods of admins and sign-ins: unknown.");
    expect(more).toHaveLength(0);
  });

  it("leads back to the list when there is no such user", async () => {
    const { user, history } = openWindow(`${users}/nobody`);
    expect(await screen.findByText("There is no such user.")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "All users" }));
    expect(history.location.pathname).toBe(users);
  });
});
