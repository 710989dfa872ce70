import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { guid } from "../fixtures/clock";
import { openWindow } from "../test/window";

const BRIGHTWATER = guid(1, 0);
const page = `/tenants/${BRIGHTWATER}/replay`;

describe("replay", () => {
  it("says how far engine and Entra agree, and what could not be compared and why", async () => {
    openWindow(page);
    expect(await screen.findByTestId("share")).toHaveTextContent("99.6 %");
    expect(screen.getByRole("region", { name: "Agreement" })).toHaveTextContent(
      "Engine agrees with Entra on 99.6 % of 5,917 sign-ins.",
    );
    expect(screen.getByRole("region", { name: "Not compared" })).toHaveTextContent(/deleted since\.12$/);
  });

  it("narrows the disagreements to a policy, in the address too", async () => {
    const { user, history, asked } = openWindow(page);
    const card = await screen.findByRole("region", { name: "Policies they disagree on" });
    await user.click(within(card).getByRole("button", { name: "CA004 Block outside Europe" }));
    await waitFor(() => expect(history.location.search).toMatch(/^\?policy=/));
    await waitFor(() => expect(screen.getAllByRole("row")).toHaveLength(4));
    expect(asked("replay_disagreements").at(-1)).toMatchObject({ filter: { tenant: BRIGHTWATER } });
    await user.click(screen.getByRole("button", { name: "Remove filter CA004 Block outside Europe" }));
    await waitFor(() => expect(history.location.search).toBe(""));
  });

  it("opens a disagreement with both explanations side by side, and goes on to What-if", async () => {
    const { user, history } = openWindow(page);
    await waitFor(() => expect(screen.getAllByRole("row").length).toBeGreaterThan(3));
    const [row] = screen.getAllByRole("row");
    if (!row) throw new Error("no disagreement");
    await user.click(row);
    const panel = await screen.findByRole("dialog");
    const both = await within(panel).findByRole("group", { name: "CA003 Require compliant device" });
    expect(both).toHaveTextContent(
      /Entra recordedDid not applyThe policy did not apply\.The engine saysAppliesApplies: the group All staff/,
    );
    expect(within(panel).getByTestId("remarks")).toHaveTextContent("was changed after this sign-in");
    await user.click(within(panel).getByRole("button", { name: "As this sign-in in What-if" }));
    await waitFor(() => expect(history.location.pathname).toContain("/what-if"));
  });

  it("is all quiet where they agree on everything", async () => {
    openWindow(`/tenants/${guid(1, 1)}/replay`);
    expect(await screen.findByText("No disagreement")).toBeInTheDocument();
    expect(screen.getByTestId("share")).toHaveTextContent("100 %");
  });

  it("is unknown where sign-ins were never read", async () => {
    openWindow(`/tenants/${guid(1, 6)}/replay`);
    expect(await screen.findByText("Agreement is unknown")).toBeInTheDocument();
  });
});
