import { emit } from "@tauri-apps/api/event";
import { act, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { driftFacts } from "../components/drift";
import { makeTenants } from "../fixtures/fleet";
import { findDialog, openWindow } from "../test/window";
import { clientFault, tenantFault } from "./connect";
import { compareTenants } from "./tenants";

const tenantId = (name: string) => makeTenants().find((tenant) => tenant.displayName.startsWith(name))?.id ?? "";

describe("the dashboard", () => {
  it("shows what is wrong first, and one click leads to the alert", async () => {
    const { user, history } = openWindow("/");
    const alerts = await screen.findByRole("region", { name: "Open alerts" });
    const [first] = within(alerts).getAllByRole("link");
    expect(first).toHaveTextContent("Critical");
    if (first) await user.click(first);
    await waitFor(() => expect(history.location.pathname).toMatch(/^\/alerts\/\d+$/));
  });

  it("names tenants whose MFA is unknown instead of hiding them in the bar", async () => {
    openWindow("/");
    const mfa = await screen.findByRole("region", { name: "MFA of the fleet" });
    expect(mfa).toHaveTextContent("could not be read: شركة النخيل للتجارة");
  });

  it("has a designed state for nothing wrong", async () => {
    openWindow("/", (fixtures) => {
      fixtures.alerts = [];
      fixtures.tenants = fixtures.tenants.slice(0, 2);
    });
    expect(await screen.findByText("All quiet")).toBeInTheDocument();
    expect(screen.getByText(/None: every tenant can be read/)).toBeInTheDocument();
  });

  it("is not quiet about what it could not read", async () => {
    const { unmount } = openWindow("/", (fixtures) => {
      fixtures.alerts = [];
    });
    const alerts = await screen.findByRole("region", { name: "Open alerts" });
    expect(within(alerts).getByText("No alert is open")).toBeInTheDocument();
    expect(alerts).toHaveTextContent("But 3 of 8 tenants could not be read whole, so something may have gone unseen.");
    unmount();
    openWindow("/alerts", (fixtures) => {
      fixtures.alerts = [];
      fixtures.tenants = fixtures.tenants.filter((tenant) => tenant.consent === "revoked");
    });
    expect(await screen.findByText(/But no tenant could be read whole lately/)).toBeInTheDocument();
    expect(screen.queryByText("All quiet")).toBeNull();
  });
});

describe("the first start", () => {
  it("leads to the welcome page, and from there to the demo fleet", async () => {
    const { user, history, asked } = openWindow("/", (fixtures) => {
      fixtures.tenants = [];
      fixtures.alerts = [];
    });
    await waitFor(() => expect(history.location.pathname).toBe("/welcome"));
    await screen.findByRole("heading", { name: "Welcome to Gatehouse" });
    await user.click(screen.getByRole("button", { name: "Open the demo fleet" }));
    await waitFor(() => expect(asked("demo_open")).toHaveLength(1));
    await waitFor(() => expect(history.location.pathname).toBe("/"));
    expect(await screen.findByRole("region", { name: "Open alerts" })).toBeInTheDocument();
  });

  it("shows only the store's problem when it cannot be opened", async () => {
    openWindow("/", (fixtures) => {
      fixtures.status.problem = {
        code: "store.newer_schema",
        what: "The database was written by a newer Gatehouse",
        nextStep: "Install the newer version, or choose another folder",
        details: null,
      };
    });
    expect(await screen.findByRole("alert")).toHaveTextContent(
      "The database was written by a newer Gatehouse.Nothing was changed or deleted.",
    );
    expect(screen.queryByRole("navigation")).toBeNull();
  });

  it("sets a damaged database aside when asked to, says where it lies, and goes on with a fresh one", async () => {
    const { user, asked, history } = openWindow("/", (fixtures) => {
      fixtures.status.problem = {
        code: "store.corrupt",
        what: "The database is damaged",
        nextStep: "Choose “Set the database aside”",
        details: null,
      };
    });
    await user.click(await screen.findByRole("button", { name: "Set the database aside" }));
    const dialog = await findDialog("Set the database aside?");
    expect(dialog).toHaveTextContent("nothing is deleted");
    expect(asked("store_set_aside")).toHaveLength(0);
    await user.click(within(dialog).getByRole("button", { name: "Set it aside" }));
    expect(await screen.findByText("A fresh database has begun.")).toBeInTheDocument();
    expect(screen.getByText(/gatehouse\..*\.damaged-/)).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Continue" }));
    await waitFor(() => expect(history.location.pathname).toBe("/welcome"));
  });

  it("offers no fresh database where that would not help", async () => {
    openWindow("/", (fixtures) => {
      fixtures.status.problem = {
        code: "store.disk_full",
        what: "The disk is full",
        nextStep: "Free some space",
        details: null,
      };
    });
    expect(await screen.findByRole("button", { name: "Try again" })).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Set the database aside" })).toBeNull();
  });
});

describe("the fleet", () => {
  it("shows unknown MFA as unknown, and a stale tenant as such", async () => {
    openWindow("/tenants");
    const unknown = await screen.findByRole("row", { name: /شركة النخيل/ });
    expect(unknown).toHaveAccessibleName(expect.stringContaining("MFA unknown"));
    expect(unknown).toHaveTextContent("–");
    expect(unknown).not.toHaveTextContent("0 %");
    expect(screen.getByTestId("facts")).toHaveTextContent("8 customers, 2 not synced for 24 h");
  });

  it("filters as one types and sorts by last resync in one click", async () => {
    const { user, history } = openWindow("/tenants");
    await screen.findByRole("row", { name: /Brightwater/ });
    await user.click(screen.getByRole("button", { name: /^Last resync/ }));
    await waitFor(() => expect(history.location.search).toBe("?sort=lastResync"));
    expect(screen.getAllByRole("row")[0]).toHaveAccessibleName(expect.stringContaining("Fjordlys"));
    await user.type(screen.getByRole("searchbox", { name: "Filter by name or domain" }), "legal");
    await waitFor(() => expect(screen.getAllByRole("row")).toHaveLength(1));
    expect(screen.getByTestId("shown")).toHaveTextContent("1 of 8 tenants");
  });

  it("exports exactly what is shown, in its order, or only what is selected", async () => {
    const { user, asked } = openWindow("/tenants?sort=lastResync&text=legal");
    const row = await screen.findByRole("row", { name: /Halcyon/ });
    await user.click(screen.getByRole("button", { name: "Export" }));
    await waitFor(() => expect(asked("tenants_export")).toHaveLength(1));
    expect(asked("tenants_export")[0]).toEqual({
      ids: [tenantId("Halcyon")],
      path: "/home/robin/Documents/export.csv",
    });
    await user.click(within(row).getByRole("checkbox"));
    await user.click(screen.getByRole("button", { name: "Export selected" }));
    await waitFor(() => expect(asked("tenants_export")).toHaveLength(2));
  });

  it("keeps unknown last, whichever way MFA is sorted", () => {
    for (const descending of [false, true]) {
      const sorted = makeTenants().sort(compareTenants("mfa", descending));
      expect(sorted.at(-1)?.displayName).toBe("شركة النخيل للتجارة");
    }
  });

  it("offers the two ways in when there is no customer", async () => {
    openWindow("/tenants", (fixtures) => {
      fixtures.tenants = [];
    });
    expect(await screen.findByText("No customer is connected yet")).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "Open the demo fleet" })).toBeInTheDocument();
  });
});

