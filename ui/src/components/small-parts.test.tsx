import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { DataHealthTable } from "./data-health";
import { FieldChanges } from "./field-changes";
import { ProblemView, problemDetails } from "./problem-view";
import { RelativeTime } from "./relative-time";
import { SeverityBadge } from "./severity-badge";
import { Sparkline } from "./sparkline";

const problem = {
  code: "graph.no_network",
  what: "The network cannot be reached",
  nextStep: "Check the connection and resync",
  details: "dns: no answer",
};

describe("small parts", () => {
  it("shows a severity as icon and word", () => {
    const { container } = render(<SeverityBadge severity="critical" />);
    expect(screen.getByText("Critical")).toBeInTheDocument();
    expect(container.querySelector("svg")).not.toBeNull();
  });

  it("tells of a problem what happened, what was kept and what to do, and copies the details", async () => {
    const user = userEvent.setup();
    const retry = vi.fn();
    render(<ProblemView problem={problem} kept="What was synced is still stored" retry={retry} />);
    expect(screen.getByRole("alert")).toHaveTextContent(
      "The network cannot be reached.What was synced is still stored.Check the connection and resync.",
    );
    await user.click(screen.getByRole("button", { name: "Copy details" }));
    expect(await navigator.clipboard.readText()).toBe(problemDetails(problem));
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(retry).toHaveBeenCalledOnce();
  });

  it("shows a time relative with the whole of it on hover", () => {
    render(<RelativeTime at={new Date(Date.now() - 12 * 60_000 - 5000).toISOString()} />);
    expect(screen.getByText("12 min ago")).toHaveAttribute("title", expect.stringMatching(/\d{2}:\d{2}:\d{2}/));
  });

  it("leaves a gap in a trend for a day without a reading", () => {
    const { container } = render(<Sparkline values={[90, 91, null, 93, 94]} label="Trend" />);
    expect(container.querySelectorAll("polyline")).toHaveLength(2);
  });

  it("says why data is missing, and shows no zero for what was never read", () => {
    render(
      <DataHealthTable
        data={[
          {
            kind: "signIns",
            title: "Sign-ins",
            status: "noLicence",
            rows: 0,
            readAt: null,
            attemptedAt: null,
            requests: 1,
            seconds: null,
            problem: { ...problem, what: "The tenant has no Entra ID P1" },
          },
        ]}
      />,
    );
    const row = screen.getByRole("row", { name: /Sign-ins/ });
    expect(row).toHaveTextContent("No licence");
    expect(row).toHaveTextContent("The tenant has no Entra ID P1.");
    expect(row).toHaveTextContent("–");
    expect(row).not.toHaveTextContent("0");
  });

  it("says one reason for all kinds of data once", () => {
    const line = (kind: string, title: string) => ({
      kind,
      title,
      status: "failed" as const,
      rows: 0,
      readAt: null,
      attemptedAt: null,
      requests: 1,
      seconds: null,
      problem: { ...problem, what: "The application does not exist in this tenant" },
    });
    render(<DataHealthTable data={[line("users", "Users"), line("groups", "Groups")]} />);
    expect(screen.getAllByText(/The application does not exist in this tenant/)).toHaveLength(1);
    expect(screen.getByRole("row", { name: /Groups/ })).toHaveTextContent("Failed");
  });

  it("names an unknown effect of a change as not known", () => {
    render(
      <FieldChanges
        changes={[{ field: "Agents", path: "conditions.agents", before: "", after: "All", effect: "unknown" }]}
      />,
    );
    expect(screen.getByText("not set")).toBeInTheDocument();
    expect(screen.getByText("Not known")).toBeInTheDocument();
  });
});
