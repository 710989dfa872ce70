import { screen, waitFor, within } from "@testing-library/react";
import { beforeAll, describe, expect, it } from "vitest";
import { groupId } from "../fixtures/access";
import { guid } from "../fixtures/clock";
import { findDialog, openWindow } from "../test/window";

const BRIGHTWATER = guid(1, 0);
const NEVER_READ = guid(1, 4);
const page = `/tenants/${BRIGHTWATER}/exceptions`;
const rows = () => screen.getAllByRole("row").map((row) => row.getAttribute("aria-label") ?? "");
const listed = () => waitFor(() => expect(rows().length).toBeGreaterThan(3));

describe("the exceptions register", () => {
  // The page is read when it is first opened; a busy machine takes longer for that than a test waits.
  beforeAll(() => import("./exceptions").then(() => undefined), 60_000);

  it("begins with what is past its end, in words and with an icon, and ends with what has ended", async () => {
    openWindow(page);
    await listed();
    const names = rows().filter(Boolean);
    expect(names[0]).toBe(
      "Past its end: exception 2, Sign-ins from all trusted locations, exempt from CA005 MFA for guests",
    );
    expect(names.at(-1)).toMatch(/^Ended: exception 5/);
    const [first] = screen.getAllByRole("row", { name: /^Past its end/ });
    expect(first).toHaveTextContent("Ended 31 Oct 2026");
    expect(first?.querySelectorAll("svg").length).toBeGreaterThan(0);
    expect(screen.getByTestId("overdue")).toHaveTextContent("1 exception is past the end or overdue for review.");
    expect(screen.getByTestId("unsigned")).toHaveTextContent(
      "The policies leave out 1 thing that nobody signed off. They let 4 people out of MFA.",
    );
    expect(screen.getByTestId("facts")).toHaveTextContent(
      "4 exceptions, 1 signed, 1 carve-out not signed off, days are the customer's (Europe/London)",
    );
  });

  it("is filtered by its state and by words, and both stand in the address", async () => {
    const { user, history } = openWindow(`${page}?state=waits`);
    await waitFor(() => expect(rows().filter(Boolean)).toHaveLength(2));
    await user.click(screen.getByRole("combobox", { name: "State" }));
    await user.click(await screen.findByRole("option", { name: "Overdue" }));
    await waitFor(() => expect(rows().filter(Boolean)).toHaveLength(1));
    expect(history.location.search).toContain("state=overdue");
  });

  it("lists what the policies leave out with who answers for it, and writes one down prefilled", async () => {
    const { user, asked, history } = openWindow(`${page}?list=carve-outs`);
    await listed();
    const names = rows().filter(Boolean);
    expect(names[0]).toMatch(/^Not signed off: Excluded from CA002 MFA for everybody by group CA-Exclude-MFA/);
    expect(names.some((name) => name.startsWith("By design:"))).toBe(true);
    // A report-only policy asks nobody, so nobody has to answer for it.
    expect(names.some((name) => name.startsWith("Report-only: CA005 MFA for guests"))).toBe(true);
    const byDesign = screen.getByRole("row", { name: /^By design: .+CA-BreakGlass-Exclude/ });
    expect(within(byDesign).getByRole("link", { name: "Break-glass" })).toHaveAttribute("href");
    await user.click(screen.getByRole("button", { name: "Write down Group CA-Exclude-MFA, CA002 MFA for everybody" }));
    const dialog = await findDialog("Write down an exception");
    expect(dialog).toHaveTextContent("Group: CA-Exclude-MFA, exempt from CA002 MFA for everybody.");
    const confirm = within(dialog).getByRole("button", { name: "Write down", hidden: true });
    expect(confirm).toBeDisabled();
    await user.type(within(dialog).getByLabelText(/^Why/), "Contractors without phones");
    expect(confirm).toBeDisabled();
    await user.type(within(dialog).getByLabelText(/^Review by/), "2027-01-31");
    await waitFor(() => expect(confirm).toBeEnabled());
    await user.click(confirm);
    await waitFor(() => expect(history.location.search).toContain("open=6"));
    expect(asked("exception_new")).toMatchObject([
      {
        input: {
          tenant: BRIGHTWATER,
          subjectKind: "group",
          subjectId: groupId(0),
          policy: guid(500, 1),
          reason: "Contractors without phones",
          until: null,
          reviewDue: "2027-01-31",
        },
      },
    ]);
  });

  it("takes a role, an application or a place only from what the tenant has", async () => {
    const { user, asked } = openWindow(page);
    await listed();
    await user.click(screen.getByRole("button", { name: "Write down an exception" }));
    const dialog = await findDialog("Write down an exception");
    const confirm = within(dialog).getByRole("button", { name: "Write down", hidden: true });
    await user.click(within(dialog).getByRole("combobox", { name: "What is exempt", hidden: true }));
    await user.click(await screen.findByRole("option", { name: "Application" }));
    const pick = await within(dialog).findByRole("combobox", { name: "Application", hidden: true });
    await user.type(within(dialog).getByLabelText(/^Why/), "The scanner cannot answer");
    await user.type(within(dialog).getByLabelText(/^Review by/), "2027-01-31");
    await user.type(pick, "Salesfroce");
    expect(await screen.findByText("Nothing matches")).toBeInTheDocument();
    await user.click(within(dialog).getByLabelText(/^Ticket/));
    await waitFor(() => expect(pick).toHaveValue(""));
    expect(confirm).toBeDisabled();
    await user.type(pick, "sales");
    await user.click(await screen.findByRole("option", { name: "Salesforce" }));
    await user.click(confirm);
    await waitFor(() => expect(asked("exception_new")).toHaveLength(1));
    expect(asked("exception_new")).toMatchObject([
      { input: { subjectKind: "application", subjectId: guid(700, 4), subjectName: "Salesforce" } },
    ]);
  });

  it("records a return: each signed or declined, by whom and when, with the paper", async () => {
    const { user, asked } = openWindow(page, (fixtures) => {
      fixtures.chosenFile = "/home/robin/signed.pdf";
    });
    await listed();
    await user.click(screen.getByRole("button", { name: "Record the return" }));
    const dialog = await findDialog("Record the return");
    const record = within(dialog).getByRole("button", { name: "Record", hidden: true });
    const group = (id: number) => within(dialog).getByRole("radiogroup", { name: `Exception ${id}`, hidden: true });
    await user.click(within(group(3)).getByRole("radio", { name: "Signed", hidden: true }));
    await user.click(within(group(4)).getByRole("radio", { name: "Declined", hidden: true }));
    expect(record).toBeDisabled();
    await user.type(within(dialog).getByLabelText(/^Name/), "Margaret Okafor");
    await user.type(within(dialog).getByLabelText(/^Role/), "Managing director");
    await user.click(within(dialog).getByRole("button", { name: "Choose a file", hidden: true }));
    await within(dialog).findByText("/home/robin/signed.pdf");
    await user.click(record);
    await waitFor(() => expect(asked("exceptions_return")).toHaveLength(1));
    expect(asked("exceptions_return")).toMatchObject([
      {
        input: {
          returned: [
            { id: 3, signed: true },
            { id: 4, signed: false },
          ],
          by: "Margaret Okafor",
          role: "Managing director",
          on: "2026-11-21",
          paper: "/home/robin/signed.pdf",
        },
      },
    ]);
    await screen.findByText("The return of 2 exceptions is recorded");
  });

  it("writes the table to sign and marks it as sent", async () => {
    const { user, asked } = openWindow(`${page}?state=waits`, (fixtures) => {
      fixtures.chosenFile = "/home/robin/sheet.pdf";
      fixtures.exceptions.register = fixtures.exceptions.register.filter((row) => !row.pastEnd);
    });
    await waitFor(() => expect(rows().filter(Boolean)).toHaveLength(2));
    await user.click(screen.getByRole("button", { name: "Export for signature" }));
    const dialog = await findDialog("Export for signature");
    const confirm = within(dialog).getByRole("button", { name: "Export", hidden: true });
    expect(confirm).toBeDisabled();
    await user.type(within(dialog).getByLabelText(/^Sent to/), "Margaret Okafor");
    await user.click(confirm);
    await waitFor(() => expect(asked("exceptions_sheet")).toHaveLength(1));
    expect(asked("exceptions_sheet")).toMatchObject([
      { tenant: BRIGHTWATER, ids: [3, 4], path: "/home/robin/sheet.pdf", sentTo: "Margaret Okafor" },
    ]);
    expect(asked("choose_file")[0]).toMatchObject({ extensions: ["pdf"] });
  });

  it("shows one whole: signature, papers with their hash, history, and what can be done in its state", async () => {
    const { user, asked } = openWindow(`${page}?open=1`, (fixtures) => {
      fixtures.chosenFile = "/home/robin/back.pdf";
    });
    const panel = await screen.findByRole("dialog", { name: "Exception from MFA" });
    await within(panel).findByRole("heading", { name: "History" });
    expect(panel).toHaveTextContent("Margaret Okafor, Managing director, on 2 Mar 2026");
    expect(panel).toHaveTextContent("SHA-256 9f86d081884c7d65");
    for (const name of ["Reviewed, it stays", "Extend", "Attach a file", "End"])
      expect(within(panel).getByRole("button", { name })).toBeEnabled();
    expect(within(panel).queryByRole("button", { name: "Record the signature" })).toBeNull();
    await user.click(within(panel).getByRole("button", { name: "Save attachment Signed by hand.pdf" }));
    await waitFor(() =>
      expect(asked("exception_attachment_save")).toEqual([{ id: 1, seq: 1, path: "/home/robin/back.pdf" }]),
    );
    await user.click(within(panel).getByRole("button", { name: "End" }));
    const dialog = await findDialog("End the exception?");
    const end = within(dialog).getByRole("button", { name: "End", hidden: true });
    expect(end).toBeDisabled();
    await user.type(within(dialog).getByLabelText(/^Why nobody needs it/), "New scanners");
    await user.click(end);
    await waitFor(() =>
      expect(asked("exception_act")).toEqual([{ id: 1, revision: 1, deed: { deed: "end", note: "New scanners" } }]),
    );
  });

  it("says what is not known where policies were never read, and is designed where nothing is written down", async () => {
    openWindow(`/tenants/${NEVER_READ}/exceptions`);
    await screen.findByRole("heading", { name: "No exception is written down" });
    await screen.findByText(/^What the policies leave out is not known/);
  });
});
