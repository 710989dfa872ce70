// Where a list's rows come from: windows of a list that is paged in SQL, or an array held whole. Both present the same RowSource, and both
// hold rows still while somebody is pointing at them.
import { type QueryKey, useQueries, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Page, Problem, Window } from "../bindings";
import { problemOf } from "./ipc";
import { useRevision } from "./revisions";

export const PAGE_ROWS = 100;
const MOST_SELECTED = 5000;

export interface RowSource<T> {
  total: number;
  all: number;
  /** Undefined while the row's page is being read. */
  rowAt(index: number): T | undefined;
  /** The rows on screen, so that their pages are read. */
  show(first: number, last: number): void;
  /** Every row that the filter matches (at most 5,000), for selecting all. */
  everything(): Promise<T[]>;
  /** Reads again and shows it, whatever the pointer does. */
  refresh(): void;
  /** While true, newer rows are held back. */
  hold(still: boolean): void;
  /** Newer rows wait; how many more there are than shown (0: some changed). Null: nothing waits. */
  waiting: number | null;
  loading: boolean;
  /** Rows of the previous filter are still on screen. */
  busy: boolean;
  problem: Problem | null;
}

interface Snapshot<T> {
  pages: Map<number, T[]>;
  total: number;
  all: number;
}

/** `scope` is the tenant's id or FLEET; `filter` everything that decides which rows there are, without the window. */
export function usePagedRows<T>(
  scope: string,
  name: string,
  filter: unknown,
  order: { sort: string; descending: boolean },
  read: (window: Window) => Promise<Page<T>>,
): RowSource<T> {
  const client = useQueryClient();
  const known = useRevision(scope);
  const [shown, setShown] = useState(known);
  const [range, setRange] = useState({ first: 0, last: 0 });
  const [waiting, setWaiting] = useState<number | null>(null);
  const still = useRef(false);
  const previous = useRef<Snapshot<T> | null>(null);
  const readRef = useRef(read);
  readRef.current = read;

  const filterKey = JSON.stringify([filter, order]);
  const base: QueryKey = useMemo(() => [scope, "list", name, filterKey, shown], [scope, name, filterKey, shown]);
  const previousFilter = useRef(filterKey);
  const stepped = previousFilter.current !== filterKey;
  if (stepped) previousFilter.current = filterKey;

  const pageKey = (page: number): QueryKey => [...base, page];
  const readPage = (page: number) =>
    readRef.current({ offset: page * PAGE_ROWS, limit: PAGE_ROWS, sort: order.sort, descending: order.descending });
  const pageNumbers: number[] = [];
  for (let page = stepped ? 0 : range.first; page <= (stepped ? 0 : range.last); page++) pageNumbers.push(page);

  const queries = useQueries({
    queries: pageNumbers.map((page) => ({
      queryKey: pageKey(page),
      queryFn: () => readPage(page),
      gcTime: 60_000,
      staleTime: Number.POSITIVE_INFINITY,
    })),
  });

  const failed = queries.find((query) => query.error);
  const got = queries.filter((query) => query.data);
  let snapshot: Snapshot<T> | null = null;
  const newest = got.at(-1)?.data;
  if (newest) {
    const pages = new Map<number, T[]>();
    for (const [key, page] of client.getQueriesData<Page<T>>({ queryKey: base })) {
      if (page) pages.set(key.at(-1) as number, page.rows);
    }
    snapshot = { pages, total: newest.total, all: newest.all };
  }
  const view = snapshot ?? previous.current;
  useEffect(() => {
    if (snapshot) previous.current = snapshot;
  });

  // Newer data: taken at once when nobody is pointing at the list, else announced.
  useEffect(() => {
    if (known === shown) {
      setWaiting(null);
      return;
    }
    if (!still.current) {
      setShown(known);
      return;
    }
    let gone = false;
    readRef.current({ offset: 0, limit: 1, sort: order.sort, descending: order.descending }).then(
      (page) => {
        if (!gone) setWaiting(Math.max(0, page.total - (previous.current?.total ?? 0)));
      },
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [known, shown, order.sort, order.descending]);

  const knownRef = useRef(known);
  knownRef.current = known;
  const refresh = useCallback(() => {
    setWaiting(null);
    if (knownRef.current === shown) void client.invalidateQueries({ queryKey: base });
    setShown(knownRef.current);
  }, [client, base, shown]);

  const hold = useCallback((value: boolean) => {
    still.current = value;
    if (!value) setShown(knownRef.current);
  }, []);

  const show = useCallback((first: number, last: number) => {
    const next = { first: Math.floor(Math.max(0, first) / PAGE_ROWS), last: Math.floor(Math.max(0, last) / PAGE_ROWS) };
    setRange((now) => (now.first === next.first && now.last === next.last ? now : next));
  }, []);

  const total = view?.total ?? 0;
  const everything = useCallback(async () => {
    const rows: T[] = [];
    const wanted = Math.min(total, MOST_SELECTED);
    while (rows.length < wanted) {
      const page = await readRef.current({
        offset: rows.length,
        limit: Math.min(500, wanted - rows.length),
        sort: order.sort,
        descending: order.descending,
      });
      if (page.rows.length === 0) break;
      rows.push(...page.rows);
    }
    return rows;
  }, [total, order.sort, order.descending]);

  return {
    total,
    all: view?.all ?? 0,
    rowAt: (index) => view?.pages.get(Math.floor(index / PAGE_ROWS))?.[index % PAGE_ROWS],
    show,
    everything,
    refresh,
    hold,
    waiting,
    loading: !view && !failed,
    busy: !snapshot && !!view && !failed,
    problem: failed ? problemOf(failed.error) : null,
  };
}

/** An array that is held whole: filtered and sorted here. While held, rows keep their order and only their content follows. */
export function useArrayRows<T>(
  rows: readonly T[] | undefined,
  asked: { isPending: boolean; error: unknown; refetch: () => unknown },
  rowId: (row: T) => string,
  keep: (row: T) => boolean,
  compare: (a: T, b: T) => number,
  orderKey: string,
): RowSource<T> {
  const still = useRef(false);
  const order = useRef<{ key: string; ids: Map<string, number> } | null>(null);
  const matching = (rows ?? []).filter(keep);
  let sorted = [...matching].sort(compare);
  if (still.current && order.current?.key === orderKey) {
    const held = order.current.ids;
    const place = (row: T) => held.get(rowId(row)) ?? Number.MAX_SAFE_INTEGER;
    sorted = sorted.sort((a, b) => place(a) - place(b));
  }
  useEffect(() => {
    order.current = { key: orderKey, ids: new Map(sorted.map((row, index) => [rowId(row), index])) };
  });
  return {
    total: sorted.length,
    all: rows?.length ?? 0,
    rowAt: (index) => sorted[index],
    show: () => undefined,
    everything: async () => sorted,
    refresh: () => void asked.refetch(),
    hold: (value) => {
      still.current = value;
    },
    waiting: null,
    loading: rows === undefined && asked.isPending,
    busy: false,
    problem: rows === undefined && asked.error ? problemOf(asked.error) : null,
  };
}
