import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { guid } from "../fixtures/clock";
import { findDialog, openWindow } from "../test/window";
// Read before the first story's clock runs: in the window it comes when it is opened.
import "./break-glass";
import { windowProblem } from "./parts/break-glass/drill-dialogs";
import { drillState } from "./parts/break-glass/glass-words";
import { matrixSentence } from "./parts/break-glass/matrix";

const BRIGHTWATER = guid(1, 0);
const NOTOS = guid(1, 2);
const LITTLE_OAK = guid(1, 4);
const page = `/tenants/${BRIGHTWATER}/break-glass`;
const SECOND = guid(700, 2);
const CANDIDATE = guid(700, 3);
const region = (name: string) => screen.findByRole("region", { name });
const first = <T,>([one]: readonly T[]): T => {
  if (one === undefined) throw new Error("none found");
  return one;
};

describe("the break-glass page", () => {
  it("says in its head how many there are, in which group, and when they were last tested", async () => {
    openWindow(page);
    await region("The tenant as a whole");
    expect(screen.getByTestId("facts")).toHaveTextContent(
      "2 accounts, group Break-glass accounts, last drill 40 days ago",
    );
  });

  it("is reached from the navigation, from the search and from the tenant's card", async () => {
    const { user, history } = openWindow(`/tenants/${BRIGHTWATER}`);
    await user.click(first(await screen.findAllByRole("link", { name: "Break-glass" })));
    await waitFor(() => expect(history.location.pathname).toBe(page));
    await region("The tenant as a whole");
    history.push(`/tenants/${BRIGHTWATER}`);
    await region("Data health");
    const links = screen.getAllByRole("link", { name: "Break-glass" });
    expect(links).toHaveLength(2);
    await user.click(links[1] as HTMLElement);
    await waitFor(() => expect(history.location.pathname).toBe(page));
    await user.keyboard("{Control>}k{/Control}");
    await user.type(await screen.findByRole("combobox", { name: "Search" }), "break-glass of");
    expect(await screen.findByRole("option", { name: "Break-glass of this tenant" })).toBeInTheDocument();
  });

  it("gives each account its card: how it came to be one, and each point of health with evidence and next step", async () => {
    openWindow(page);
    const card = await region("Emergency 2");
    expect(card).toHaveTextContent("Confirmed by Robin Vance.");
    const points = within(card).getAllByRole("listitem");
    expect(points.map((point) => point.textContent?.slice(0, 12))).toEqual([
      expect.stringMatching(/^Yes/),
      expect.stringMatching(/^No/),
      expect.stringMatching(/^No/),
      expect.stringMatching(/^Unknown/),
      expect.stringMatching(/^No/),
    ]);
    expect(points[2]).toHaveTextContent(
      "Eligible only: activating it can need what is broken. Assign Global Administrator permanently and active.",
    );
  });

  it("points out a group that every groups administrator can change", async () => {
    openWindow(page);
    expect(await region("The tenant as a whole")).toHaveTextContent(
      /NoA group that few can change.*every groups administrator can change who is in it\. Make a new group/,
    );
  });

  it("takes a person's mark back only after a question, and only where a person set it", async () => {
    const { user, asked } = openWindow(page);
    await region("Emergency 2");
    const buttons = screen.getAllByRole("button", { name: /^Not a break-glass account/ });
    expect(buttons).toHaveLength(1);
    await user.click(first(buttons));
    const dialog = await findDialog("Not a break-glass account?");
    expect(asked("user_mark")).toHaveLength(0);
    await user.click(within(dialog).getByRole("button", { name: "Take it back" }));
    await waitFor(() =>
      expect(asked("user_mark")).toEqual([{ tenant: BRIGHTWATER, user: SECOND, mark: null, note: null }]),
    );
    await waitFor(() => expect(screen.queryByRole("region", { name: "Emergency 2" })).toBeNull());
  });

  it("asks a person about candidates, with the reasons", async () => {
    const { user, asked } = openWindow(page);
    const card = await region("Candidates");
    expect(card).toHaveTextContent(
      "Its name says so. 2 of 4 policies leave it out. It is a permanent Global Administrator.",
    );
    await user.click(within(card).getByRole("button", { name: "Confirm Notfallkonto" }));
    const dialog = await findDialog("Mark as break-glass");
    await user.type(within(dialog).getByRole("textbox", { name: "Why (optional)" }), "Envelope 2 in the safe");
    await user.click(within(dialog).getByRole("button", { name: "Mark" }));
    await waitFor(() =>
      expect(asked("user_mark")).toEqual([
        { tenant: BRIGHTWATER, user: CANDIDATE, mark: "breakGlass", note: "Envelope 2 in the safe" },
      ]),
    );
    expect(await region("Notfallkonto")).toHaveTextContent("Confirmed by Robin Vance");
    expect(screen.queryByRole("region", { name: "Candidates" })).toBeNull();
  });

  it("never suggests again what a person said is none", async () => {
    const { user, asked } = openWindow(page);
    const card = await region("Candidates");
    await user.click(within(card).getByRole("button", { name: "It is not one: Notfallkonto" }));
    const dialog = await findDialog("It is not a break-glass account");
    await user.click(within(dialog).getByRole("button", { name: "Mark" }));
    await waitFor(() =>
      expect(asked("user_mark")).toEqual([{ tenant: BRIGHTWATER, user: CANDIDATE, mark: "person", note: null }]),
    );
    await waitFor(() => expect(screen.queryByRole("region", { name: "Candidates" })).toBeNull());
  });
});

