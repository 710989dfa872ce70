// The alert inbox: open ones first, grouped by severity; several can be taken through a state at once.
import { Button, makeStyles, Tab, TabList, Text } from "@fluentui/react-components";
import { useState } from "react";
import { useFilters, useGo } from "../address";
import { type AlertFilter, type AlertRow, type AlertState, commands, type Severity } from "../bindings";
import { AcknowledgeDialog, MuteDialog, ResolveDialog } from "../components/alert-dialogs";
import { StateWord, stateWord } from "../components/alert-state";
import { AllQuiet } from "../components/all-quiet";
import { type Column, DataList } from "../components/data-list";
import { FilterSeveral } from "../components/list-filter";
import { EndCut, TenantName } from "../components/names";
import { PageHead } from "../components/page-head";
import { RelativeTime } from "../components/relative-time";
import { SeverityBadge, severities, severityWord } from "../components/severity-badge";
import { count, counted } from "../components/words";
import { useListExport } from "../data/actions";
import { ask } from "../data/ipc";
import { FLEET, useDashboard, useTenants } from "../data/queries";
import { usePagedRows } from "../data/rows";

const columns: readonly Column<AlertRow>[] = [
  {
    key: "severity",
    title: "Severity",
    width: "124px",
    sortable: true,
    render: (row) => <SeverityBadge severity={row.severity} />,
  },
  {
    key: "title",
    title: "What",
    width: "minmax(220px, 3fr)",
    sortable: true,
    always: true,
    render: (row) => <EndCut text={row.title} />,
  },
  { key: "kindTitle", title: "Kind", width: "minmax(120px, 1fr)", hidden: true, render: (row) => row.kindTitle },
  {
    key: "tenant",
    title: "Tenant",
    width: "minmax(140px, 1.3fr)",
    sortable: true,
    render: (row) => <TenantName tenant={row.tenant} />,
  },
  {
    key: "firstSeen",
    title: "Since",
    width: "112px",
    sortable: true,
    render: (row) => <RelativeTime at={row.firstSeen} />,
  },
  {
    key: "lastSeen",
    title: "Last seen",
    width: "112px",
    sortable: true,
    hidden: true,
    render: (row) => <RelativeTime at={row.lastSeen} />,
  },
  { key: "count", title: "Count", width: "76px", sortable: true, end: true, render: (row) => count(row.count) },
  { key: "state", title: "State", width: "minmax(104px, 0.6fr)", render: (row) => <StateWord row={row} /> },
];

const STATES: readonly (AlertState | "all")[] = ["open", "acknowledged", "muted", "resolved", "all"];
const isState = (text: string | undefined): text is AlertState | "all" => STATES.includes(text as AlertState);
const isSeverity = (text: string): text is Severity => severities.includes(text as Severity);

const useStyles = makeStyles({
  tabs: { marginInlineStart: "-8px", marginBottom: "8px" },
});

