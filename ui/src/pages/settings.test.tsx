import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { openWindow } from "../test/window";

describe("the settings", () => {
  it("save a name when the field is left, and only then", async () => {
    const { user, asked, fixtures } = openWindow("/settings");
    const name = await screen.findByRole("textbox", { name: "Your name" });
    await user.clear(name);
    await user.type(name, "Ada Okafor");
    expect(asked("settings_set")).toHaveLength(0);
    await user.tab();
    await waitFor(() => expect(fixtures.settings.technician).toBe("Ada Okafor"));
    expect(asked("settings_set")).toHaveLength(1);
  });

  it("say at the field why a value was refused", async () => {
    const { user } = openWindow("/settings", (fixtures) =>
      fixtures.failing.set("settings_set", {
        code: "input.invalid",
        what: "The interval must be at least 5 minutes",
        nextStep: "Enter 5 or more.",
        details: null,
      }),
    );
    const every = await screen.findByRole("spinbutton", { name: "Resync every (minutes)" });
    await user.clear(every);
    await user.type(every, "1{Enter}");
    expect(await screen.findByText("The interval must be at least 5 minutes. Enter 5 or more.")).toBeInTheDocument();
  });

  it("change the look at once", async () => {
    const { user } = openWindow("/settings");
    await user.click(await screen.findByRole("combobox", { name: "Theme" }));
    await user.click(await screen.findByRole("option", { name: "Dark" }));
    await waitFor(() => expect(document.querySelector("[data-look=dark]")).not.toBeNull());
  });

  it("send a test notification and say where it may be held back", async () => {
    const { user, asked } = openWindow("/settings");
    await user.click(await screen.findByRole("button", { name: "Send a test" }));
    await waitFor(() => expect(asked("notification_test")).toHaveLength(1));
    expect(await screen.findByText("A test notification was sent")).toBeInTheDocument();
  });

  it("say how to allow notifications where the system refuses them", async () => {
    openWindow("/settings", (fixtures) => {
      fixtures.notifications = { permission: "denied", howToAllow: "Open the system's settings, Notifications." };
    });
    const section = await screen.findByRole("region", { name: "Notifications" });
    expect(await within(section).findByText("Notifications do not reach you.")).toBeInTheDocument();
    expect(section).toHaveTextContent("Open the system's settings, Notifications.");
  });

  it("want both quiet hours or none", async () => {
    const { user, asked } = openWindow("/settings");
    const from = await screen.findByLabelText(/^Quiet from/);
    await user.type(from, "22:00");
    await user.tab();
    expect(await screen.findByText("Enter both times, or clear both.")).toBeInTheDocument();
    expect(asked("settings_set")).toHaveLength(0);
  });

  it("raise notifications of a kind from the severity that is chosen", async () => {
    const { user, fixtures } = openWindow("/settings");
    await user.click(await screen.findByRole("combobox", { name: "Notify from, Privileged role assigned" }));
    await user.click(await screen.findByRole("option", { name: "High" }));
    await waitFor(() => expect(fixtures.settings.notifyFrom).toEqual({ "role.privileged_assigned": "high" }));
  });

  it("say where the data lies, and warn when no credential store protects the secrets", async () => {
    const { user } = openWindow("/settings", (fixtures) => {
      fixtures.status.secretsProtected = false;
    });
    const data = await screen.findByRole("region", { name: "Data" });
    expect(await within(data).findByText("Secrets are protected by file permissions only.")).toBeInTheDocument();
    await waitFor(() => expect(data).toHaveTextContent("184,220 sign-ins"));
    expect(data).toHaveTextContent("open the tenant and choose “Remove this tenant” in its “…” menu");
    await user.click(within(data).getByRole("button", { name: "Compact" }));
    expect(await screen.findByText("It now takes 78 MB.")).toBeInTheDocument();
  });
});
