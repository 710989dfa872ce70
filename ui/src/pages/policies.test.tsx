import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { guid } from "../fixtures/clock";
import { openWindow } from "../test/window";

const BRIGHTWATER = guid(1, 0);
const LITTLE_OAK = guid(1, 4);
const policies = `/tenants/${BRIGHTWATER}/policies`;
const rows = () => screen.getAllByRole("row").map((row) => row.getAttribute("aria-label") ?? "");
const listed = () => waitFor(() => expect(rows().length).toBeGreaterThan(0));

describe("the policies of a tenant", () => {
  it("are listed with their state in words and one sentence each, those that are on first", async () => {
    openWindow(policies);
    await listed();
    expect(rows()[0]).toBe(
      "CA001 Require MFA for all users, On. Everybody except Break-glass accounts must do MFA for all applications.",
    );
    expect(rows().at(-1)).toMatch(/^CA006 Terms of use for guests, Off\./);
    expect(screen.getByTestId("facts")).toHaveTextContent("4 policies on, 1 report-only, 1 off, security defaults off");
    expect(screen.getByRole("row", { name: /^CA005/ })).toHaveTextContent("1 field");
  });

  it("are filtered by state and words from the address", async () => {
    const { user, history } = openWindow(`${policies}?state=on`);
    await listed();
    expect(rows()).toHaveLength(4);
    await user.type(screen.getByRole("searchbox"), "legacy");
    await waitFor(() => expect(rows()).toHaveLength(1));
    expect(history.location.search).toBe("?state=on&text=legacy");
  });

  it("are unknown, not absent, where they could not be read", async () => {
    openWindow(`/tenants/${LITTLE_OAK}/policies`);
    expect(await screen.findByText("Policies are unknown")).toBeInTheDocument();
    expect(screen.getByTestId("empty")).toHaveTextContent("the tenant has no Entra ID P1");
    expect(screen.getByTestId("facts")).toHaveTextContent("Conditional Access policies are unknown");
    expect(screen.queryByRole("grid")).toBeNull();
  });
});

describe("the list of policies", () => {
  it("is exported as it is shown: filtered, in its order", async () => {
    const { user, asked } = openWindow(`${policies}?state=report`);
    await listed();
    await user.click(screen.getByRole("button", { name: "Export" }));
    await waitFor(() => expect(asked("policies_export")).toHaveLength(1));
    expect(asked("policies_export")[0]).toMatchObject({ tenant: BRIGHTWATER, ids: [expect.any(String)] });
  });
});

describe("one policy", () => {
  it("stands there part by part in words, and as JSON on the other tab", async () => {
    const { user, history } = openWindow(`${policies}/${guid(500, 2)}`);
    const users = await screen.findByRole("region", { name: "Users" });
    expect(users).toHaveTextContent("All usersExcept the group Break-glass accounts");
    expect(screen.getByTestId("facts")).toHaveTextContent(/^On.*by Sven Lindqvist, 3 versions kept/);
    await user.click(screen.getByRole("tab", { name: "JSON" }));
    expect(await screen.findByRole("region", { name: "The policy as JSON" })).toHaveTextContent('"builtInControls"');
    expect(history.location.search).toBe("?as=json");
    expect(screen.getByRole("button", { name: "Copy JSON" })).toBeInTheDocument();
  });

  it("has every version with what changed in words, newest first, and says where one weakens", async () => {
    openWindow(`${policies}/${guid(500, 2)}`);
    const versions = within(await screen.findByRole("region", { name: "Versions" })).getAllByRole("listitem");
    expect(versions).toHaveLength(3);
    expect(versions[0]).toHaveTextContent(
      /^Version 3 \(now\) Weakens protection.*by Sven Lindqvist, outside Gatehouse/,
    );
    expect(within(versions[0] as HTMLElement).getByRole("table", { name: "Changed fields" })).toHaveTextContent(
      /Excluded groupsBreak-glass accountsBreak-glass accounts, VIP ?Weakens/,
    );
    expect(versions[2]).toHaveTextContent(/^Version 1.*by whom is not known/);
  });

  it("warns of what Gatehouse does not understand in it", async () => {
    openWindow(`${policies}/${guid(500, 4)}`);
    expect(await screen.findByText("Gatehouse does not understand 1 part of this policy.")).toBeInTheDocument();
    expect(screen.getByText(/conditions\.agentIdRiskLevels/)).toBeInTheDocument();
  });

  it("leads to the sign-ins that it refused", async () => {
    const { user, history } = openWindow(`${policies}/${guid(500, 3)}`);
    await user.click(await screen.findByRole("button", { name: "Failed sign-ins, 7 days" }));
    expect(history.location.href).toBe(`/tenants/${BRIGHTWATER}/sign-ins?policy=${guid(500, 3)}&result=failure&days=7`);
  });

  it("leads back to the list when there is no such policy", async () => {
    openWindow(`${policies}/nothing`);
    expect(await screen.findByText("There is no such policy.")).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "All policies" })).toBeEnabled();
  });
});
