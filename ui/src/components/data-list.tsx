// The one list of the app: virtual, sortable, with column chooser, filter chips, count, selection, keyboard and export. It knows nothing of
// what its rows mean; where they come from is a RowSource.
import { Button, Checkbox, mergeClasses, SkeletonItem, Text } from "@fluentui/react-components";
import { useVirtualizer } from "@tanstack/react-virtual";
import { Fragment, type KeyboardEvent, type ReactNode, useEffect, useId, useMemo, useRef, useState } from "react";
import type { RowSource } from "../data/rows";
import { useListStyles } from "./data-list-styles";
import { type Chip, type ListFilter, ListToolbar } from "./data-list-toolbar";
import { ArrowDownRegular, ArrowUpRegular } from "./icons";
import { ProblemView } from "./problem-view";
import { count, counted } from "./words";

export interface Column<T> {
  key: string;
  title: string;
  /** A CSS grid track: "160px", "minmax(160px, 2fr)". */
  width: string;
  render: (row: T) => ReactNode;
  sortable?: boolean;
  /** Not shown until chosen. */
  hidden?: boolean;
  /** Cannot be taken away. */
  always?: boolean;
  end?: boolean;
}

export interface Sort {
  key: string;
  descending: boolean;
}

export interface DataListProps<T> {
  /** What the list holds, in words; also names its stored column choice. */
  name: string;
  columns: readonly Column<T>[];
  source: RowSource<T>;
  rowId: (row: T) => string;
  /** The row in words, for those who hear it. */
  rowName: (row: T) => string;
  open?: (row: T) => void;
  sort: Sort;
  onSort: (sort: Sort) => void;
  filter?: ListFilter;
  chips?: readonly Chip[];
  clearFilters?: () => void;
  /** Further filters, beside the text filter. */
  tools?: ReactNode;
  /** Ready-made filters in a row of their own, over the others. */
  presets?: ReactNode;
  /** Buttons for the selected rows; their presence turns selection on. */
  actions?: (rows: T[], clear: () => void) => ReactNode;
  exportRows?: (() => void) | undefined;
  groupOf?: (row: T) => { key: string; title: ReactNode };
  /** There is nothing at all. */
  empty?: ReactNode;
  /** There is something, but the filters leave none of it. */
  nothingMatches?: ReactNode;
  /** One row, its plural: "alert", "alerts". */
  unit: readonly [string, string];
  rowHeight?: number;
}

const GROUP_HEIGHT = 40;

