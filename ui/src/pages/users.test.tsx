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
  it("ranks the policies that refused them and says in words what can be done", async () => {
    openWindow(`${users}/${person}`);
    const card = await screen.findByRole("region", { name: "Failures by policy, 7 days" });
    const lines = within(card).getAllByRole("listitem");
    expect(lines[0]).toHaveTextContent("CA004 Block outside Europe14 failures, last ");
    expect(lines[1]).toHaveTextContent("CA003 Require compliant device3 failures");
    for (const way of ["The block is right.", "The policy is wrong.", "The user needs an exception."])
      expect(within(card).getByText(way)).toBeInTheDocument();
    expect(within(card).queryByRole("button")).toBeNull();
    expect(within(card).getByRole("link", { name: "14 failures" })).toHaveAttribute(
      "href",
      expect.stringContaining(`user=${person}`),
    );
  });

  it("gives the MFA verdict with its reason, what enforces it, and each method with its date", async () => {
    openWindow(`${users}/${person}`);
    const card = await screen.findByRole("region", { name: "MFA" });
    expect(card).toHaveTextContent("Strong");
    expect(card).toHaveTextContent("Microsoft Authenticator is registered.");
    expect(card).toHaveTextContent("Whether anything demands MFA from this account is not known.");
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
      expect(asked("user_mark")).toEqual([{ tenant: BRIGHTWATER, user: person, mark: "breakGlass" }]),
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
