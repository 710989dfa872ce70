// Time-bound access of a tenant: who is let through until when, who is past the end and still in a group, and whom nobody tracks.
import { Button, MessageBar, MessageBarActions, MessageBarBody, makeStyles, tokens } from "@fluentui/react-components";
import { useState } from "react";
import { part, useFilters, useGo, useParam } from "../address";
import { type AccessList, type AccessRow, commands } from "../bindings";
import { type Column, DataList } from "../components/data-list";
import { EmptyState } from "../components/empty-state";
import { AddRegular, PersonClockRegular } from "../components/icons";
import { FilterOne } from "../components/list-filter";
import { cleanName, MiddleCut, PersonName } from "../components/names";
import { PageHead } from "../components/page-head";
import { ProblemBar } from "../components/problem-view";
import { counted, sentence } from "../components/words";
import { useAccessList } from "../data/access";
import { useListExport } from "../data/actions";
import { ask } from "../data/ipc";
import { useArrayRows } from "../data/rows";
import { AccessPanel } from "./parts/access-panel";
import { SyncExpiredDialog } from "./parts/access-sync-dialog";
import { Untracked } from "./parts/access-untracked";
import { AccessEnd, AccessStateWord, accessLook, onClock } from "./parts/access-words";
import { DataNotice } from "./parts/data-notice";
import { useTenantCrumbs } from "./parts/tenant-crumbs";
import { TwoLines } from "./parts/two-lines";

const useStyles = makeStyles({
  bar: { marginBottom: tokens.spacingVerticalM, flexShrink: 0 },
});

const filters = {
  active: ["Active", (row: AccessRow) => row.state === "active" || row.state === "adding"],
  soon: ["Ends soon", (row: AccessRow) => row.endsSoon],
  expired: ["Expired", (row: AccessRow) => row.toRemove],
  requested: ["Requested", (row: AccessRow) => row.state === "requested" || row.extendTo !== null],
  past: ["Past", (row: AccessRow) => past(row)],
} as const satisfies Record<string, readonly [string, (row: AccessRow) => boolean]>;
type FilterName = keyof typeof filters;
const names = Object.keys(filters) as FilterName[];
const isFilter = (text: string | undefined): text is FilterName => names.includes(text as FilterName);

const past = (row: AccessRow) =>
  ["removed", "cancelled"].includes(row.state) || (row.state === "expired" && !row.toRemove);

const columns: readonly Column<AccessRow>[] = [
  {
    key: "person",
    title: "Person",
    width: "minmax(180px, 2fr)",
    sortable: true,
    always: true,
    render: (row) => <PersonName person={row.person} />,
  },
  {
    key: "group",
    title: "Group",
    width: "minmax(130px, 1.2fr)",
    sortable: true,
    render: (row) => <MiddleCut text={row.group.displayName} />,
  },
  {
    key: "why",
    title: "Why",
    width: "minmax(150px, 2fr)",
    render: (row) => <TwoLines text={row.ticket ? `${row.reason} (${row.ticket})` : row.reason} />,
  },
  { key: "ends", title: "Ends", width: "150px", sortable: true, render: (row) => <AccessEnd row={row} /> },
  { key: "state", title: "State", width: "172px", sortable: true, render: (row) => <AccessStateWord row={row} /> },
  {
    key: "who",
    title: "Who",
    width: "minmax(110px, 1fr)",
    sortable: true,
    render: (row) => (
      <TwoLines
        text={
          row.approvedBy && row.approvedBy !== row.requestedBy
            ? `${row.requestedBy}, approved by ${row.approvedBy}`
            : row.requestedBy
        }
      />
    ),
  },
];

const order = ["expired", "removing", "failed", "adding", "requested", "active", "removed", "cancelled"];
const person = (row: AccessRow) => cleanName(row.person.displayName || row.person.upn);
const byEnd = (a: AccessRow, b: AccessRow) => Date.parse(a.endsAt) - Date.parse(b.endsAt) || a.id - b.id;
/** What waits for somebody comes first; what is over comes last, the newest first. */
const urgent = (a: AccessRow, b: AccessRow) =>
  Number(past(a)) - Number(past(b)) || (past(a) ? byEnd(b, a) : byEnd(a, b));
const compares: Record<string, (a: AccessRow, b: AccessRow) => number> = {
  person: (a, b) => person(a).localeCompare(person(b)) || byEnd(a, b),
  group: (a, b) => a.group.displayName.localeCompare(b.group.displayName) || byEnd(a, b),
  ends: urgent,
  state: (a, b) => order.indexOf(a.state) - order.indexOf(b.state) || byEnd(a, b),
  who: (a, b) => a.requestedBy.localeCompare(b.requestedBy) || byEnd(a, b),
};

function facts(list: AccessList): string {
  const active = list.rows.filter((row) => row.state === "active").length;
  const waiting = list.rows.filter(filters.requested[1]).length;
  return [
    active === 0 ? "Nobody is let through for a time" : `${counted(active, "person", "people")} let through for a time`,
    waiting > 0 && `${counted(waiting, "request")} ${waiting === 1 ? "waits" : "wait"} for approval`,
    `ends are on the customer's clock (${list.timeZone})`,
  ]
    .filter(Boolean)
    .join(", ");
}

