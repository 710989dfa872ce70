// Change requests of the fleet, or of one tenant: what is in work first, each with what it waits for.
import { Button, makeStyles, Tab, TabList } from "@fluentui/react-components";
import { part, useFilters, useGo, useWhere } from "../address";
import { type ChangeFilter, type ChangeKind, type ChangeRow, type ChangeState, commands } from "../bindings";
import { type Column, DataList } from "../components/data-list";
import { EmptyState } from "../components/empty-state";
import { AddRegular, BranchRequestRegular } from "../components/icons";
import { FilterOne } from "../components/list-filter";
import { cleanName, EndCut, MiddleCut, TenantName } from "../components/names";
import { PageHead } from "../components/page-head";
import { RelativeTime } from "../components/relative-time";
import { useListExport } from "../data/actions";
import { useWaitingChanges } from "../data/changes";
import { ask } from "../data/ipc";
import { FLEET, useTenants } from "../data/queries";
import { usePagedRows } from "../data/rows";
import { ChangeStateWord, changeKinds, kindWord, stateWord } from "./parts/change/change-words";
import { useTenantCrumbs } from "./parts/tenant-crumbs";
import { TwoLines } from "./parts/two-lines";

const useStyles = makeStyles({
  tabs: { marginInlineStart: "-8px", marginBottom: "8px" },
});

type View = "work" | "waiting" | "done" | "all";
const VIEWS: readonly (readonly [View, string, readonly ChangeState[]])[] = [
  [
    "work",
    "In work",
    ["draft", "dryRun", "blocked", "waiting", "approved", "applying", "applied", "rollingBack", "failed"],
  ],
  ["waiting", "Wait for approval", ["waiting"]],
  ["done", "Done", ["verified", "rolledBack", "cancelled"]],
  ["all", "All", []],
];

const isKind = (text: string | undefined): text is ChangeKind => changeKinds.includes(text as ChangeKind);

const columns: readonly Column<ChangeRow>[] = [
  {
    key: "state",
    title: "State",
    width: "minmax(172px, 1fr)",
    sortable: true,
    render: (row) => <ChangeStateWord state={row.state} />,
  },
  {
    key: "title",
    title: "Change",
    width: "minmax(220px, 3fr)",
    sortable: true,
    always: true,
    render: (row) => <TwoLines text={row.title} />,
  },
  {
    key: "tenant",
    title: "Tenant",
    width: "minmax(130px, 1.2fr)",
    sortable: true,
    render: (row) => <TenantName tenant={row.tenant} />,
  },
  {
    key: "waitsFor",
    title: "Waits for",
    width: "minmax(140px, 1.5fr)",
    render: (row) =>
      row.waitsFor ? <TwoLines text={row.waitsFor.charAt(0).toUpperCase() + row.waitsFor.slice(1)} /> : "–",
  },
  {
    key: "kind",
    title: "Kind",
    width: "minmax(120px, 1fr)",
    sortable: true,
    hidden: true,
    render: (row) => kindWord(row.kind),
  },
  {
    key: "ticket",
    title: "Ticket",
    width: "96px",
    sortable: true,
    render: (row) => (row.ticket ? <MiddleCut text={row.ticket} /> : "–"),
  },
  {
    key: "requestedBy",
    title: "Asked by",
    width: "minmax(110px, 0.8fr)",
    sortable: true,
    render: (row) => <MiddleCut text={row.requestedBy} />,
  },
  {
    key: "reason",
    title: "Reason",
    width: "minmax(160px, 1.4fr)",
    hidden: true,
    render: (row) => <EndCut text={row.reason} />,
  },
  {
    key: "requestedAt",
    title: "Asked",
    width: "104px",
    sortable: true,
    hidden: true,
    render: (row) => <RelativeTime at={row.requestedAt} />,
  },
  {
    key: "updatedAt",
    title: "Updated",
    width: "104px",
    sortable: true,
    render: (row) => <RelativeTime at={row.updatedAt} />,
  },
];

