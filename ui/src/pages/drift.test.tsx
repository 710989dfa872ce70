import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { guid } from "../fixtures/clock";
import { openWindow } from "../test/window";

const BRIGHTWATER = guid(1, 0);
const LITTLE_OAK = guid(1, 4);
const page = `/tenants/${BRIGHTWATER}/drift`;
const rows = () => screen.getAllByRole("row").map((row) => row.getAttribute("aria-label") ?? "");
const listed = () => waitFor(() => expect(rows().length).toBeGreaterThan(3));

describe("drift", () => {
  it("begins with the gravest gap and says the verdict and why of each", async () => {
    openWindow(page);
    await listed();
    expect(rows()[0]).toMatch(/^Critical, Missing: Break-glass accounts are excluded.+CA004 Block outside Europe/);
    expect(rows()[1]).toMatch(/^Critical, Partly: Admins need MFA/);
    expect(screen.getByTestId("facts")).toHaveTextContent(
      "7 gaps among 11 controls of Gatehouse baseline, 1 unknown, policies read",
    );
  });

  it("is summed up by severity, and a severity narrows the list", async () => {
    const { user, history } = openWindow(page);
    await listed();
    const high = screen.getByRole("button", { name: "High: 3 gaps, 2 missing, 1 partly, 0 met" });
    await user.click(high);
    await waitFor(() => expect(history.location.search).toBe("?severity=high"));
    expect(rows().every((row) => row.startsWith("High"))).toBe(true);
    await user.click(screen.getByRole("button", { name: "Remove filter High" }));
    await waitFor(() => expect(history.location.search).toBe(""));
  });

  it("opens a control: the field that fails, who falls through, the documents, and the way to Entra", async () => {
    const { user, history, asked } = openWindow(page);
    await listed();
    await user.click(screen.getByRole("row", { name: /Admins need MFA/ }));
    await waitFor(() => expect(history.location.search).toBe("?open=mfa-admins"));
    const panel = await screen.findByRole("dialog");
    await within(panel).findByText(/It excludes the group VIP/);
    expect(within(panel).getByRole("region", { name: "Who falls through: 2 users" })).toBeInTheDocument();
    await user.click(within(panel).getByRole("button", { name: "List all 2 users" }));
    expect(await within(panel).findAllByRole("row")).toHaveLength(2);
    expect(asked("drift_people").at(-1)).toMatchObject({ filter: { tenant: BRIGHTWATER, control: "mfa-admins" } });
    await user.click(within(panel).getByRole("button", { name: /Require MFA for administrators/ }));
    expect(asked("open_external")[0]).toMatchObject({ url: expect.stringContaining("learn.microsoft.com") });
    expect(within(panel).getByRole("button", { name: "Open in Entra" })).toBeEnabled();
  });

  it("says of a changed policy what differs and for whom it protects less", async () => {
    openWindow(`${page}?open=compliant-device`);
    const panel = await screen.findByRole("dialog");
    expect(await within(panel).findByText(/nothing instead of a compliant device/)).toBeInTheDocument();
    expect(within(panel).getByRole("table", { name: "Changed fields" })).toBeInTheDocument();
  });

  it("is exported exactly as it is shown", async () => {
    const { user, asked } = openWindow(`${page}?severity=critical`);
    await listed();
    await user.click(screen.getByRole("button", { name: "Export" }));
    await waitFor(() =>
      expect(asked("drift_export")[0]).toMatchObject({
        tenant: BRIGHTWATER,
        ids: ["breakglass-excluded", "mfa-admins", "legacy-blocked", "mfa-members"],
      }),
    );
    expect(await screen.findByText("Exported 4 controls")).toBeInTheDocument();
  });

  it("is unknown, never good, where the policies were never read", async () => {
    openWindow(`/tenants/${LITTLE_OAK}/drift`);
    expect(await screen.findByText("Drift is unknown")).toBeInTheDocument();
    expect(screen.queryByRole("row")).toBeNull();
  });

  it("says what happened when it cannot be read", async () => {
    openWindow(page, (fixtures) =>
      fixtures.failing.set("drift_report", {
        code: "baseline.unknown",
        what: "There is no baseline “x”",
        nextStep: "Choose the built-in baseline.",
        details: null,
      }),
    );
    expect(await screen.findByText("There is no baseline “x”.")).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "Try again" })).toBeEnabled();
  });
});

describe("the policies' page", () => {
  it("points out conflicts and near-duplicates", async () => {
    const { user } = openWindow(`/tenants/${BRIGHTWATER}/policies`);
    await user.click(
      await screen.findByRole("button", {
        name: "1 conflict, 1 near-duplicate and 1 other remark about these policies",
      }),
    );
    expect(await screen.findByText(/never grants anything outside Europe/)).toBeInTheDocument();
    expect(screen.getByText("Near-duplicate")).toBeInTheDocument();
  });
});
