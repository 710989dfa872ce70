// The fleet: one row a customer, and what of it needs a look. Held whole, so filtering and sorting keep up with typing.
import { Button, makeStyles, mergeClasses, Tooltip, tokens } from "@fluentui/react-components";
import { part, useFilters, useGo } from "../address";
import { type AlertCounts, commands, type DriftSummary, type Severity, type TenantRow } from "../bindings";
import { ConsentWord } from "../components/consent";
import { type Column, DataList } from "../components/data-list";
import { driftFacts } from "../components/drift";
import {
  ArrowDownloadRegular,
  ArrowSyncRegular,
  CheckmarkCircleRegular,
  KeyRegular,
  PeopleRegular,
  PlugConnectedRegular,
  ShieldKeyholeRegular,
  ShieldTaskRegular,
  TargetArrowRegular,
  WarningRegular,
} from "../components/icons";
import { FilterOne } from "../components/list-filter";
import { MfaBar, mfaPercent, mfaSentence } from "../components/mfa";
import { MiddleCut } from "../components/names";
import { NoTenants } from "../components/no-tenants";
import { PageHead } from "../components/page-head";
import { RelativeTime } from "../components/relative-time";
import { SeverityIcon, severities, severityWord } from "../components/severity-badge";
import { Sparkline } from "../components/sparkline";
import { count, counted } from "../components/words";
import { useListExport, useResync } from "../data/actions";
import { ask } from "../data/ipc";
import { useTenants } from "../data/queries";
import { useArrayRows } from "../data/rows";

const useStyles = makeStyles({
  name: { display: "flex", flexDirection: "column", minWidth: 0, lineHeight: tokens.lineHeightBase200 },
  quiet: { color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200 },
  mfa: {
    display: "grid",
    gridTemplateColumns: "44px minmax(32px, 1fr) 48px",
    alignItems: "center",
    gap: tokens.spacingHorizontalS,
  },
  number: { fontVariantNumeric: "tabular-nums" },
  stale: {
    display: "inline-flex",
    alignItems: "center",
    gap: tokens.spacingHorizontalXS,
    color: tokens.colorPaletteDarkOrangeForeground1,
    fontWeight: tokens.fontWeightSemibold,
  },
  alerts: { display: "inline-flex", alignItems: "center", gap: tokens.spacingHorizontalS },
  alert: {
    display: "inline-flex",
    alignItems: "center",
    gap: tokens.spacingHorizontalXXS,
    fontVariantNumeric: "tabular-nums",
  },
  links: { display: "inline-flex" },
});

const SHOWS = {
  all: "All tenants",
  attention: "Needs attention",
  alerts: "With open alerts",
  stale: "Not synced for 24 h",
} as const;
type Shows = keyof typeof SHOWS;

export const alertTotal = (counts: AlertCounts) => severities.reduce((sum, severity) => sum + counts[severity], 0);
const WEIGHTS: Record<Severity, number> = { critical: 1e8, high: 1e6, medium: 1e4, low: 100, information: 1 };
/** Weighs so that one critical comes before any number of lesser ones. */
const severityWeight = (counts: readonly (readonly [Severity, number])[]) =>
  counts.reduce((sum, [severity, number]) => sum + WEIGHTS[severity] * number, 0);
const alertWeight = (counts: AlertCounts) =>
  severityWeight(severities.map((severity) => [severity, counts[severity]] as const));
const needsAttention = (row: TenantRow) =>
  row.consent !== "granted" || row.stale || row.openAlerts.critical > 0 || row.lastProblem !== null;
const mfaShare = (row: TenantRow) => {
  const known = row.mfa ? row.mfa.strong + row.mfa.weak + row.mfa.none : 0;
  return row.mfa && known > 0 ? (row.mfa.strong + row.mfa.weak) / known : null;
};
/** As alerts: a critical gap before any number of lesser ones, and most gaps first. Null: not judged. */
const driftWeight = (row: TenantRow) => {
  const facts = driftFacts(row.drift);
  return facts && -severityWeight(facts.gaps);
};
const time = (at: string | null) => (at ? Date.parse(at) : 0);
const consentRank = { revoked: 0, noSignIn: 1, partly: 2, neverAsked: 3, granted: 4 } as const;
/** Unknown comes last, whichever way the list is sorted. */
const unknownLast = (a: number | null, b: number | null, descending: boolean) =>
  a === null || b === null ? (a === b ? 0 : (a === null ? 1 : -1) * (descending ? -1 : 1)) : a - b;