describe("the matrix", () => {
  const words = (row: HTMLElement) =>
    within(row)
      .getAllByRole("cell")
      .map((cell) => cell.textContent);

  it("has a row a policy, the worst first, and says in each cell what the policy does and why", async () => {
    openWindow(page);
    const table = within(await region("Policies against accounts")).getByRole("table");
    const [head, worst, mfa, unknown, reportOnly, excluded] = within(table).getAllByRole("row");
    expect(head).toHaveTextContent(/^Policy.*Emergency 2$/);
    expect(worst).toHaveTextContent(/^CA004 Block outside EuropeOn/);
    expect(words(worst as HTMLElement)).toEqual([
      "ExcludedExcluded by group Break-glass accounts.",
      "Reaches itApplies and blocks.Propose exclusion",
    ]);
    expect(words(mfa as HTMLElement)[1]).toBe("Asks for MFAApplies and demands MFA.Propose exclusion");
    expect(words(unknown as HTMLElement)[1]).toBe("UnknownGatehouse cannot say whether it applies to this account.");
    expect(words(reportOnly as HTMLElement)[0]).toMatch(/^Would reach it, report-only.*Propose exclusion$/);
    expect(words(excluded as HTMLElement)).toEqual(["ExcludedExcluded by name.", "ExcludedExcluded by name."]);
    expect(screen.getByTestId("matrix-sentence")).toHaveTextContent(
      "Of 6 policies 1 blocks an account or demands what it may lack in an emergency; 1 asks for MFA; 1 would reach one if turned on; 1 is unknown.",
    );
  });

  it("hides policies that leave every account alone when asked, but never what is unknown", async () => {
    const { user } = openWindow(page);
    const card = await region("Policies against accounts");
    await user.click(within(card).getByRole("switch"));
    expect(within(card).getAllByRole("row")).toHaveLength(5);
    expect(within(card).getByText("Gatehouse cannot say whether it applies to this account.")).toBeInTheDocument();
  });

  it("goes on to a change that excludes the account from the policy", async () => {
    openWindow(page);
    const link = await screen.findByRole("link", {
      name: "Propose exclusion of Emergency 2 from CA004 Block outside Europe",
    });
    expect(link).toHaveAttribute(
      "href",
      `#/tenants/${BRIGHTWATER}/changes/new?account=${SECOND}&policy=${guid(500, 3)}`,
    );
  });

  it("sums up none, one and several", () => {
    const row = (reach: "reaches" | "excluded" | "off") => ({
      policy: { id: "p", displayName: "P", state: "enabled" },
      cells: [{ account: "a", reach, why: "" }],
    });
    expect(matrixSentence([row("excluded")])).toBe("Of 1 policy none blocks an account or demands what it may lack.");
    expect(matrixSentence([row("reaches"), row("reaches"), row("off")])).toBe(
      "Of 3 policies 2 block an account or demand what it may lack in an emergency; 1 would reach one if turned on.",
    );
  });
});