export default function AlertsPage() {
  const styles = useStyles();
  const go = useGo();
  const [search, setSearch] = useFilters();
  const counts = useDashboard().data?.counts;
  const tenants = useTenants().data;
  const [doing, setDoing] = useState<{
    what: "acknowledge" | "resolve" | "mute";
    ids: number[];
    done: () => void;
  } | null>(null);

  const state = isState(search.state) ? search.state : "open";
  const wanted = (search.severity ?? "").split(",").filter(isSeverity);
  const sort = { key: search.sort ?? "severity", descending: search.down === "1" };
  const filter: AlertFilter = {
    states: state === "all" ? [] : [state],
    severities: wanted,
    kinds: search.kind ? [search.kind] : [],
    tenant: search.tenant ?? null,
    text: search.text ?? null,
  };
  const source = usePagedRows(FLEET, "alerts", filter, { sort: sort.key, descending: sort.descending }, (window) =>
    ask(commands.alertsList({ ...filter, window })),
  );
  const exportRows = useListExport({ title: "Export alerts", of: ["Alerts"], unit: ["alert", "alerts"] }, (path) =>
    ask(commands.alertsExport({ ...filter, window: { sort: sort.key, descending: sort.descending } }, path)),
  );
  const tenantName = tenants?.find((row) => row.id === search.tenant)?.displayName;
  const chips = [
    ...wanted.map((severity) => ({
      label: severityWord[severity],
      remove: () => setSearch({ severity: wanted.filter((each) => each !== severity).join(",") }),
    })),
    ...(search.tenant ? [{ label: tenantName ?? "One tenant", remove: () => setSearch({ tenant: undefined }) }] : []),
    ...(search.kind ? [{ label: search.kind, remove: () => setSearch({ kind: undefined }) }] : []),
  ];
  const open = counts ? severities.reduce((sum, severity) => sum + counts[severity], 0) : null;
  const select = (what: "acknowledge" | "resolve" | "mute", rows: AlertRow[], clear: () => void) =>
    setDoing({
      what,
      ids: rows.map((row) => row.id),
      done: () => {
        clear();
        source.refresh();
      },
    });

  return (
    <>
      <PageHead
        title="Alerts"
        facts={
          counts && open !== null
            ? open === 0
              ? "Nothing is open"
              : `${counted(open, "alert")} open${counts.critical > 0 ? `, ${count(counts.critical)} critical` : ""}`
            : undefined
        }
      />
      <TabList
        className={styles.tabs}
        selectedValue={state}
        onTabSelect={(_, data) =>
          setSearch({ state: data.value === "open" ? undefined : String(data.value) }, { replace: false })
        }
      >
        {STATES.map((each) => (
          <Tab key={each} value={each}>
            {each === "all" ? "All" : stateWord[each]}
          </Tab>
        ))}
      </TabList>
      <DataList
        name="Alerts"
        unit={["alert", "alerts"]}
        columns={columns}
        source={source}
        rowId={(row) => String(row.id)}
        rowName={(row) =>
          `${severityWord[row.severity]}: ${row.title}, ${row.tenant.displayName}, ${stateWord[row.state]}`
        }
        open={(row) => go(`/alerts/${row.id}`)}
        sort={sort}
        onSort={(next) => setSearch({ sort: next.key, down: next.descending ? "1" : undefined })}
        filter={{
          text: search.text ?? "",
          onText: (text) => setSearch({ text }),
          placeholder: "Filter by words or tenant",
        }}
        chips={chips}
        clearFilters={() => setSearch({ text: undefined, severity: undefined, tenant: undefined, kind: undefined })}
        tools={
          <FilterSeveral
            label="Severity"
            any="Severity"
            choices={severities}
            words={(severity) => severityWord[severity]}
            draw={(severity) => <SeverityBadge severity={severity} />}
            chosen={wanted}
            said={wanted.length ? `Severity: ${wanted.length}` : ""}
            choose={(chosen) => setSearch({ severity: chosen.join(",") })}
          />
        }
        actions={(rows, clear) => (
          <>
            <Button size="small" appearance="primary" onClick={() => select("acknowledge", rows, clear)}>
              Acknowledge
            </Button>
            <Button size="small" onClick={() => select("mute", rows, clear)}>
              Mute until
            </Button>
            <Button size="small" onClick={() => select("resolve", rows, clear)}>
              Resolve
            </Button>
          </>
        )}
        exportRows={exportRows}
        {...(sort.key === "severity"
          ? {
              groupOf: (row: AlertRow) => ({
                key: row.severity,
                title: (
                  <GroupTitle
                    severity={row.severity}
                    total={state === "open" && chips.length === 0 && !search.text ? counts?.[row.severity] : undefined}
                  />
                ),
              }),
            }
          : {})}
        empty={<Quiet />}
        nothingMatches={state === "open" && chips.length === 0 && !search.text ? <Quiet /> : undefined}
      />
      {doing?.what === "acknowledge" && (
        <AcknowledgeDialog ids={doing.ids} close={() => setDoing(null)} done={doing.done} />
      )}
      {doing?.what === "resolve" && <ResolveDialog ids={doing.ids} close={() => setDoing(null)} done={doing.done} />}
      {doing?.what === "mute" && <MuteDialog ids={doing.ids} close={() => setDoing(null)} done={doing.done} />}
    </>
  );
}

function GroupTitle({ severity, total }: { severity: Severity; total: number | undefined }) {
  return (
    <>
      <SeverityBadge severity={severity} strong />
      {total !== undefined && (
        <Text size={200} style={{ marginInlineStart: 8 }}>
          {count(total)}
        </Text>
      )}
    </>
  );
}

function Quiet() {
  const data = useDashboard().data;
  return data ? <AllQuiet data={data} /> : null;
}