describe("a tenant", () => {
  it("says of every kind of data whether it was read, and asks for what is missing", async () => {
    const { user, asked } = openWindow(`/tenants/${tenantId("شركة")}`);
    const health = await screen.findByRole("table", { name: "Data health" });
    expect(within(health).getByRole("row", { name: /^Sign-ins/ })).toHaveTextContent("No permission");
    expect(screen.getByText("MFA registration could not be read")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Ask for consent" }));
    await waitFor(() => expect(asked("consent_start")).toHaveLength(1));
  });

  it("says that consent was granted although the notice that asked for it has gone by itself", async () => {
    const id = tenantId("Little Oak");
    const { user, asked, fixtures } = openWindow(`/tenants/${id}`, (fixtures) => {
      const tenant = fixtures.tenants.find((each) => each.id === id);
      if (tenant) tenant.missingWritePermissions = ["Policy.ReadWrite.ConditionalAccess"];
      fixtures.connecting = [{ phase: "checking" }];
    });
    await user.click(await screen.findByRole("button", { name: "Ask for consent" }));
    await findDialog("Admin consent");
    const tenant = fixtures.tenants.find((each) => each.id === id);
    if (!tenant) throw new Error("no such tenant");
    // The tenant's own news arrives before the attempt is looked at again.
    tenant.missingWritePermissions = [];
    await act(() => emit("data-changed", { tenant: id }));
    await waitFor(() => expect(document.body).not.toHaveTextContent("Writing is on, but"));
    expect(screen.getByRole("heading", { name: "Admin consent" })).toBeInTheDocument();
    fixtures.connecting = [{ phase: "connected", tenant }];
    expect(await screen.findByText("Consent is granted", {}, { timeout: 3000 })).toBeInTheDocument();
    await waitFor(() => expect(asked("sync_start")).toEqual([{ tenants: [id], full: false }]));
  });

  it("is resynced by its button and by Ctrl R", async () => {
    const id = tenantId("Brightwater");
    const { user, asked } = openWindow(`/tenants/${id}`);
    await user.click(await screen.findByRole("button", { name: "Resync now" }));
    await waitFor(() => expect(asked("sync_start")).toEqual([{ tenants: [id], full: false }]));
    await user.keyboard("{Control>}r{/Control}");
    await waitFor(() => expect(asked("sync_start")).toHaveLength(2));
  });

  it("is removed only after its name was typed", async () => {
    const { user, asked, history } = openWindow(`/tenants/${tenantId("Little Oak")}`);
    await user.click(await screen.findByRole("button", { name: "More" }));
    await user.click(await screen.findByRole("menuitem", { name: "Remove this tenant" }));
    const dialog = await screen.findByRole("dialog");
    const remove = within(dialog).getByRole("button", { name: "Remove" });
    expect(remove).toBeDisabled();
    await user.type(within(dialog).getByRole("textbox"), "Little Oak Nursery");
    await user.click(remove);
    await waitFor(() => expect(asked("tenant_remove")).toHaveLength(1));
    await waitFor(() => expect(history.location.pathname).toBe("/tenants"));
  });

  it("saves only what was changed of its settings", async () => {
    const { user, asked } = openWindow(`/tenants/${tenantId("Little Oak")}`);
    await user.click(await screen.findByRole("button", { name: "Tenant settings" }));
    const dialog = await screen.findByRole("dialog");
    await user.type(within(dialog).getByRole("textbox", { name: /Break-glass group/ }), "Emergency");
    await user.click(within(dialog).getByRole("button", { name: "Save" }));
    await waitFor(() => expect(asked("tenant_set")[0]).toMatchObject({ settings: { breakGlassGroup: "Emergency" } }));
  });
});

describe("the rules for changing a tenant", () => {
  it("keeps writing off until it is turned on, and saves the rules that were changed", async () => {
    const { user, asked } = openWindow(`/tenants/${tenantId("Little Oak")}`);
    await user.click(await screen.findByRole("button", { name: "Tenant settings" }));
    const dialog = await screen.findByRole("dialog");
    const writes = within(dialog).getByRole("switch", { name: "Gatehouse may write to this tenant" });
    expect(writes).not.toBeChecked();
    await user.click(writes);
    await user.click(within(dialog).getByRole("switch", { name: /second technician/ }));
    await user.type(within(dialog).getByRole("textbox", { name: /Ticket number/ }), "T-\\d+");
    const names = within(dialog).getByRole("textbox", { name: /Technicians who may act/ });
    await user.type(names, "Someone else");
    expect(within(dialog).getByText(/is not among them/)).toBeInTheDocument();
    await user.clear(names);
    await user.click(within(dialog).getByRole("button", { name: "Save" }));
    await waitFor(() =>
      expect(asked("tenant_set")[0]).toMatchObject({
        settings: { writes: true, secondApproval: true, ticketPattern: "T-\\d+" },
      }),
    );
    expect(asked("tenant_set")[0]).not.toHaveProperty("settings.technicians");
  });

  it("says what writing lacks, and offers to ask for it", async () => {
    const id = tenantId("Little Oak");
    openWindow(`/tenants/${id}`, (f) => {
      f.tenants = f.tenants.map((row) =>
        row.id === id ? { ...row, writes: true, missingWritePermissions: ["GroupMember.ReadWrite.All"] } : row,
      );
    });
    expect(await screen.findByText(/GroupMember.ReadWrite.All/)).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "Ask for consent" })).toBeInTheDocument();
  });
});

