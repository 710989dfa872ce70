import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { guid } from "../fixtures/clock";
import { openWindow } from "../test/window";

const BRIGHTWATER = guid(1, 0);
const NAKHEEL = guid(1, 6);
const page = `/tenants/${BRIGHTWATER}/sign-ins`;
const rows = () => screen.getAllByRole("row").map((row) => row.getAttribute("aria-label") ?? "");
const listed = () => waitFor(() => expect(rows().length).toBeGreaterThan(3));

describe("sign-ins", () => {
  it("show result, user, application and the reason in plain English", async () => {
    openWindow(page);
    await listed();
    expect(rows().some((row) => /^Failure: .+, Blocked: CA004/.test(row))).toBe(true);
    expect(screen.getByTestId("shown")).toHaveTextContent("6,360 sign-ins");
  });

  it("have the failures of 7 days one click away, and keep that in the address", async () => {
    const { user, history, asked } = openWindow(page);
    await listed();
    await user.click(screen.getByRole("button", { name: "Failures, 7 days" }));
    await waitFor(() => expect(history.location.search).toBe("?result=failure&days=7"));
    await waitFor(() => expect(rows().every((row) => row.startsWith("Failure") || row === "Loading")).toBe(true));
    expect(asked("sign_ins_list").at(-1)).toMatchObject({
      filter: { tenant: BRIGHTWATER, result: "failure", days: 7 },
    });
    expect(screen.getByRole("button", { name: "Failures, 7 days" })).toHaveAttribute("aria-pressed", "true");
    await user.click(screen.getByRole("button", { name: "Failures, 7 days" }));
    await waitFor(() => expect(history.location.search).toBe(""));
  });

  it("combine the presets, and each leaves with its chip", async () => {
    const { user, history } = openWindow(`${page}?blocked=1&legacy=1`);
    await screen.findByRole("button", { name: "Remove filter Legacy authentication" });
    await user.click(screen.getByRole("button", { name: "Remove filter Blocked by Conditional Access" }));
    await waitFor(() => expect(history.location.search).toBe("?legacy=1"));
  });

  it("name the user an alert sent us to look at", async () => {
    const user = guid(100, 3);
    const { asked, fixtures } = openWindow(`${page}?user=${user}`);
    await screen.findByRole("button", { name: /^Remove filter User: (?!one user)/ });
    expect(fixtures.asked.some((each) => each.command === "user_get")).toBe(true);
    expect(asked("sign_ins_list").at(-1)).toMatchObject({ filter: { userId: user } });
  });

  it("open beside the list: why, what next, and every policy with its result and meaning", async () => {
    const { user, history } = openWindow(`${page}?blocked=1`);
    await listed();
    const [row] = screen.getAllByRole("row", { name: /^Failure: .*Blocked: CA004/ });
    if (!row) throw new Error("no blocked sign-in");
    await user.click(row);
    const panel = await screen.findByRole("dialog");
    await within(panel).findByText("Entra weighed 2 policies");
    expect(within(panel).getByRole("group", { name: "Why" })).toHaveTextContent(
      /Failure.*Blocked: CA004 Block outside Europe.*time-limited exception/,
    );
    const policies = within(panel).getByRole("region", { name: "Policies" });
    expect(policies).toHaveTextContent("CA004 Block outside Europe");
    expect(policies).toHaveTextContent("RefusedBlocked the sign-in: the country is not allowed.");
    expect(within(panel).getByText(/Code 53003/)).toBeInTheDocument();
    expect(history.location.search).toContain("open=");
    await user.click(within(panel).getByRole("button", { name: "Open the user" }));
    await waitFor(() => expect(history.location.pathname).toContain("/users/"));
  });

  it("say in the panel what to tell the user, what it is put down to, and the ways out", async () => {
    const { user, history } = openWindow(`${page}?blocked=1`);
    await listed();
    const [row] = screen.getAllByRole("row", { name: /^Failure: .*Blocked: CA004/ });
    if (!row) throw new Error("no blocked sign-in");
    await user.click(row);
    const panel = await screen.findByRole("dialog");
    expect(await within(panel).findByRole("group", { name: "Why" })).toHaveTextContent(
      /Say to the user“Tell me where you are.*You: If the person/,
    );
    const triage = await within(panel).findByRole("region", { name: "Triage" });
    expect(triage).toHaveTextContent(
      /CA004 Block outside Europe14 failures of this user in 7 days.*Place: Lagos, NG is not in Europe/,
    );
    expect(triage).not.toHaveTextContent("Say to the user");
    await user.click(within(triage).getByRole("button", { name: "Time-bound access" }));
    await waitFor(() => expect(history.location.pathname).toBe(`/tenants/${BRIGHTWATER}/time-bound-access/new`));
  });

  it("answer above the list why one user cannot get in", async () => {
    const { user, history } = openWindow(`${page}?user=${guid(100, 3)}&result=failure&days=7`);
    const strip = await screen.findByRole("region", { name: "Why this user cannot get in" });
    expect(strip).toHaveTextContent(
      /^CA004 Block outside Europe refused 14 of 19 failing sign-ins\..*Place: Lagos, NG is not in Europe\..*What separates them: country\./,
    );
    await user.click(within(strip).getByRole("button", { name: "Why, and the ways out" }));
    await waitFor(() => expect(history.location.pathname).toBe(`/tenants/${BRIGHTWATER}/users/${guid(100, 3)}`));
  });

  it("answer it for a UPN that was typed, once it is whole, and only among failures", async () => {
    const upn = "user4@brightwater.example";
    const { asked, user } = openWindow(`${page}?text=${upn}`);
    const preset = await screen.findByRole("button", { name: "Failures, 7 days" });
    expect(asked("triage_user")).toHaveLength(0);
    await user.click(preset);
    await waitFor(() => expect(asked("triage_user")).toEqual([{ tenant: BRIGHTWATER, user: upn }]));
  });

  it("say nothing above the list for a UPN that nobody has", async () => {
    const { asked } = openWindow(`${page}?result=failure&days=7&text=nobody@nowhere.example`);
    await waitFor(() =>
      expect(asked("triage_user")).toEqual([{ tenant: BRIGHTWATER, user: "nobody@nowhere.example" }]),
    );
    expect(screen.queryByRole("region", { name: "Why this user cannot get in" })).toBeNull();
    expect(screen.queryByTestId("problem")).toBeNull();
  });

  it("narrow to what is seen in one of them", async () => {
    const { user, history } = openWindow(`${page}?open=${guid(300, 5)}`);
    const panel = await screen.findByRole("dialog");
    await user.click(await within(panel).findByRole("button", { name: /^Show only sign-ins to / }));
    await waitFor(() => expect(history.location.search).toMatch(/^\?app=[0-9a-f-]{36}$/));
  });

  it("are unknown, never zero, where they could not be read, with the reason and the next step", async () => {
    openWindow(`/tenants/${NAKHEEL}/sign-ins`);
    expect(await screen.findByText("Sign-ins are unknown")).toBeInTheDocument();
    expect(screen.getByTestId("problem")).toHaveTextContent(
      "Sign-ins: unknown. The permission AuditLog.Read.All was not granted. Ask for consent again.",
    );
    expect(within(screen.getByTestId("problem")).getByRole("button", { name: "Ask for consent" })).toBeEnabled();
  });

  it("say what happened when the list cannot be read", async () => {
    openWindow(page, (fixtures) =>
      fixtures.failing.set("sign_ins_list", {
        code: "store.busy",
        what: "The database is busy",
        nextStep: "Try again in a moment.",
        details: null,
      }),
    );
    expect(await screen.findByText("The database is busy.")).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "Try again" })).toBeEnabled();
  });

  it("are narrowed to an application and a country that are found by typing", async () => {
    const { user, history, asked } = openWindow(page);
    await listed();
    const apps = screen.getByRole("combobox", { name: "Application" });
    await user.click(apps);
    await user.type(apps, "teams");
    await user.click(await screen.findByRole("option", { name: /Teams/ }));
    await waitFor(() => expect(history.location.search).toMatch(/app=/));
    expect(await screen.findByRole("button", { name: /^Remove filter Application: .*Teams/ })).toBeInTheDocument();
    const countries = screen.getByRole("combobox", { name: "Country" });
    await user.click(countries);
    await user.type(countries, "netherlands");
    await user.click(await screen.findByRole("option", { name: "Netherlands (NL)" }));
    await waitFor(() => expect(asked("sign_ins_list").at(-1)).toMatchObject({ filter: { country: "NL" } }));
    await user.click(screen.getByRole("button", { name: "Remove filter Country: Netherlands (NL)" }));
    await waitFor(() => expect(history.location.search).not.toMatch(/country=/));
  });

  it("hand over the selected people's UPNs", async () => {
    const { user } = openWindow(page);
    await listed();
    const list = screen.getByRole("grid", { name: "Sign-ins" });
    list.focus();
    await user.keyboard(" {ArrowDown} ");
    const bar = screen.getByRole("toolbar", { name: "Selected rows" });
    expect(bar).toHaveTextContent("2 selected");
    await user.click(within(bar).getByRole("button", { name: "Copy UPNs" }));
    await waitFor(async () => expect(await navigator.clipboard.readText()).toMatch(/@/));
    await waitFor(() => expect(screen.queryByRole("toolbar", { name: "Selected rows" })).toBeNull());
  });

  it("export exactly what is shown", async () => {
    const { user, asked } = openWindow(`${page}?legacy=1&text=teams`);
    await listed();
    await user.click(screen.getByRole("button", { name: "Export" }));
    await waitFor(() => expect(asked("sign_ins_export")).toHaveLength(1));
    expect(asked("sign_ins_export")[0]).toMatchObject({
      filter: { tenant: BRIGHTWATER, legacy: true, text: "teams", window: { sort: "at", descending: true } },
      path: "/home/robin/Documents/export.csv",
    });
    expect(await screen.findByText(/^Exported \d+ sign-ins$/)).toBeInTheDocument();
  });
});