describe("where no account is known", () => {
  it("shows candidates first, then how to name the group, and that the policies are unknown", async () => {
    const { user } = openWindow(`/tenants/${LITTLE_OAK}/break-glass`);
    const card = await region("Candidates");
    const empty = screen.getByText("No break-glass account is known");
    expect(card.compareDocumentPosition(empty) & Node.DOCUMENT_POSITION_FOLLOWING).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Plan a drill" })).toBeNull();
    expect(screen.getByTestId("facts")).toHaveTextContent(
      "No account is known, no group is named, no drill that worked",
    );
    const name = screen.getByRole("button", { name: "Name the group" });
    await waitFor(() => expect(name).toBeEnabled());
    await user.click(name);
    expect(await screen.findByLabelText("Break-glass group")).toBeInTheDocument();
  });

  it("does not take a group whose members were never read for an empty one", async () => {
    openWindow(page, (fixtures) => {
      const view = fixtures.breakGlass.of(first(fixtures.tenants), 0);
      if (!view.group) throw new Error("no group");
      view.accounts = [];
      view.matrix = [];
      view.group = { ...view.group, members: null, guarded: null };
    });
    expect(await screen.findByText("Who is in the group is not known")).toBeInTheDocument();
    expect(await region("The tenant as a whole")).toHaveTextContent(
      "UnknownA group that few can changeBreak-glass accounts, its members were never read",
    );
  });
});

