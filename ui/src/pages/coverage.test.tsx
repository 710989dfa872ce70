import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { guid } from "../fixtures/clock";
import { openWindow } from "../test/window";

const BRIGHTWATER = guid(1, 0);
const page = `/tenants/${BRIGHTWATER}/coverage`;
const grid = () => screen.findByRole("grid", { name: "Protection of people at applications" });

describe("coverage", () => {
  it("is a matrix of people against applications, each cell the least protection", async () => {
    openWindow(page);
    expect(within(await grid()).getByRole("gridcell", { name: "Guests at Salesforce: Nothing" })).toBeInTheDocument();
    expect(screen.getByRole("gridcell", { name: "Admins at Office 365: Phishing-resistant MFA" })).toBeInTheDocument();
    expect(screen.getByTestId("facts")).toHaveTextContent("212 users in 9 classes, 3 gaps");
  });

  it("opens a cell by mouse or by keyboard: conditions, people and reason, and What-if from there", async () => {
    const { user, history } = openWindow(page);
    const matrix = await grid();
    matrix.focus();
    await user.keyboard("{ArrowDown}{ArrowDown}{ArrowRight}{ArrowRight}{ArrowRight}{ArrowRight}{Enter}");
    await waitFor(() => expect(history.location.search).toContain("row=guests&app="));
    const panel = await screen.findByRole("dialog");
    expect(await within(panel).findByRole("group", { name: "Least protection" })).toHaveTextContent(
      "NothingExcluded from CA001 by the group VIP",
    );
    expect(within(panel).getByRole("region", { name: "By conditions" })).toHaveTextContent("Legacy clientsBlocked");
    await user.click(within(panel).getByRole("button", { name: "Try it in What-if" }));
    await waitFor(() => expect(history.location.pathname).toContain("/what-if"));
    expect(history.location.search).toContain("user=");
  });

  it("shows only people with gaps when asked", async () => {
    const { user, history } = openWindow(page);
    await grid();
    await user.click(screen.getByRole("switch", { name: "Only with gaps" }));
    await waitFor(() => expect(history.location.search).toBe("?weak=1"));
    expect(screen.queryByRole("gridcell", { name: /^Holding Exchange Administrator at/ })).toBeNull();
  });

  it("lists the gaps, the weakest first, and opens each with its people", async () => {
    const { user, history, asked } = openWindow(`${page}?as=gaps`);
    await waitFor(() => expect(screen.getAllByRole("row").length).toBe(3));
    const [first] = screen.getAllByRole("row");
    expect(first).toHaveAccessibleName(/^Nothing for 4 users at Salesforce: Guests of fabrikam/);
    await user.click(screen.getByRole("row", { name: /^Known device for 179 users/ }));
    await waitFor(() => expect(history.location.search).toBe("?as=gaps&gap=g3"));
    const panel = await screen.findByRole("dialog");
    await user.click(within(panel).getByRole("button", { name: "List all 179 users" }));
    await waitFor(() => expect(asked("coverage_people").at(-1)).toMatchObject({ filter: { of: "g3" } }));
  });

  it("is unknown where the policies were never read", async () => {
    openWindow(`/tenants/${guid(1, 4)}/coverage`);
    expect(await screen.findByText("Coverage is unknown")).toBeInTheDocument();
  });
});