export function compareTenants(key: string, descending: boolean) {
  const by: Record<string, (a: TenantRow, b: TenantRow) => number> = {
    displayName: () => 0,
    consent: (a, b) => consentRank[a.consent] - consentRank[b.consent],
    users: (a, b) => unknownLast(a.users, b.users, descending),
    mfa: (a, b) => unknownLast(mfaShare(a), mfaShare(b), descending),
    openAlerts: (a, b) => alertWeight(b.openAlerts) - alertWeight(a.openAlerts),
    drift: (a, b) => unknownLast(driftWeight(a), driftWeight(b), descending),
    lastResync: (a, b) => time(a.lastResync) - time(b.lastResync),
    licence: (a, b) => (a.licence ?? "").localeCompare(b.licence ?? ""),
  };
  const named = (a: TenantRow, b: TenantRow) => a.displayName.localeCompare(b.displayName);
  const first = by[key] ?? named;
  return (a: TenantRow, b: TenantRow) => {
    const order = key === "displayName" ? named(a, b) : first(a, b);
    return (descending ? -order : order) || named(a, b);
  };
}

export default function TenantsPage() {
  const styles = useStyles();
  const go = useGo();
  const tenants = useTenants();
  const resync = useResync();
  const [search, setSearch] = useFilters();
  const text = (search.text ?? "").toLowerCase();
  const shows: Shows = (search.show ?? "all") in SHOWS ? ((search.show ?? "all") as Shows) : "all";
  const sort = { key: search.sort ?? "displayName", descending: search.down === "1" };
  const keep = (row: TenantRow) =>
    (!text || row.displayName.toLowerCase().includes(text) || row.defaultDomain.toLowerCase().includes(text)) &&
    (shows === "all" ||
      (shows === "attention" ? needsAttention(row) : shows === "alerts" ? alertTotal(row.openAlerts) > 0 : row.stale));
  const source = useArrayRows(
    tenants.data,
    tenants,
    (row) => row.id,
    keep,
    compareTenants(sort.key, sort.descending),
    JSON.stringify([sort, text, shows]),
  );
  const exportRows = useListExport<readonly TenantRow[]>(
    { title: "Export tenants", of: ["Tenants"], unit: ["tenant", "tenants"] },
    (path, rows) =>
      ask(
        commands.tenantsExport(
          rows.map((row) => row.id),
          path,
        ),
      ),
  );
  const stale = tenants.data?.filter((row) => row.stale).length ?? 0;

  const columns: readonly Column<TenantRow>[] = [
    {
      key: "displayName",
      title: "Tenant",
      width: "minmax(170px, 2.6fr)",
      sortable: true,
      always: true,
      render: (row) => (
        <span className={styles.name}>
          <MiddleCut text={row.displayName} />
          <MiddleCut text={row.defaultDomain} className={styles.quiet} />
        </span>
      ),
    },
    {
      key: "openAlerts",
      title: "Open alerts",
      width: "108px",
      sortable: true,
      render: (row) => <Alerts counts={row.openAlerts} />,
    },
    {
      key: "drift",
      title: "Drift",
      width: "124px",
      sortable: true,
      render: (row) => <Drift drift={row.drift} />,
    },
    {
      key: "mfa",
      title: "MFA",
      width: "minmax(156px, 1.4fr)",
      sortable: true,
      render: (row) => (
        <span className={styles.mfa} title={`MFA: ${mfaSentence(row.mfa)}`}>
          <span className={mergeClasses(styles.number, mfaPercent(row.mfa) === null && styles.quiet)}>
            {mfaPercent(row.mfa) ?? "–"}
          </span>
          <MfaBar counts={row.mfa} height={10} />
          {row.mfa ? (
            <Sparkline
              values={row.mfaTrend}
              width={48}
              label={`MFA of ${row.displayName} over the last ${counted(row.mfaTrend.length, "day")}`}
            />
          ) : (
            <span className={styles.quiet}>Unknown</span>
          )}
        </span>
      ),
    },
    { key: "consent", title: "Consent", width: "96px", sortable: true, render: (row) => <ConsentWord tenant={row} /> },
    {
      key: "lastResync",
      title: "Last resync",
      width: "104px",
      sortable: true,
      render: (row) =>
        row.syncing ? (
          "Syncing now"
        ) : row.stale || row.lastResync === null ? (
          <span className={styles.stale}>
            <WarningRegular aria-hidden />
            <RelativeTime at={row.lastResync} none="Never" />
          </span>
        ) : (
          <RelativeTime at={row.lastResync} />
        ),
    },
    {
      key: "users",
      title: "Users",
      width: "72px",
      sortable: true,
      end: true,
      render: (row) => (row.users === null ? <span className={styles.quiet}>Unknown</span> : count(row.users)),
    },
    {
      key: "licence",
      title: "Licence",
      width: "120px",
      sortable: true,
      hidden: true,
      render: (row) => row.licence ?? <span className={styles.quiet}>Unknown</span>,
    },
    { key: "links", title: "Go to", width: "136px", render: (row) => <QuickLinks row={row} /> },
  ];

  return (
    <>
      <PageHead
        title="Tenants"
        facts={
          tenants.data &&
          `${counted(tenants.data.length, "customer")}${stale > 0 ? `, ${count(stale)} not synced for 24 h` : ""}`
        }
        actions={
          <Button appearance="primary" icon={<PlugConnectedRegular />} onClick={() => go("/connect")}>
            Connect a tenant
          </Button>
        }
      />
      <DataList
        name="Tenants"
        unit={["tenant", "tenants"]}
        columns={columns}
        source={source}
        rowHeight={52}
        rowId={(row) => row.id}
        rowName={(row) =>
          `${row.displayName}, ${counted(alertTotal(row.openAlerts), "open alert")}, MFA ${mfaSentence(row.mfa)}`
        }
        open={(row) => go(`/tenants/${part(row.id)}`)}
        sort={sort}
        onSort={(next) => setSearch({ sort: next.key, down: next.descending ? "1" : undefined })}
        filter={{
          text: search.text ?? "",
          onText: (next) => setSearch({ text: next }),
          placeholder: "Filter by name or domain",
        }}
        chips={shows === "all" ? [] : [{ label: SHOWS[shows], remove: () => setSearch({ show: undefined }) }]}
        clearFilters={() => setSearch({ text: undefined, show: undefined })}
        tools={
          <FilterOne
            label="Show"
            choices={Object.keys(SHOWS) as Shows[]}
            words={(each) => SHOWS[each]}
            chosen={shows}
            choose={(each) => setSearch({ show: each === "all" ? undefined : each })}
          />
        }
        exportRows={() => void source.everything().then(exportRows)}
        actions={(rows, clear) => (
          <>
            <Button
              size="small"
              appearance="primary"
              icon={<ArrowSyncRegular />}
              onClick={() => {
                resync.mutate({ tenants: rows.map((row) => row.id) });
                clear();
              }}
            >
              Resync
            </Button>
            <Button size="small" icon={<ArrowDownloadRegular />} onClick={() => exportRows(rows)}>
              Export selected
            </Button>
          </>
        )}
        empty={<NoTenants />}
      />
    </>
  );
}