describe("a drill", () => {
  const plan = async (user: ReturnType<typeof openWindow>["user"]) => {
    await user.click(await screen.findByRole("button", { name: "Plan a drill" }));
    return findDialog("Plan a drill");
  };

  it("is planned on the customer's clock and sent as moments in UTC", async () => {
    const { user, asked } = openWindow(`/tenants/${NOTOS}/break-glass`);
    const dialog = await plan(user);
    expect(dialog).toHaveTextContent("On the customer's clock (Europe/Athens), where it is");
    const button = within(dialog).getByRole("button", { name: "Plan the drill" });
    expect(button).toBeDisabled();
    fireEvent.change(within(dialog).getByLabelText(/^Begins/), { target: { value: "2099-07-01T22:00" } });
    fireEvent.change(within(dialog).getByLabelText(/^Ends/), { target: { value: "2099-07-02T00:30" } });
    await user.type(within(dialog).getByLabelText(/^Reason/), "Quarterly test");
    await user.click(button);
    await waitFor(() =>
      expect(asked("drill_plan")).toEqual([
        {
          drill: {
            tenant: NOTOS,
            account: null,
            startsAt: "2099-07-01T19:00:00.000Z",
            endsAt: "2099-07-01T21:30:00.000Z",
            reason: "Quarterly test",
            ticket: null,
          },
        },
      ]),
    );
    await waitFor(() => expect(screen.getAllByTestId("drill")).toHaveLength(4));
    expect(screen.getAllByTestId("drill")[0]).toHaveTextContent(
      "PlannedEvery break-glass accountWed 1 Jul, 22:00 to Thu 2 Jul, 00:30, Europe/Athens",
    );
  });

  it("begins now and lasts two hours unless somebody says otherwise, for one account where one is chosen", async () => {
    const { user, asked } = openWindow(page);
    const dialog = await plan(user);
    await user.click(within(dialog).getByRole("combobox", { name: "Account" }));
    await user.click(await screen.findByRole("option", { name: "Emergency 2" }));
    await user.type(within(dialog).getByLabelText(/^Reason/), "Test");
    const before = Date.now();
    await user.click(within(dialog).getByRole("button", { name: "Plan the drill" }));
    await waitFor(() => expect(asked("drill_plan")).toHaveLength(1));
    const { drill } = first(asked("drill_plan")) as { drill: { account: string; startsAt: string; endsAt: string } };
    expect(drill.account).toBe(SECOND);
    expect(Date.parse(drill.endsAt) - Date.parse(drill.startsAt)).toBe(2 * 3_600_000);
    expect(Math.abs(before - Date.parse(drill.startsAt))).toBeLessThan(5 * 60_000);
  });

  it("says which window cannot be, before it is sent", () => {
    const at = (text: string) => new Date(`2026-11-21T${text}:00Z`);
    const now = at("12:00");
    expect(windowProblem(at("12:00"), at("14:00"), now)).toBeNull();
    expect(windowProblem(at("11:58"), at("14:00"), now)).toBeNull();
    expect(windowProblem(at("11:00"), at("14:00"), now)?.begins).toMatch(/past/);
    expect(windowProblem(at("14:00"), at("14:00"), now)?.ends).toBe("The end is not after the beginning");
    expect(windowProblem(at("12:00"), new Date("2026-11-22T12:00:00Z"), now)).toBeNull();
    expect(windowProblem(at("12:00"), new Date("2026-11-22T12:01:00Z"), now)?.ends).toMatch(/^At most 24 hours/);
    expect(windowProblem(null, at("14:00"), now)?.begins).toMatch(/does not exist/);
  });

  it("asks for the ticket that the tenant demands, and shows the shell's refusal beside the fields that still stand", async () => {
    const { user, fixtures, asked } = openWindow(page, (fixtures) => {
      const row = first(fixtures.tenants);
      row.ticketPattern = "T-\\d+";
      fixtures.failing.set("drill_plan", {
        code: "rules.ticket_mismatch",
        what: "The ticket does not fit what this tenant demands",
        nextStep: "Give one such as T-1234",
        details: null,
      });
    });
    const dialog = await plan(user);
    await user.type(within(dialog).getByLabelText(/^Reason/), "Test");
    const button = within(dialog).getByRole("button", { name: "Plan the drill" });
    expect(button).toBeDisabled();
    await user.type(within(dialog).getByLabelText(/^Ticket/), "abc");
    await user.click(button);
    const problem = await within(dialog).findByTestId("problem");
    expect(problem).toHaveAttribute("data-code", "rules.ticket_mismatch");
    expect(within(dialog).getByLabelText(/^Reason/)).toHaveValue("Test");
    fixtures.failing.clear();
    await user.click(button);
    await waitFor(() => expect(screen.queryByRole("heading", { name: "Plan a drill" })).toBeNull());
    expect(asked("drill_plan")).toHaveLength(2);
  });

  it("that failed needs a note on what failed; one that worked does not", async () => {
    const { user, asked } = openWindow(page);
    await user.click(await screen.findByRole("button", { name: /^Record how it went: Emergency 2/ }));
    const dialog = await findDialog("How did the drill go?");
    const record = within(dialog).getByRole("button", { name: "Record" });
    expect(record).toBeDisabled();
    await user.click(within(dialog).getByRole("radio", { name: /^It worked/ }));
    expect(record).toBeEnabled();
    await user.click(within(dialog).getByRole("radio", { name: "It did not work" }));
    expect(record).toBeDisabled();
    await user.type(within(dialog).getByLabelText(/^What failed/), "The key's PIN was lost");
    await user.click(record);
    await waitFor(() =>
      expect(asked("drill_finish")).toEqual([{ id: 2, worked: false, note: "The key's PIN was lost" }]),
    );
    await waitFor(() => expect(screen.getAllByTestId("drill")[1]).toHaveTextContent("Did not work"));
    expect(screen.getAllByTestId("drill")[1]).toHaveTextContent("The key's PIN was lost. Recorded by Robin Vance.");
  });

  it("is cancelled after a question", async () => {
    const { user, asked } = openWindow(page);
    await user.click(await screen.findByRole("button", { name: /^Cancel: Every break-glass account/ }));
    const dialog = await findDialog("Cancel this drill?");
    await user.click(within(dialog).getByRole("button", { name: "Cancel the drill" }));
    await waitFor(() => expect(asked("drill_cancel")).toEqual([{ id: 3 }]));
    await waitFor(() => expect(first(screen.getAllByTestId("drill"))).toHaveTextContent("Cancelled"));
  });

  it("begins and ends while the page stays open", () => {
    const drill = { state: "planned" as const, startsAt: "2026-11-21T12:00:00Z", endsAt: "2026-11-21T14:00:00Z" };
    const at = (text: string) => drillState(drill, new Date(`2026-11-21T${text}:00Z`));
    expect([at("11:59"), at("12:00"), at("14:00"), at("14:01")]).toEqual([
      "planned",
      "running",
      "running",
      "unanswered",
    ]);
    expect(drillState({ ...drill, state: "worked" }, new Date("2026-11-21T11:00:00Z"))).toBe("worked");
  });

  it("marks what happened inside its window among the events", async () => {
    openWindow(page);
    const events = within(await region("Recent events")).getAllByRole("listitem");
    expect(events).toHaveLength(3);
    expect(events.map((event) => event.textContent?.includes("planned drill"))).toEqual([false, false, true]);
  });
});
