import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { TenantRow } from "../bindings";
import type { Fixtures } from "../fixtures/backend";
import { guid } from "../fixtures/clock";
import { openWindow } from "../test/window";

const ID = guid(1, 0);
const CLIENT = "9b2f7b0e-1c7c-4a53-8a52-0d2f7b0e1c7c";
const AGAIN = `/connect?tenant=${ID}`;

const as = (patch: Partial<TenantRow>) => (fixtures: Fixtures) => {
  fixtures.tenants = fixtures.tenants.map((row) => (row.id === ID ? { ...row, demo: false, ...patch } : row));
};
const secret = { connected: { clientId: CLIENT, cloud: { kind: "usGovernment" }, by: "secret" } } as const;

describe("connecting a tenant again", () => {
  it("is offered on its page, and keeps everything but the credential", async () => {
    const { user, asked, history, fixtures } = openWindow(`/tenants/${ID}`, as(secret));
    await user.click(await screen.findByRole("button", { name: "More" }));
    await user.click(await screen.findByRole("menuitem", { name: "Connect again" }));
    await waitFor(() => expect(history.location.href).toBe(AGAIN));
    await screen.findByRole("heading", { level: 1, name: "Connect Brightwater Dental Group again" });
    expect(screen.getByTestId("facts")).toHaveTextContent("Everything that was synced and all settings stay.");
    expect(screen.queryByRole("tab")).toBeNull();
    expect(screen.getByRole("textbox", { name: /^Tenant/ })).toHaveValue(ID);
    expect(screen.getByRole("combobox", { name: "Cloud" })).toHaveTextContent("US Government");
    expect(screen.getByRole("textbox", { name: /client/ })).toHaveValue(CLIENT);
    expect(screen.getByRole("radio", { name: /client secret/ })).toBeChecked();
    const field = screen.getByLabelText(/^Client secret/);
    await waitFor(() => expect(field).toHaveFocus());
    await user.keyboard("s3cret~value");
    fixtures.connecting = fixtures.tenants.slice(0, 1).map((tenant) => ({ phase: "connected", tenant }));
    await user.click(screen.getByRole("button", { name: "Connect" }));
    await waitFor(() =>
      expect(asked("connect_start")).toEqual([
        {
          request: {
            tenant: ID,
            clientId: CLIENT,
            cloud: { kind: "usGovernment" },
            credential: { kind: "secret", secret: "s3cret~value" },
          },
        },
      ]),
    );
    expect((await screen.findAllByText("Brightwater Dental Group is connected again")).length).toBeGreaterThan(0);
    await waitFor(() => expect(history.location.pathname).toBe(`/tenants/${ID}`));
  });

  it("knows the addresses of a cloud of one's own, and leads back to the tenant", async () => {
    const cloud = { kind: "custom", graphUrl: "http://127.0.0.1:8080", loginUrl: "http://127.0.0.1:8081" } as const;
    const { user, history } = openWindow(AGAIN, as({ connected: { clientId: CLIENT, cloud, by: "certificate" } }));
    expect(await screen.findByRole("textbox", { name: /^Graph address/ })).toHaveValue(cloud.graphUrl);
    expect(screen.getByRole("textbox", { name: /^Login address/ })).toHaveValue(cloud.loginUrl);
    expect(screen.getByRole("radio", { name: /certificate/ })).toBeChecked();
    expect(screen.getByRole("button", { name: "Choose a file" })).toHaveFocus();
    await user.click(screen.getByRole("button", { name: "Cancel" }));
    await waitFor(() => expect(history.location.pathname).toBe(`/tenants/${ID}`));
  });

  it("lands on the ways to sign in where a person signs in", async () => {
    openWindow(AGAIN, as({ connected: { clientId: CLIENT, cloud: { kind: "global" }, by: "person" } }));
    const browser = await screen.findByRole("radio", { name: /with the browser/ });
    expect(browser).toBeChecked();
    expect(browser).toHaveFocus();
  });

  it.each([
    ["a tenant that is not known", `/connect?tenant=${guid(9, 9)}`],
    ["a demo tenant", `/connect?tenant=${guid(1, 1)}`],
  ])("is the ordinary form for %s", async (_, address) => {
    openWindow(address, as(secret));
    await screen.findByRole("heading", { level: 1, name: "Connect a tenant" });
    expect(screen.getByRole("textbox", { name: /^Tenant/ })).toHaveValue("");
  });

  it("is not offered for a demo tenant", async () => {
    const { user } = openWindow(`/tenants/${guid(1, 5)}`);
    const [bar] = await screen.findAllByTestId("problem");
    if (!bar) throw new Error("no problem is shown");
    expect(within(bar).queryByRole("button", { name: "Connect again" })).toBeNull();
    await user.click(screen.getByRole("button", { name: "More" }));
    await screen.findByRole("menuitem", { name: "Remove this tenant" });
    expect(screen.queryByRole("menuitem", { name: "Connect again" })).toBeNull();
  });
});