export default function AccessPage() {
  const styles = useStyles();
  const go = useGo();
  const tenant = useParam("tenant");
  const { name, crumbs } = useTenantCrumbs(tenant);
  const [search, setSearch] = useFilters();
  const [syncing, setSyncing] = useState<readonly AccessRow[] | null>(null);
  const asked = useAccessList(tenant);
  const list = asked.data;
  const filter = isFilter(search.state) ? search.state : null;
  const text = (search.text ?? "").toLowerCase();
  const sort = { key: search.sort ?? "ends", descending: search.down === "1" };
  const compare = compares[sort.key] ?? urgent;
  const source = useArrayRows(
    list?.rows,
    asked,
    (row) => String(row.id),
    (row) =>
      (!filter || filters[filter][1](row)) &&
      (!text ||
        `${row.person.displayName} ${row.person.upn} ${row.group.displayName} ${row.reason} ${row.ticket ?? ""}`
          .toLowerCase()
          .includes(text)),
    (a, b) => (sort.descending ? -compare(a, b) : compare(a, b)),
    JSON.stringify([sort, filter, text]),
  );
  const exportRows = useListExport<readonly AccessRow[]>(
    { title: "Export time-bound access", of: [name, "Time-bound access"], unit: ["row", "rows"] },
    (path, shown) =>
      ask(
        commands.accessExport(
          tenant,
          shown.map((row) => String(row.id)),
          path,
        ),
      ),
  );
  const overdue = (list?.rows ?? []).filter((row) => row.toRemove);
  const create = () => go(`/tenants/${part(tenant)}/time-bound-access/new`);
  const open = search.open && /^\d+$/.test(search.open) ? Number(search.open) : null;
  return (
    <>
      <PageHead
        title="Time-bound access"
        crumbs={crumbs}
        facts={list && facts(list)}
        actions={
          <Button appearance="primary" icon={<AddRegular />} onClick={create}>
            New time-bound access
          </Button>
        }
      />
      <DataNotice tenant={tenant} kinds={["policies", "users", "groups"]} />
      {list?.cannotWrite && (
        <div className={styles.bar}>
          <ProblemBar problem={list.cannotWrite} intent="warning" />
        </div>
      )}
      {overdue.length > 0 && (
        <MessageBar className={styles.bar} intent="error" layout="multiline" data-testid="expired">
          <MessageBarBody>
            {counted(overdue.length, "user")} {overdue.length === 1 ? "is" : "are"} past the end and still in{" "}
            {overdue.length === 1 ? "the group" : "their groups"}.
          </MessageBarBody>
          <MessageBarActions>
            <Button appearance="primary" disabled={list?.cannotWrite != null} onClick={() => setSyncing(overdue)}>
              Sync {overdue.length} expired to Entra
            </Button>
          </MessageBarActions>
        </MessageBar>
      )}
      {list?.unknown && (
        <MessageBar className={styles.bar} intent="info" layout="multiline">
          <MessageBarBody>Whom nobody tracks is not known. {sentence(cleanName(list.unknown.reason))}</MessageBarBody>
        </MessageBar>
      )}
      <Untracked tenant={tenant} groups={list?.untracked ?? []} />
      <DataList
        name="Time-bound access"
        unit={["time-bound access", "time-bound accesses"]}
        columns={columns}
        rowHeight={52}
        source={source}
        rowId={(row) => String(row.id)}
        rowName={(row) =>
          `${accessLook(row)[2]}: ${person(row)} in ${cleanName(row.group.displayName)}, until ${onClock(row.endsAt, row.timeZone)}`
        }
        open={(row) => setSearch({ open: String(row.id) }, { replace: false })}
        sort={sort}
        onSort={(next) => setSearch({ sort: next.key, down: next.descending ? "1" : undefined })}
        filter={{
          text: search.text ?? "",
          onText: (words) => setSearch({ text: words }),
          placeholder: "Filter by person, group or reason",
        }}
        chips={filter ? [{ label: filters[filter][0], remove: () => setSearch({ state: undefined }) }] : []}
        exportRows={() => void source.everything().then(exportRows)}
        clearFilters={() => setSearch({ text: undefined, state: undefined })}
        tools={
          <FilterOne
            label="State"
            any="Any state"
            choices={names}
            words={(name) => filters[name][0]}
            chosen={filter}
            choose={(state) => setSearch({ state })}
          />
        }
        empty={
          <EmptyState
            icon={<PersonClockRegular />}
            title="Nobody has time-bound access"
            text="When somebody is locked out and needs an exception, give it an end: they are in an exclusion group until then, and Gatehouse says when it is over."
            actions={<Button onClick={create}>New time-bound access</Button>}
          />
        }
      />
      {syncing && <SyncExpiredDialog tenant={tenant} rows={syncing} close={() => setSyncing(null)} />}
      {open !== null && <AccessPanel id={open} close={() => setSearch({ open: undefined }, { replace: false })} />}
    </>
  );
}
