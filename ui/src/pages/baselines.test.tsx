import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { findDialog, openWindow } from "../test/window";

const rows = () => screen.getAllByRole("row").map((row) => row.getAttribute("aria-label") ?? "");
const listed = (many: number) => waitFor(() => expect(rows().length).toBeGreaterThanOrEqual(many));

describe("baselines", () => {
  it("are listed with where they come from and who is held to them, the built-in one first", async () => {
    openWindow("/baselines");
    await listed(2);
    expect(rows()[0]).toBe("Gatehouse baseline, comes with gatehouse, 11 controls, 7 tenants held to it");
    expect(rows()[1]).toMatch(/^Northgate standard, imported, 4 controls, 1 tenant/);
  });

  it("are made of a folder of exported policies, and open then", async () => {
    const { user, history, asked } = openWindow("/baselines");
    await listed(2);
    await user.click(screen.getByRole("button", { name: "New baseline" }));
    await user.click(await screen.findByRole("menuitem", { name: "Import a folder of exported policies" }));
    await waitFor(() => expect(history.location.pathname).toMatch(/^\/baselines\/.{36}$/));
    expect(asked("baseline_import")[0]).toEqual({ paths: ["/home/robin/Documents/northgate-baseline"], name: null });
    expect(await screen.findByText("Imported northgate-baseline")).toBeInTheDocument();
    expect(await screen.findByTestId("remarks")).toHaveTextContent("CA007.json");
  });

  it("are taken from a tenant", async () => {
    const { user, history, asked } = openWindow("/baselines");
    await listed(2);
    await user.click(screen.getByRole("button", { name: "New baseline" }));
    await user.click(await screen.findByRole("menuitem", { name: "Take it from a tenant" }));
    const dialog = await findDialog("Take a baseline from a tenant");
    expect(within(dialog).getByRole("button", { name: "Take it" })).toBeDisabled();
    await user.click(within(dialog).getByRole("combobox", { name: "Tenant" }));
    await user.click(await screen.findByRole("option", { name: "Halcyon Legal LLP" }));
    await user.click(within(dialog).getByRole("button", { name: "Take it" }));
    await waitFor(() => expect(history.location.pathname).toMatch(/^\/baselines\/.{36}$/));
    expect(asked("baseline_from_tenant")).toHaveLength(1);
  });

  it("have controls whose severity is changed and which are turned off", async () => {
    const { user, asked } = openWindow("/baselines/builtin");
    await listed(3);
    await user.click(screen.getByRole("combobox", { name: "Severity of Admins need MFA for every application" }));
    await user.click(await screen.findByRole("option", { name: "Medium" }));
    await waitFor(() =>
      expect(asked("baseline_control_set")[0]).toEqual({
        baseline: "builtin",
        control: "mfa-admins",
        severity: "medium",
        on: null,
      }),
    );
    await user.click(await screen.findByRole("switch", { name: "Judge Device code flow is blocked" }));
    await waitFor(() =>
      expect(asked("baseline_control_set").at(-1)).toMatchObject({ control: "device-code", on: false }),
    );
    expect(await screen.findByText(/10 of 11 controls judged, edited/)).toBeInTheDocument();
  });

  it("are assigned to tenants of choice or to the whole fleet", async () => {
    const { user, asked } = openWindow("/baselines/builtin");
    await listed(3);
    await user.click(screen.getByRole("button", { name: "Assign to tenants" }));
    const dialog = await findDialog("Hold tenants to this baseline");
    expect(within(dialog).queryByRole("checkbox", { name: "Halcyon Legal LLP" })).toBeNull();
    await user.click(within(dialog).getByRole("checkbox", { name: "Brightwater Dental Group" }));
    await user.click(within(dialog).getByRole("button", { name: "Assign to 1 tenant" }));
    await waitFor(() => expect(asked("baseline_assign")[0]).toMatchObject({ baseline: "builtin" }));
    expect(await screen.findByText("1 tenant held to this baseline from now on")).toBeInTheDocument();
  });

  it("say what they are when opened, and are removed with a word about their tenants", async () => {
    const { user, history, fixtures } = openWindow("/baselines");
    await listed(2);
    await user.click(screen.getByRole("row", { name: /^Northgate standard/ }));
    await listed(3);
    await user.click(screen.getByRole("button", { name: "More" }));
    await user.click(await screen.findByRole("menuitem", { name: "Remove this baseline" }));
    const dialog = await findDialog("Remove Northgate standard?");
    expect(dialog).toHaveTextContent("1 tenant held to it will be held to the built-in baseline.");
    await user.click(within(dialog).getByRole("button", { name: "Remove" }));
    await waitFor(() => expect(history.location.pathname).toBe("/baselines"));
    expect(fixtures.baselines).toHaveLength(1);
  });

  it("that are gone say so and lead back", async () => {
    const { user, history } = openWindow("/baselines/none");
    expect(await screen.findByText("There is no such baseline.")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "All baselines" }));
    await waitFor(() => expect(history.location.pathname).toBe("/baselines"));
  });
});