export function DataList<T>(props: DataListProps<T>) {
  const { columns, source, rowId, rowName, open, sort, onSort, groupOf, actions } = props;
  const { rowHeight = 44 } = props;
  const styles = useListStyles();
  const listId = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const [chosen, setChosen] = useChosenColumns(props.name, columns);
  const [selected, setSelected] = useState<ReadonlyMap<string, T>>(new Map());
  const selectable = actions !== undefined;
  const clear = () => setSelected(new Map());

  const shownColumns = useMemo(
    () => columns.filter((column) => column.always || chosen.has(column.key)),
    [columns, chosen],
  );
  const template = [...(selectable ? ["36px"] : []), ...shownColumns.map((column) => column.width)].join(" ");

  const groupAt = (index: number) => {
    const row = groupOf && source.rowAt(index);
    if (!row || !groupOf) return null;
    const before = index > 0 ? source.rowAt(index - 1) : undefined;
    const group = groupOf(row);
    return before && groupOf(before).key === group.key ? null : group;
  };

  const virtual = useVirtualizer({
    count: source.total,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => rowHeight + (groupAt(index) ? GROUP_HEIGHT : 0),
    overscan: 8,
    initialRect: { width: 1000, height: 600 },
  });
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  const { show, hold } = source;
  useEffect(() => show(first, last), [show, first, last]);

  const groupsSeen = groupOf ? items.map(({ index }) => groupAt(index)?.key ?? "").join() : "";
  useEffect(() => virtual.measure(), [groupsSeen, source.total]);

  const filterKey = JSON.stringify([props.filter?.text, props.chips?.map((chip) => chip.label), sort]);
  const seenFilter = useRef(filterKey);
  useEffect(() => {
    if (seenFilter.current === filterKey) return;
    seenFilter.current = filterKey;
    setActive(0);
    setSelected(new Map());
    scroller.current?.scrollTo?.({ top: 0 });
  }, [filterKey]);

  // Rows stay where they are while somebody points at them, works in them by keyboard, or has scrolled into them.
  const still = useRef({ pointer: false, focus: false });
  const settle = () =>
    hold(still.current.pointer || still.current.focus || (scroller.current?.scrollTop ?? 0) > 0 || selected.size > 0);

  const toggle = (row: T) => {
    const next = new Map(selected);
    if (!next.delete(rowId(row))) next.set(rowId(row), row);
    setSelected(next);
  };
  const selectAll = async () => {
    const rows = await source.everything();
    setSelected(new Map(rows.map((row) => [rowId(row), row])));
  };
  const move = (to: number) => {
    const index = Math.min(Math.max(0, to), source.total - 1);
    setActive(index);
    virtual.scrollToIndex(index, { align: "auto" });
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.target !== event.currentTarget || source.total === 0) return;
    const row = source.rowAt(active);
    const step = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 400) / rowHeight) - 2);
    const keys: Record<string, () => void> = {
      ArrowDown: () => move(active + 1),
      ArrowUp: () => move(active - 1),
      PageDown: () => move(active + step),
      PageUp: () => move(active - step),
      Home: () => move(0),
      End: () => move(source.total - 1),
      Enter: () => row && open?.(row),
      " ": () => row && selectable && toggle(row),
      Escape: clear,
    };
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "a" && selectable) {
      event.preventDefault();
      void selectAll();
      return;
    }
    const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };

  const sortBy = (column: Column<T>) =>
    onSort({ key: column.key, descending: sort.key === column.key ? !sort.descending : false });

  const filtered = (props.chips?.length ?? 0) > 0 || !!props.filter?.text;
  const allSelected = source.total > 0 && selected.size >= source.total;
  const shown =
    filtered || source.total !== source.all
      ? `${count(source.total)} of ${counted(source.all, ...props.unit)}`
      : counted(source.all, ...props.unit);

  return (
    <section className={styles.root} aria-label={props.name}>
      <ListToolbar
        {...props}
        shown={source.loading ? "" : shown}
        chosen={chosen}
        setChosen={setChosen}
        waiting={source.waiting}
        showWaiting={source.refresh}
      />
      {selectable && selected.size > 0 && (
        <div className={styles.actionBar} role="toolbar" aria-label="Selected rows">
          <Text weight="semibold">{count(selected.size)} selected</Text>
          {actions([...selected.values()], clear)}
          <Button appearance="subtle" size="small" onClick={clear}>
            Clear selection
          </Button>
        </div>
      )}
      {source.problem ? (
        <ProblemView problem={source.problem} kept="What was synced is still stored" retry={source.refresh} />
      ) : source.loading ? (
        <div className={styles.skeleton} role="status" aria-label="Loading">
          {Array.from({ length: 8 }, (_, index) => (
            <SkeletonItem key={index} />
          ))}
        </div>
      ) : source.total === 0 ? (
        <div className={styles.none}>
          {source.all === 0 && !filtered ? props.empty : (props.nothingMatches ?? <NothingMatches {...props} />)}
        </div>
      ) : (
        <div
          ref={scroller}
          className={styles.scroller}
          onScroll={settle}
          onPointerEnter={() => {
            still.current.pointer = true;
            settle();
          }}
          onPointerLeave={() => {
            still.current.pointer = false;
            settle();
          }}
        >
          <div className={styles.inner}>
            <div className={styles.header} style={{ gridTemplateColumns: template }} role="presentation">
              {selectable && (
                <Checkbox
                  className={styles.check}
                  aria-label="Select all rows"
                  checked={allSelected ? true : selected.size > 0 ? "mixed" : false}
                  onChange={() => (allSelected ? clear() : void selectAll())}
                />
              )}
              {shownColumns.map((column) => {
                const on = sort.key === column.key;
                return (
                  <div key={column.key} className={mergeClasses(styles.cell, column.end && styles.end)}>
                    {column.sortable ? (
                      <button
                        type="button"
                        className={styles.sort}
                        onClick={() => sortBy(column)}
                        aria-label={`${column.title}, ${on ? (sort.descending ? "sorted descending" : "sorted ascending") : "sort"}`}
                      >
                        {column.title}
                        {on && (sort.descending ? <ArrowDownRegular aria-hidden /> : <ArrowUpRegular aria-hidden />)}
                      </button>
                    ) : (
                      column.title
                    )}
                  </div>
                );
              })}
            </div>
            <div
              ref={body}
              role="grid"
              aria-label={props.name}
              aria-rowcount={source.total}
              aria-multiselectable={selectable}
              aria-activedescendant={`${listId}-${active}`}
              aria-busy={source.busy}
              tabIndex={0}
              className={mergeClasses(styles.body, source.busy && styles.busy)}
              style={{ height: virtual.getTotalSize() }}
              onKeyDown={onKeyDown}
              onFocus={() => {
                still.current.focus = true;
                settle();
              }}
              onBlur={() => {
                still.current.focus = false;
                settle();
              }}
            >
              {items.map(({ index, start }) => {
                const row = source.rowAt(index);
                const group = groupAt(index);
                const top = start + (group ? GROUP_HEIGHT : 0);
                return (
                  <Fragment key={row ? rowId(row) : `waiting-${index}`}>
                    {group && (
                      <div
                        className={styles.group}
                        style={{ transform: `translateY(${start}px)`, height: GROUP_HEIGHT }}
                        role="presentation"
                      >
                        {group.title}
                      </div>
                    )}
                    {/* biome-ignore lint/a11y/useKeyWithClickEvents: the grid around the rows holds the focus and hears the keys */}
                    <div
                      id={`${listId}-${index}`}
                      role="row"
                      aria-rowindex={index + 1}
                      aria-label={row ? rowName(row) : "Loading"}
                      aria-selected={selectable ? !!row && selected.has(rowId(row)) : undefined}
                      data-active={index === active}
                      className={mergeClasses(
                        styles.row,
                        open && styles.opens,
                        row && selected.has(rowId(row)) && styles.selected,
                      )}
                      style={{ gridTemplateColumns: template, transform: `translateY(${top}px)`, height: rowHeight }}
                      onClick={(event) => {
                        setActive(index);
                        if (!row || isControl(event.target)) return;
                        if ((event.ctrlKey || event.metaKey) && selectable) toggle(row);
                        else open?.(row);
                      }}
                    >
                      {selectable && row && (
                        <div role="gridcell">
                          <Checkbox
                            className={styles.check}
                            tabIndex={-1}
                            aria-label={`Select ${rowName(row)}`}
                            checked={selected.has(rowId(row))}
                            onChange={() => toggle(row)}
                          />
                        </div>
                      )}
                      {shownColumns.map((column) => (
                        <div
                          key={column.key}
                          role="gridcell"
                          className={mergeClasses(styles.cell, column.end && styles.end)}
                        >
                          {row ? column.render(row) : <SkeletonItem className={styles.ghost} />}
                        </div>
                      ))}
                    </div>
                  </Fragment>
                );
              })}
            </div>
          </div>
        </div>
      )}
    </section>
  );
}

