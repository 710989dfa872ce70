// Every page held against the rules of axe: names, roles, labels, headings, landmarks. Contrast needs a painted page and is judged from
// the themes' own tokens in `theme.test.ts`.
import { screen, waitFor } from "@testing-library/react";
import axe from "axe-core";
import { describe, expect, it } from "vitest";
import { guid } from "../fixtures/clock";
import { findDialog, openWindow } from "./window";

const TENANT = `/tenants/${guid(1, 0)}`;
const NEVER_READ = `/tenants/${guid(1, 4)}`;

async function complaints(): Promise<string[]> {
  const found = await axe.run(document.body, {
    resultTypes: ["violations"],
    preload: false,
    rules: {
      // Needs a painted page.
      "color-contrast": { enabled: false },
      // Toasts and menus live in portals beside the page's landmarks.
      region: { enabled: false },
      // The focus guards around dialogs and menus, which hold the focus for a moment only.
      "aria-hidden-focus": { enabled: false },
    },
  });
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.failureSummary?.split("\n")[1]?.trim()} ${node.html.slice(0, 200)}`),
  );
}

const settled = () =>
  waitFor(() => {
    expect(screen.getAllByRole("heading", { level: 1 }).length).toBe(1);
    expect(document.querySelector("[aria-label=Loading]")).toBeNull();
  });

describe("axe has nothing to say about", () => {
  it.each([
    ["the dashboard", "/"],
    ["the alert inbox", "/alerts"],
    ["an alert", "/alerts/1"],
    ["the tenants", "/tenants"],
    ["a tenant", TENANT],
    ["sign-ins", `${TENANT}/sign-ins`],
    ["the failures of one user with their answer", `${TENANT}/sign-ins?user=${guid(100, 3)}&result=failure&days=7`],
    ["users", `${TENANT}/users`],
    ["a user", `${TENANT}/users/${guid(100, 3)}`],
    ["MFA", `${TENANT}/mfa`],
    ["MFA of people without a phone", `${TENANT}/mfa?phone=none`],
    ["MFA of the fleet", "/mfa"],
    ["policies", `${TENANT}/policies`],
    ["policies that were never read", `${NEVER_READ}/policies`],
    ["a policy", `${TENANT}/policies/${guid(500, 2)}`],
    ["drift", `${TENANT}/drift`],
    ["drift that cannot be judged", `${NEVER_READ}/drift`],
    ["coverage", `${TENANT}/coverage`],
    ["the gaps of coverage", `${TENANT}/coverage?as=gaps`],
    ["a what-if that is empty", `${TENANT}/what-if`],
    ["a what-if with its answer", `${TENANT}/what-if?user=${guid(100, 3)}&app=Office365`],
    ["replay", `${TENANT}/replay`],
    ["break-glass", `${TENANT}/break-glass`],
    ["break-glass where no account is known", `${NEVER_READ}/break-glass`],
    ["time-bound access", `${TENANT}/time-bound-access`],
    ["one time-bound access", `${TENANT}/time-bound-access?open=1`],
    ["time-bound access where nothing is known", `${NEVER_READ}/time-bound-access`],
    ["the exceptions register", `${TENANT}/exceptions`],
    ["what policies leave out", `${TENANT}/exceptions?list=carve-outs`],
    ["one exception", `${TENANT}/exceptions?open=1`],
    ["exceptions where policies were never read", `${NEVER_READ}/exceptions`],
    ["asking for time-bound access", `${TENANT}/time-bound-access/new?user=${guid(100, 3)}`],
    ["the baselines", "/baselines"],
    ["a baseline", "/baselines/builtin"],
    ["the changes", "/changes"],
    ["a tenant's changes", `${TENANT}/changes`],
    ["a change that waits to be applied", "/changes/1"],
    ["a change that a guard stops", "/changes/2"],
    ["a change that was verified", "/changes/4"],
    ["a number of a dry run", "/changes/1?impact=newlyUnprotected"],
    ["a change from scratch", `${TENANT}/changes/new`],
    ["a change that chooses its policy", `${TENANT}/changes/new?do=delete`],
    ["the editor of a policy", `${TENANT}/changes/new?do=create`],
    ["the editor of a location", `${TENANT}/changes/new?do=countries`],
    ["a member to add", `${TENANT}/changes/new?do=add`],
    ["reports", "/reports"],
    ["the audit log", "/audit"],
    ["settings", "/settings"],
    ["connecting", "/connect"],
    ["the welcome page", "/welcome"],
    ["a page that does not exist", "/nowhere"],
  ])("%s", async (_, address) => {
    openWindow(address);
    await settled();
    expect(await complaints()).toEqual([]);
  });

  it("a sign-in's panel", async () => {
    const { user } = openWindow(`${TENANT}/sign-ins?blocked=1`);
    const [row] = await screen.findAllByRole("row", { name: /^Failure/ });
    if (!row) throw new Error("no sign-in");
    await user.click(row);
    await screen.findByText(/^Entra weighed/);
    await screen.findByRole("region", { name: "Ways out" });
    expect(await complaints()).toEqual([]);
    await user.click(screen.getByRole("button", { name: "Nothing to do" }));
    await findDialog("Nothing to do");
    expect(await complaints()).toEqual([]);
  });

  it("the search and the list of keys", async () => {
    const { user } = openWindow("/tenants");
    await settled();
    await user.keyboard("{Control>}k{/Control}");
    await screen.findByRole("listbox", { name: "Found" });
    expect(await complaints()).toEqual([]);
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("listbox")).toBeNull());
    await user.keyboard("?");
    await findDialog("Keys");
    expect(await complaints()).toEqual([]);
  });

  it("a database that cannot be opened", async () => {
    openWindow("/", (fixtures) => {
      fixtures.status.problem = { code: "store.corrupt", what: "It is damaged", nextStep: "Choose", details: null };
    });
    await screen.findByRole("alert");
    expect(await complaints()).toEqual([]);
  });
});
