// What goes wrong outside Gatehouse, as the window tells it: what happened, what to do next, and what was read before still there.
import { emit } from "@tauri-apps/api/event";
import { act, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Problem, TenantRow } from "../bindings";
import type { Fixtures } from "../fixtures/backend";
import { guid } from "../fixtures/clock";
import { openWindow } from "../test/window";

const ID = guid(1, 0);
const PAGE = `/tenants/${ID}`;

const as = (patch: Partial<TenantRow>) => (fixtures: Fixtures) => {
  fixtures.tenants = fixtures.tenants.map((row) => (row.id === ID ? { ...row, demo: false, ...patch } : row));
};

const problem = (code: string, what: string, nextStep: string, details: string): Problem => ({
  code,
  what,
  nextStep,
  details,
});

const expired = problem(
  "signin.expired_secret",
  "The client secret of the app has expired",
  "Add a new client secret (or a certificate) in the app registration, then connect the tenant again with it",
  "AADSTS7000222",
);
const withdrawn = problem(
  "signin.consent_required",
  "The tenant no longer consents to the application",
  "Ask for consent on the tenant's page and sign in as an administrator of the tenant",
  "AADSTS65001",
);
const offline = problem(
  "network.name_unknown",
  "graph.microsoft.com could not be found: there is no network, or its name server does not answer",
  "Check the network connection, then resync",
  "dns error",
);
const proxy = problem(
  "network.proxy_page",
  "A web page came back instead of data from graph.microsoft.com: a proxy or a sign-in page of the network is in between",
  "Sign in to the network in a browser, or name the proxy in the system's settings",
  "<html><title>Welcome to Hotel Wi-Fi</title>",
);
const gone = problem(
  "signin.unknown_tenant",
  "Microsoft knows no such tenant any more",
  "Remove the tenant if the customer is gone",
  "AADSTS90002",
);

async function told(problem: Problem) {
  const bar = await waitFor(() => {
    const found = screen.getAllByTestId("problem").find((each) => each.dataset.code === problem.code);
    if (!found) throw new Error(`${problem.code} is not told`);
    return found;
  });
  expect(bar).toHaveTextContent(`${problem.what}. ${problem.nextStep}.`);
  expect(within(bar).getByRole("button", { name: "Copy details" })).toBeInTheDocument();
  // What was read before still stands.
  expect(screen.getByTestId("facts")).toHaveTextContent(/^212 users, Entra ID P1, last resync 1[12] min ago/);
  expect(screen.getByRole("table", { name: "Data health" })).toHaveTextContent("Users");
  expect(screen.getByText("94 %")).toBeInTheDocument();
  return bar;
}