function NothingMatches<T>({ unit, clearFilters }: DataListProps<T>) {
  return (
    <>
      <Text>No {unit[1]} match the filters.</Text>
      {clearFilters && (
        <Button size="small" onClick={clearFilters}>
          Clear filters
        </Button>
      )}
    </>
  );
}

/** A click on a button, link or box inside a row is meant for it, not for the row. */
function isControl(target: EventTarget): boolean {
  return target instanceof Element && target.closest("a, button, input, label, [role=menuitem]") !== null;
}

function useChosenColumns<T>(name: string, columns: readonly Column<T>[]) {
  const place = `columns:${name}`;
  const [chosen, set] = useState<ReadonlySet<string>>(() => {
    try {
      const stored: unknown = JSON.parse(localStorage.getItem(place) ?? "null");
      if (Array.isArray(stored)) return new Set(stored.map(String));
    } catch {
      // A damaged note about columns is worth no message.
    }
    return new Set(columns.filter((column) => !column.hidden).map((column) => column.key));
  });
  return [
    chosen,
    (next: ReadonlySet<string>) => {
      set(next);
      try {
        localStorage.setItem(place, JSON.stringify([...next]));
      } catch {
        // Storage may be switched off; the choice then lasts as long as the page.
      }
    },
  ] as const;
}