/** Controls of the baseline that are not met, worst first; unknown is said, never shown as none. */
function Drift({ drift }: { drift: DriftSummary | null }) {
  const styles = useStyles();
  const facts = driftFacts(drift);
  if (!facts) return <span className={styles.quiet}>Unknown</span>;
  if (facts.total > 0) return <Counts of={facts.gaps} unit="gap" />;
  const { unknown } = facts.summary;
  return unknown > 0 ? (
    <span className={styles.quiet}>{counted(unknown, "unknown", "unknown")}</span>
  ) : (
    <span className={styles.alert}>
      <CheckmarkCircleRegular aria-hidden /> None
    </span>
  );
}

function Counts({ of, unit }: { of: readonly (readonly [Severity, number])[]; unit: string }) {
  const styles = useStyles();
  return (
    <span className={styles.alerts}>
      {of.slice(0, 3).map(([severity, number]) => (
        <span
          key={severity}
          className={styles.alert}
          title={`${counted(number, `${severityWord[severity].toLowerCase()} ${unit}`)}`}
        >
          <SeverityIcon severity={severity} />
          {count(number)}
        </span>
      ))}
    </span>
  );
}

function Alerts({ counts }: { counts: AlertCounts }) {
  const styles = useStyles();
  if (alertTotal(counts) === 0) return <span className={styles.quiet}>None</span>;
  return (
    <Counts
      of={severities.filter((severity) => counts[severity] > 0).map((severity) => [severity, counts[severity]])}
      unit="alert"
    />
  );
}

function QuickLinks({ row }: { row: TenantRow }) {
  const styles = useStyles();
  const go = useGo();
  const base = `/tenants/${part(row.id)}`;
  const links = [
    ["Drift", "drift", <TargetArrowRegular key="d" />],
    ["Policies", "policies", <ShieldTaskRegular key="p" />],
    ["Sign-ins", "sign-ins", <KeyRegular key="s" />],
    ["Users", "users", <PeopleRegular key="u" />],
    ["MFA", "mfa", <ShieldKeyholeRegular key="m" />],
  ] as const;
  return (
    <span className={styles.links}>
      {links.map(([title, page, icon]) => (
        <Tooltip key={page} content={title} relationship="label">
          <Button size="small" appearance="subtle" tabIndex={-1} icon={icon} onClick={() => go(`${base}/${page}`)} />
        </Tooltip>
      ))}
    </span>
  );
}