describe("a tenant's page", () => {
  it.each(["granted", "noSignIn"] as const)(
    "with an expired secret (%s) tells so, and leads to the form that connects it again",
    async (consent) => {
      const { user, history } = openWindow(PAGE, as({ consent, consentProblem: expired, lastProblem: expired }));
      const bar = await told(expired);
      expect(within(bar).queryByRole("button", { name: "Ask for consent" })).toBeNull();
      await user.click(within(bar).getByRole("button", { name: "Connect again" }));
      await waitFor(() => expect(history.location.href).toBe(`/connect?tenant=${ID}`));
    },
  );

  it("with a withdrawn consent asks for it, or connects again", async () => {
    const { user, asked } = openWindow(
      PAGE,
      as({ consent: "revoked", consentProblem: withdrawn, lastProblem: withdrawn }),
    );
    const bar = await told(withdrawn);
    expect(screen.getByTestId("facts")).toHaveTextContent("consent Revoked");
    expect(within(bar).getByRole("button", { name: "Connect again" })).toBeInTheDocument();
    await user.click(within(bar).getByRole("button", { name: "Ask for consent" }));
    await waitFor(() => expect(asked("consent_start")).toEqual([{ tenant: ID }]));
  });

  it.each([
    ["without a network", offline],
    ["behind a proxy that answers with a page", proxy],
  ])("%s says so, and blames neither consent nor sign-in", async (_, problem) => {
    openWindow(PAGE, as({ lastProblem: problem }));
    const bar = await told(problem);
    expect(within(bar).queryByRole("button", { name: "Connect again" })).toBeNull();
    expect(within(bar).queryByRole("button", { name: "Ask for consent" })).toBeNull();
    expect(screen.getByTestId("facts")).toHaveTextContent("consent Granted");
    expect(screen.getByRole("button", { name: "Resync now" })).toBeEnabled();
    expect(document.body).not.toHaveTextContent("Hotel Wi-Fi");
  });

  it("of a tenant that Microsoft no longer knows says what to do, and can remove it", async () => {
    const { user } = openWindow(PAGE, as({ consent: "noSignIn", consentProblem: gone, lastProblem: gone }));
    await told(gone);
    await user.click(screen.getByRole("button", { name: "More" }));
    expect(await screen.findByRole("menuitem", { name: "Remove this tenant" })).toBeInTheDocument();
  });

  it("of a tenant that was removed meanwhile leads back to the others", async () => {
    const { user, history, fixtures } = openWindow("/tenants");
    await screen.findByRole("row", { name: /Brightwater/ });
    fixtures.tenants = fixtures.tenants.filter((row) => row.id !== ID);
    await act(() => emit("data-changed", { tenant: null }));
    await waitFor(() => expect(screen.queryByRole("row", { name: /Brightwater/ })).toBeNull());
    act(() => history.push(PAGE));
    const problem = await screen.findByRole("alert");
    expect(problem).toHaveTextContent("There is no such tenant.It may have been removed; go back to the list.");
    await user.click(within(problem).getByRole("button", { name: "All tenants" }));
    expect(await screen.findByRole("row", { name: /Halcyon/ })).toBeInTheDocument();
    expect(screen.queryByRole("row", { name: /Brightwater/ })).toBeNull();
  });

  it("follows a tenant that was renamed, wherever its name stands", async () => {
    const { fixtures } = openWindow(PAGE);
    await screen.findByRole("heading", { level: 1, name: "Brightwater Dental Group" });
    as({ displayName: "Clearwater Dental" })(fixtures);
    await act(() => emit("data-changed", { tenant: ID }));
    expect(await screen.findByRole("heading", { level: 1, name: "Clearwater Dental" })).toBeInTheDocument();
    expect(document.title).toBe("Clearwater Dental – Gatehouse");
    const nav = screen.getByRole("navigation", { name: "Main" });
    await waitFor(() => expect(nav).toHaveTextContent("Clearwater Dental"));
    expect(nav).not.toHaveTextContent("Brightwater");
  });
});

describe("a page of the tenant's data", () => {
  it("says since when it is true, and offers to ask for consent or to connect again", async () => {
    openWindow(`/tenants/${guid(1, 5)}/users`, (fixtures) => {
      fixtures.tenants = fixtures.tenants.map((row) =>
        row.id === guid(1, 5)
          ? { ...row, demo: false, consent: "revoked", consentProblem: withdrawn, lastProblem: withdrawn }
          : row,
      );
    });
    const [bar] = await screen.findAllByTestId("problem");
    if (!bar) throw new Error("no problem is told");
    expect(bar).toHaveTextContent("what is shown was read");
    expect(within(bar).getByRole("button", { name: "Connect again" })).toBeInTheDocument();
    expect(within(bar).getByRole("button", { name: "Ask for consent" })).toBeInTheDocument();
  });
});

describe("a clock that is wrong", () => {
  it("is told above every page, with what to do, until it is right again", async () => {
    const { fixtures } = openWindow("/tenants", (f) => {
      f.status.clockOff = {
        code: "signin.clock_off",
        what: "This machine's clock is 12 minutes fast",
        nextStep: "Set this machine's date and time (turn on automatic time), then try again",
        details: null,
      };
    });
    const bar = (await screen.findByText("This machine's clock is 12 minutes fast.")).parentElement;
    expect(bar).toHaveTextContent("Set this machine's date and time (turn on automatic time), then try again");
    expect(await screen.findByRole("row", { name: /Brightwater/ })).toBeInTheDocument();
    fixtures.status.clockOff = null;
    await act(() => emit("data-changed", { tenant: null }));
    await waitFor(() => expect(screen.queryByText(/clock is 12 minutes fast/)).toBeNull());
  });
});
