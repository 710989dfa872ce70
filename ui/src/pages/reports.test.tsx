import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { guid } from "../fixtures/clock";
import { findDialog, openWindow } from "../test/window";

const BRIGHTWATER = guid(1, 0);

describe("reports", () => {
  it("writes one customer's report where the technician says, with the data set beside it", async () => {
    const { user, asked } = openWindow(`/reports?report=insurer&tenant=${BRIGHTWATER}&period=90`, (fixtures) => {
      fixtures.chosenFile = "/home/robin/evidence.pdf";
    });
    await user.click(await screen.findByRole("button", { name: "Save as PDF" }, { timeout: 15_000 }));
    await waitFor(() =>
      expect(asked("reports_write")).toEqual([
        {
          request: {
            kind: "insurer",
            tenants: [BRIGHTWATER],
            period: { from: null, to: null, days: 90 },
            paper: "a4",
            withData: true,
            path: "/home/robin/evidence.pdf",
            folder: null,
          },
        },
      ]),
    );
    expect(asked("choose_file")[0]).toMatchObject({
      suggestedName: "Brightwater Dental Group - Insurer compliance evidence.pdf",
    });
    expect(await screen.findByText(/^1 report written/)).toBeInTheDocument();
    expect(screen.getByText(/^[0-9a-f]{64}$/)).toBeInTheDocument();
  });

  it("writes nothing when the technician closes the dialog", async () => {
    const { user, asked } = openWindow(`/reports?report=mfa&tenant=${BRIGHTWATER}`, (fixtures) => {
      fixtures.chosenFile = null;
    });
    await user.click(await screen.findByRole("button", { name: "Save as PDF" }));
    await waitFor(() => expect(asked("choose_file")).toHaveLength(1));
    expect(asked("reports_write")).toHaveLength(0);
  });

  it("writes every customer's into a folder, and one that fails stops no other", async () => {
    const { user, asked } = openWindow("/reports?report=mfa&tenant=every-customer");
    await user.click(await screen.findByRole("button", { name: /^Write \d+ reports$/ }));
    const written = await screen.findByRole("region", { name: "What was written" });
    expect(asked("reports_write")[0]).toMatchObject({ request: { tenants: [], path: null, withData: false } });
    expect(within(written).getByText(/reports written, 1 failed\.$/)).toBeInTheDocument();
    expect(within(written).getByText(/The file is open elsewhere/)).toBeInTheDocument();
  });

  it("shows what the insurer's evidence would answer, and takes a named person's answer beside it", async () => {
    const { user, asked } = openWindow(`/reports?report=insurer&tenant=${BRIGHTWATER}`);
    const region = await screen.findByRole("region", { name: "What it will answer" });
    expect(await within(region).findByText(/Yes, by Maya Okafor/)).toBeInTheDocument();
    expect(within(region).getByText(/The data say unknown; both are printed/)).toBeInTheDocument();
    const [answer] = within(region).getAllByRole("button", { name: "Answer otherwise" });
    await user.click(answer as HTMLElement);
    const dialog = await findDialog("Answer otherwise than the data");
    const record = within(dialog).getByRole("button", { name: "Record the answer" });
    expect(record).toBeDisabled();
    await user.type(within(dialog).getByLabelText(/^Who answers for it/), "Ana Silva");
    await user.type(within(dialog).getByLabelText(/^Why/), "VIP has hardware keys");
    await user.click(record);
    await waitFor(() =>
      expect(asked("evidence_override_set")).toEqual([
        {
          input: {
            tenant: BRIGHTWATER,
            statement: "mfa.email",
            answer: "yes",
            person: "Ana Silva",
            note: "VIP has hardware keys",
          },
        },
      ]),
    );
    const [withdraw] = await within(region).findAllByRole("button", { name: "Withdraw" });
    await user.click(withdraw as HTMLElement);
    await waitFor(() => expect(asked("evidence_override_withdraw")).toHaveLength(1));
  });

  it("schedules a report into a folder, and says why one could not be written", async () => {
    const { user, asked } = openWindow("/reports?tab=schedules");
    const table = await screen.findByRole("table", { name: "Scheduled reports" });
    expect(within(table).getByText(/The folder \/mnt\/owner cannot be written to/)).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Schedule a report" }));
    const dialog = await findDialog("Schedule a report");
    expect(within(dialog).getByRole("button", { name: "Save" })).toBeDisabled();
    await user.click(within(dialog).getByRole("button", { name: "Choose" }));
    await waitFor(() => expect(within(dialog).getByRole("button", { name: "Save" })).toBeEnabled());
    await user.click(within(dialog).getByRole("button", { name: "Save" }));
    await waitFor(() =>
      expect(asked("report_schedule_put")[0]).toMatchObject({
        input: { id: null, report: "insurer", tenant: null, every: "monthly", at: "08:00" },
      }),
    );
    const [remove] = within(await screen.findByRole("table")).getAllByRole("button", { name: /^Remove / });
    await user.click(remove as HTMLElement);
    await user.click(within(await findDialog("Remove the schedule")).getByRole("button", { name: "Remove" }));
    await waitFor(() => expect(asked("report_schedule_delete")).toEqual([{ id: 1 }]));
  });

  it("keeps the company's look, and refuses a colour that is none", async () => {
    const { user, asked } = openWindow("/reports?tab=look");
    const colour = await screen.findByRole("textbox", { name: "Colour" });
    await user.clear(colour);
    await user.type(colour, "blue");
    expect(screen.getByText("Write it as #1f5fa8")).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "Save" })).toBeDisabled();
    await user.clear(colour);
    await user.type(colour, "#aa3300");
    await user.click(screen.getByRole("radio", { name: "Letter" }));
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() =>
      expect(asked("branding_set")).toEqual([
        { input: { company: "Northgate IT", colour: "#aa3300", logo: { how: "keep" }, paper: "letter" } },
      ]),
    );
  });
});