export default function ChangesPage() {
  const styles = useStyles();
  const go = useGo();
  const { tenant: inside } = useWhere();
  const { name, base, crumbs } = useTenantCrumbs(inside ?? "");
  const [search, setSearch] = useFilters();
  const tenants = useTenants().data;
  const waiting = useWaitingChanges().data;
  const tenant = inside ?? search.tenant ?? null;
  const [view, , states] = VIEWS.find(([key]) => key === search.view) ?? VIEWS[0] ?? (["all", "All", []] as const);
  const sort = { key: search.sort ?? "updatedAt", descending: search.sort ? search.down === "1" : true };
  const filter: ChangeFilter = {
    tenant,
    states: [...states],
    kinds: isKind(search.kind) ? [search.kind] : [],
    text: search.text ?? null,
  };
  const source = usePagedRows(
    tenant ?? FLEET,
    "changes",
    filter,
    { sort: sort.key, descending: sort.descending },
    (window) => ask(commands.changesList({ ...filter, window })),
  );
  const exportRows = useListExport<number[]>(
    { title: "Export changes", of: [...(inside ? [name] : []), "Changes"], unit: ["change", "changes"] },
    (path, ids) => ask(commands.changesExport(ids, path)),
  );
  const tenantName = tenants?.find((row) => row.id === search.tenant)?.displayName;
  const chips = [
    ...(isKind(search.kind) ? [{ label: kindWord(search.kind), remove: () => setSearch({ kind: undefined }) }] : []),
    ...(!inside && search.tenant
      ? [{ label: tenantName ? cleanName(tenantName) : "One tenant", remove: () => setSearch({ tenant: undefined }) }]
      : []),
  ];
  return (
    <>
      <PageHead
        title="Changes"
        {...(inside ? { crumbs } : {})}
        facts={
          inside
            ? "What was asked to be changed in this tenant, from draft to verified"
            : waiting === undefined
              ? "What was asked to be changed, from draft to verified"
              : waiting.total === 0
                ? "No change waits for approval"
                : waiting.total === 1
                  ? "1 change waits for approval"
                  : `${waiting.total} changes wait for approval`
        }
        actions={
          inside && (
            <Button appearance="primary" icon={<AddRegular />} onClick={() => go(`${base}/changes/new`)}>
              New change
            </Button>
          )
        }
      />
      <TabList
        className={styles.tabs}
        selectedValue={view}
        onTabSelect={(_, data) => setSearch({ view: data.value === "work" ? undefined : String(data.value) })}
      >
        {VIEWS.map(([key, title]) => (
          <Tab key={key} value={key}>
            {title}
          </Tab>
        ))}
      </TabList>
      <DataList
        name="Changes"
        unit={["change", "changes"]}
        columns={inside ? columns.filter((column) => column.key !== "tenant") : columns}
        rowHeight={52}
        source={source}
        rowId={(row) => String(row.id)}
        rowName={(row) =>
          `${stateWord(row.state)}: ${cleanName(row.title)}, ${cleanName(row.tenant.displayName)}${row.waitsFor ? `. Waits for ${cleanName(row.waitsFor)}` : ""}`
        }
        open={(row) => go(`/changes/${row.id}`)}
        sort={sort}
        onSort={(next) => setSearch({ sort: next.key, down: next.descending ? "1" : "0" })}
        filter={{
          text: search.text ?? "",
          onText: (text) => setSearch({ text }),
          placeholder: "Filter by words, ticket or person",
        }}
        chips={chips}
        clearFilters={() => setSearch({ text: undefined, kind: undefined, tenant: undefined })}
        tools={
          <FilterOne
            label="Kind"
            any="Any kind"
            choices={changeKinds}
            words={kindWord}
            chosen={isKind(search.kind) ? search.kind : null}
            choose={(kind) => setSearch({ kind })}
          />
        }
        exportRows={() => void source.everything().then((rows) => exportRows(rows.map((row) => row.id)))}
        empty={<Nothing view={view} inside={inside} />}
      />
    </>
  );
}

function Nothing({ view, inside }: { view: View; inside: string | null }) {
  const go = useGo();
  return (
    <EmptyState
      icon={<BranchRequestRegular />}
      title={
        view === "work" ? "No change is in work" : view === "waiting" ? "No change waits for approval" : "No change"
      }
      text={
        inside
          ? "A change begins here, at a policy, at a gap of drift or coverage, or at a sign-in that was refused. Nothing is written before a dry run."
          : "A change begins at a tenant: at a policy, at a gap of drift or coverage, or at a sign-in that was refused."
      }
      actions={inside && <Button onClick={() => go(`/tenants/${part(inside)}/changes/new`)}>New change</Button>}
    />
  );
}
