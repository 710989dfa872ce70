import { FluentProvider, webLightTheme } from "@fluentui/react-components";
import { fireEvent, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import type { RowSource } from "../data/rows";
import { type Column, DataList } from "./data-list";

interface Fruit {
  id: string;
  name: string;
}
const columns: readonly Column<Fruit>[] = [
  { key: "name", title: "Name", width: "1fr", sortable: true, always: true, render: (row) => row.name },
  { key: "id", title: "Number", width: "1fr", render: (row) => row.id },
];

function sourceOf(total: number, more: Partial<RowSource<Fruit>> = {}): RowSource<Fruit> {
  const rows = Array.from({ length: total }, (_, index) => ({ id: `${index}`, name: `Fruit ${index}` }));
  return {
    total,
    all: total,
    rowAt: (index) => rows[index],
    show: () => undefined,
    everything: async () => rows,
    refresh: vi.fn(),
    hold: vi.fn(),
    waiting: null,
    loading: false,
    busy: false,
    problem: null,
    ...more,
  };
}

function open(source: RowSource<Fruit>, more: object = {}) {
  const opened = vi.fn();
  const sorted = vi.fn();
  render(
    <FluentProvider theme={webLightTheme}>
      <DataList
        name="Fruits"
        unit={["fruit", "fruits"]}
        columns={columns}
        source={source}
        rowId={(row) => row.id}
        rowName={(row) => row.name}
        open={opened}
        sort={{ key: "name", descending: false }}
        onSort={sorted}
        actions={(rows) => <span>acting on {rows.length}</span>}
        {...more}
      />
    </FluentProvider>,
  );
  return { opened, sorted, user: userEvent.setup({ delay: null, pointerEventsCheck: 0 }) };
}

describe("a list", () => {
  it("renders only the rows that can be seen, of a hundred thousand", () => {
    open(sourceOf(100_000));
    expect(screen.getByTestId("shown")).toHaveTextContent("100,000 fruits");
    expect(screen.getAllByRole("row").length).toBeLessThan(60);
    expect(screen.getByRole("grid", { name: "Fruits" })).toHaveAttribute("aria-rowcount", "100000");
  });

  it("moves with the arrows, opens with Enter and selects with Space", async () => {
    const { opened, user } = open(sourceOf(20));
    screen.getByRole("grid").focus();
    await user.keyboard("{ArrowDown}{ArrowDown}{ArrowUp}{Enter}");
    expect(opened).toHaveBeenCalledWith({ id: "1", name: "Fruit 1" });
    await user.keyboard(" ");
    expect(screen.getByRole("row", { name: "Fruit 1" })).toHaveAttribute("aria-selected", "true");
    expect(screen.getByText("acting on 1")).toBeInTheDocument();
    await user.keyboard("{Escape}");
    expect(screen.queryByText(/acting on/)).toBeNull();
  });

  it("selects every row with Ctrl A, seen or not", async () => {
    const { user } = open(sourceOf(340));
    screen.getByRole("grid").focus();
    await user.keyboard("{Control>}a{/Control}");
    expect(await screen.findByText("acting on 340")).toBeInTheDocument();
    expect(screen.getByText("340 selected")).toBeInTheDocument();
  });

  it("opens a row by a click, but not by a click on its checkbox", async () => {
    const { opened, user } = open(sourceOf(5));
    await user.click(screen.getByRole("checkbox", { name: "Select Fruit 2" }));
    expect(opened).not.toHaveBeenCalled();
    await user.click(screen.getByText("Fruit 3"));
    expect(opened).toHaveBeenCalledWith({ id: "3", name: "Fruit 3" });
  });

  it("turns the order around by a second click on the heading", async () => {
    const { sorted, user } = open(sourceOf(5));
    await user.click(screen.getByRole("button", { name: /^Name, sorted ascending/ }));
    expect(sorted).toHaveBeenCalledWith({ key: "name", descending: true });
  });

  it("holds rows still under the pointer and says how many newer ones wait", async () => {
    const source = sourceOf(5, { waiting: 3 });
    const { user } = open(source);
    const scroller = screen.getByRole("grid").parentElement?.parentElement;
    if (!scroller) throw new Error("no scroller");
    fireEvent.pointerEnter(scroller);
    expect(source.hold).toHaveBeenLastCalledWith(true);
    fireEvent.pointerLeave(scroller);
    expect(source.hold).toHaveBeenLastCalledWith(false);
    await user.click(screen.getByRole("button", { name: "3 new, show" }));
    expect(source.refresh).toHaveBeenCalled();
  });

  it("lets filters be taken away one by one and all at once", async () => {
    const remove = vi.fn();
    const clearFilters = vi.fn();
    const { user } = open(sourceOf(0, { all: 12 }), { chips: [{ label: "Only ripe", remove }], clearFilters });
    expect(screen.getByTestId("shown")).toHaveTextContent("0 of 12 fruits");
    expect(screen.getByText("No fruits match the filters.")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Remove filter Only ripe" }));
    expect(remove).toHaveBeenCalled();
    const [clear] = screen.getAllByRole("button", { name: "Clear filters" });
    if (clear) await user.click(clear);
    expect(clearFilters).toHaveBeenCalled();
  });

  it("tells a failure in place of rows, and reads again", async () => {
    const source = sourceOf(0, {
      problem: {
        code: "store.locked",
        what: "The database is busy",
        nextStep: "Try again in a moment.",
        details: null,
      },
    });
    const { user } = open(source);
    expect(screen.getByRole("alert")).toHaveTextContent("The database is busy.");
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(source.refresh).toHaveBeenCalled();
  });

  it("keeps a choice of columns", async () => {
    const { user } = open(sourceOf(3));
    await user.click(screen.getByRole("button", { name: "Columns" }));
    await user.click(await screen.findByRole("menuitemcheckbox", { name: "Number" }));
    expect(JSON.parse(localStorage.getItem("columns:Fruits") ?? "[]")).not.toContain("id");
  });
});