describe("connecting", () => {
  it("says what is wrong with a tenant before anything is asked", () => {
    expect(tenantFault("contoso.com", "browser")).toBeNull();
    expect(tenantFault("9b2f7b0e-1c7c-4a53-8a52-0d2f7b0e1c7c", "secret")).toBeNull();
    expect(tenantFault("", "browser")).toMatch(/Enter/);
    expect(tenantFault("amelia@contoso.com", "browser")).toMatch(/part after the @/);
    expect(tenantFault("https://contoso.com", "browser")).not.toBeNull();
    expect(tenantFault("organizations", "browser")).toBeNull();
    expect(tenantFault("organizations", "certificate")).not.toBeNull();
    expect(clientFault("not an id")).not.toBeNull();
  });

  it("shows the code and the page of a device code sign-in, then opens the tenant", async () => {
    const { user, asked, history, fixtures } = openWindow("/connect", (f) => {
      f.connecting = [
        {
          phase: "waitingForCode",
          url: "https://microsoft.com/devicelogin",
          code: "H7QX2LMKR",
          expiresAt: new Date(Date.now() + 900_000).toISOString(),
        },
      ];
    });
    await user.type(await screen.findByRole("textbox", { name: /^Tenant/ }), "contoso.com");
    await user.type(screen.getByRole("textbox", { name: /client/ }), "9b2f7b0e-1c7c-4a53-8a52-0d2f7b0e1c7c");
    await user.click(screen.getByRole("radio", { name: /Sign in with a code/ }));
    await user.click(screen.getByRole("button", { name: "Connect" }));
    expect(await screen.findByTestId("device-code")).toHaveTextContent("H7QX2LMKR");
    expect(asked("connect_start")[0]).toMatchObject({
      request: { tenant: "contoso.com", credential: { kind: "deviceCode" }, cloud: { kind: "global" } },
    });
    const [tenant] = fixtures.tenants;
    if (tenant) fixtures.connecting = [{ phase: "connected", tenant }];
    await waitFor(() => expect(history.location.pathname).toBe(`/tenants/${tenant?.id}`), { timeout: 5000 });
  });

  it("tells a failure with its next step and leads back to the form as it was", async () => {
    const { user } = openWindow("/connect", (f) => {
      f.connecting = [
        {
          phase: "failed",
          problem: {
            code: "signin.unknown_tenant",
            what: "There is no tenant contosso.com",
            nextStep: "Check the spelling",
            details: null,
          },
        },
      ];
    });
    await user.type(await screen.findByRole("textbox", { name: /^Tenant/ }), "contosso.com");
    await user.type(screen.getByRole("textbox", { name: /client/ }), "9b2f7b0e-1c7c-4a53-8a52-0d2f7b0e1c7c");
    await user.click(screen.getByRole("button", { name: "Connect" }));
    expect(await screen.findByRole("alert")).toHaveTextContent(
      "There is no tenant contosso.com.No tenant was added or changed.Check the spelling.",
    );
    await user.click(screen.getByRole("button", { name: "Back to the form" }));
    expect(screen.getByRole("textbox", { name: /^Tenant/ })).toHaveValue("contosso.com");
  });

  it("never keeps a client secret in the form once it was sent", async () => {
    const { user, asked } = openWindow("/connect", (f) => {
      f.connecting = [{ phase: "cancelled" }];
    });
    await user.type(await screen.findByRole("textbox", { name: /^Tenant/ }), "contoso.com");
    await user.type(screen.getByRole("textbox", { name: /client/ }), "9b2f7b0e-1c7c-4a53-8a52-0d2f7b0e1c7c");
    await user.click(screen.getByRole("radio", { name: /client secret/ }));
    await user.type(screen.getByLabelText(/^Client secret/), "s3cret~value");
    await user.click(screen.getByRole("button", { name: "Connect" }));
    await waitFor(() => expect(asked("connect_start")).toHaveLength(1));
    await user.click(await screen.findByRole("button", { name: "Back to the form" }));
    expect(screen.getByLabelText(/^Client secret/)).toHaveValue("");
  });
});

describe("drift", () => {
  it("that was not judged is unknown, whatever its zeros say", () => {
    const zeros = { critical: 0, high: 0, medium: 0, low: 0, unknown: 0, met: 0, unprotected: null };
    const summary = { ...zeros, baseline: "Built-in", judgedAt: null };
    expect(driftFacts(null)).toBeNull();
    expect(driftFacts(summary)).toBeNull();
    expect(driftFacts({ ...summary, met: 40 })?.total).toBe(0);
    expect(driftFacts({ ...summary, high: 2, low: 1 })?.gaps).toEqual([
      ["high", 2],
      ["low", 1],
    ]);
  });
});
