// What is wrong in the whole fleet, for whom, since when, and the one click that leads there.
import { Button, Card, Link, makeStyles, mergeClasses, Subtitle2, Text, tokens } from "@fluentui/react-components";
import { part, useGo } from "../address";
import type { AccessRow, AlertRow, Attention, Dashboard } from "../bindings";
import { AllQuiet } from "../components/all-quiet";
import { ArrowSyncRegular, ChevronRightRegular } from "../components/icons";
import { MfaBar, MfaLegend, mfaPercent, mfaSentence, people } from "../components/mfa";
import { EndCut, TenantName } from "../components/names";
import { NoTenants } from "../components/no-tenants";
import { PageHead } from "../components/page-head";
import { PageSkeleton } from "../components/page-skeleton";
import { ProblemView } from "../components/problem-view";
import { RelativeTime } from "../components/relative-time";
import { SeverityIcon, severities, severityWord } from "../components/severity-badge";
import { Sparkline } from "../components/sparkline";
import { count, counted } from "../components/words";
import { useResync } from "../data/actions";
import { useWaitingChanges } from "../data/changes";
import { problemOf } from "../data/ipc";
import { useDashboard } from "../data/queries";
import { own } from "../theme";
import { AccessStateWord } from "./parts/access-words";

const useStyles = makeStyles({
  grid: {
    display: "grid",
    gridTemplateColumns: "minmax(0, 1.7fr) minmax(320px, 1fr)",
    gap: tokens.spacingHorizontalL,
    alignItems: "start",
    paddingBottom: tokens.spacingVerticalXL,
    "@media (max-width: 1000px)": { gridTemplateColumns: "minmax(0, 1fr)" },
  },
  column: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalL, minWidth: 0 },
  card: { gap: tokens.spacingVerticalS, padding: tokens.spacingHorizontalL },
  head: { display: "flex", alignItems: "center", justifyContent: "space-between", gap: tokens.spacingHorizontalM },
  counts: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS },
  list: { listStyle: "none", margin: 0, padding: 0 },
  row: {
    display: "grid",
    alignItems: "center",
    columnGap: tokens.spacingHorizontalM,
    width: "100%",
    minHeight: "48px",
    padding: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalS}`,
    borderTop: `1px solid ${tokens.colorNeutralStroke3}`,
    boxSizing: "border-box",
    color: tokens.colorNeutralForeground1,
    textDecorationLine: "none",
    ":hover": { backgroundColor: own.rowHover },
    ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: "-2px" },
  },
  alertRow: { gridTemplateColumns: "72px minmax(0, 1fr) auto 16px" },
  attentionRow: { gridTemplateColumns: "minmax(0, 1fr) auto 16px" },
  words: { display: "flex", flexDirection: "column", minWidth: 0 },
  severity: {
    display: "inline-flex",
    alignItems: "center",
    gap: tokens.spacingHorizontalXS,
    fontSize: tokens.fontSizeBase200,
  },
  quiet: { color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200 },
  ending: { display: "flex", flexDirection: "column", alignItems: "flex-end", lineHeight: tokens.lineHeightBase200 },
  chevron: { color: tokens.colorNeutralForeground3, fontSize: "16px" },
  big: {
    fontSize: tokens.fontSizeHero700,
    lineHeight: tokens.lineHeightHero700,
    fontWeight: tokens.fontWeightSemibold,
  },
  mfaHead: { display: "flex", alignItems: "end", justifyContent: "space-between", gap: tokens.spacingHorizontalM },
});

export default function DashboardPage() {
  const dashboard = useDashboard();
  const resync = useResync();
  if (dashboard.error && !dashboard.data)
    return (
      <ProblemView
        problem={problemOf(dashboard.error)}
        kept="What was synced is still stored"
        retry={() => void dashboard.refetch()}
      />
    );
  if (!dashboard.data) return <PageSkeleton />;
  const data = dashboard.data;
  return (
    <>
      <PageHead
        title="Dashboard"
        facts={
          <>
            {counted(data.tenants, "tenant")}
            {data.lastChecked ? (
              <>
                , last checked <RelativeTime at={data.lastChecked} />
              </>
            ) : (
              ", not checked yet"
            )}
          </>
        }
        actions={
          data.tenants > 0 && (
            <Button icon={<ArrowSyncRegular />} onClick={() => resync.mutate({ tenants: [] })}>
              Resync all
            </Button>
          )
        }
      />
      {data.tenants === 0 ? <NoTenants /> : <Filled data={data} />}
    </>
  );
}

function Filled({ data }: { data: Dashboard }) {
  const styles = useStyles();
  return (
    <div className={styles.grid}>
      <div className={styles.column}>
        <OpenAlerts data={data} />
      </div>
      <div className={styles.column}>
        <NeedsAttention attention={data.attention} />
        <EndingAccess rows={data.endingAccess} />
        <WaitingChanges />
        <FleetMfa data={data} />
      </div>
    </div>
  );
}

function OpenAlerts({ data }: { data: Dashboard }) {
  const styles = useStyles();
  const go = useGo();
  const total = severities.reduce((sum, severity) => sum + data.counts[severity], 0);
  return (
    <Card className={styles.card} role="region" aria-label="Open alerts">
      <div className={styles.head}>
        <Subtitle2 as="h2">Open alerts</Subtitle2>
        {total > 0 && (
          <div className={styles.counts}>
            {severities
              .filter((severity) => data.counts[severity] > 0)
              .map((severity) => (
                <Button
                  key={severity}
                  size="small"
                  appearance="subtle"
                  icon={<SeverityIcon severity={severity} />}
                  onClick={() => go(`/alerts?severity=${severity}`)}
                >
                  {count(data.counts[severity])} {severityWord[severity].toLowerCase()}
                </Button>
              ))}
          </div>
        )}
      </div>
      {data.openAlerts.length === 0 ? (
        <AllQuiet data={data} />
      ) : (
        <ul className={styles.list}>
          {data.openAlerts.map((alert) => (
            <AlertLine key={alert.id} alert={alert} />
          ))}
        </ul>
      )}
      {total > data.openAlerts.length && (
        <div>
          <Link
            href="#/alerts"
            onClick={(event) => {
              event.preventDefault();
              go("/alerts");
            }}
          >
            All {counted(total, "open alert")}
          </Link>
        </div>
      )}
    </Card>
  );
}

/** One alert as one line that leads to it; also stands on a tenant's overview, then without the tenant's name. */
export function AlertLine({ alert, tenant = true }: { alert: AlertRow; tenant?: boolean }) {
  const styles = useStyles();
  const go = useGo();
  const to = `/alerts/${alert.id}`;
  return (
    <li>
      <a
        href={`#${to}`}
        className={mergeClasses(styles.row, styles.alertRow)}
        onClick={(event) => {
          event.preventDefault();
          go(to);
        }}
      >
        <span className={styles.severity}>
          <SeverityIcon severity={alert.severity} />
          {alert.severity === "information" ? "Info" : severityWord[alert.severity]}
        </span>
        <span className={styles.words}>
          <EndCut text={alert.title} />
          <span className={styles.quiet}>{tenant ? <TenantName tenant={alert.tenant} /> : alert.kindTitle}</span>
        </span>
        <span className={styles.quiet}>
          <RelativeTime at={alert.firstSeen} />
        </span>
        <ChevronRightRegular className={styles.chevron} aria-hidden />
      </a>
    </li>
  );
}

function NeedsAttention({ attention }: { attention: readonly Attention[] }) {
  const styles = useStyles();
  const go = useGo();
  return (
    <Card className={styles.card} role="region" aria-label="Tenants that need attention">
      <Subtitle2 as="h2">Tenants that need attention</Subtitle2>
      {attention.length === 0 ? (
        <Text className={styles.quiet}>None: every tenant can be read and was synced within 24 h.</Text>
      ) : (
        <ul className={styles.list}>
          {attention.map((each) => (
            <li key={`${each.tenant.id} ${each.kind}`}>
              <a
                href={`#${each.route}`}
                className={mergeClasses(styles.row, styles.attentionRow)}
                onClick={(event) => {
                  event.preventDefault();
                  go(each.route);
                }}
              >
                <span className={styles.words}>
                  <TenantName tenant={each.tenant} />
                  <span className={styles.quiet}>{each.what}</span>
                </span>
                <span className={styles.quiet}>{each.since && <RelativeTime at={each.since} />}</span>
                <ChevronRightRegular className={styles.chevron} aria-hidden />
              </a>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function EndingAccess({ rows }: { rows: readonly AccessRow[] }) {
  const styles = useStyles();
  const go = useGo();
  return (
    <Card className={styles.card} role="region" aria-label="Time-bound access that ends within 48 h">
      <Subtitle2 as="h2">Time-bound access that ends within 48 h</Subtitle2>
      {rows.length === 0 ? (
        <Text className={styles.quiet}>None, and nobody is past an end and still in a group.</Text>
      ) : (
        <ul className={styles.list}>
          {rows.slice(0, MOST_ENDING).map((row) => {
            const to = `/tenants/${part(row.tenant.id)}/time-bound-access?open=${row.id}`;
            return (
              <li key={row.id}>
                <a
                  href={`#${to}`}
                  className={mergeClasses(styles.row, styles.attentionRow)}
                  onClick={(event) => {
                    event.preventDefault();
                    go(to);
                  }}
                >
                  <span className={styles.words}>
                    <EndCut text={`${row.person.displayName || row.person.upn} in ${row.group.displayName}`} />
                    <span className={styles.quiet}>
                      <TenantName tenant={row.tenant} />
                    </span>
                  </span>
                  <span className={styles.ending}>
                    <AccessStateWord row={row} />
                    <span className={styles.quiet}>
                      <RelativeTime at={row.endsAt} timeZone={row.timeZone} />
                    </span>
                  </span>
                  <ChevronRightRegular className={styles.chevron} aria-hidden />
                </a>
              </li>
            );
          })}
        </ul>
      )}
      {rows.length > MOST_ENDING && (
        <Text className={styles.quiet}>And {counted(rows.length - MOST_ENDING, "more", "more")}.</Text>
      )}
    </Card>
  );
}

const MOST_ENDING = 8;

/** Changes that a second person has to look at, the oldest first. Nothing stands here while there are none. */
function WaitingChanges() {
  const styles = useStyles();
  const go = useGo();
  const waiting = useWaitingChanges().data;
  if (!waiting || waiting.total === 0) return null;
  return (
    <Card className={styles.card} role="region" aria-label="Changes that wait for approval">
      <Subtitle2 as="h2">Changes that wait for approval</Subtitle2>
      <ul className={styles.list}>
        {waiting.rows.map((row) => (
          <li key={row.id}>
            <a
              href={`#/changes/${row.id}`}
              className={mergeClasses(styles.row, styles.attentionRow)}
              onClick={(event) => {
                event.preventDefault();
                go(`/changes/${row.id}`);
              }}
            >
              <span className={styles.words}>
                <EndCut text={row.title} />
                <span className={styles.quiet}>
                  <TenantName tenant={row.tenant} />
                </span>
              </span>
              <span className={styles.quiet}>
                <RelativeTime at={row.requestedAt} />
              </span>
              <ChevronRightRegular className={styles.chevron} aria-hidden />
            </a>
          </li>
        ))}
      </ul>
      {waiting.total > waiting.rows.length && (
        <div>
          <Link
            href="#/changes?view=waiting"
            onClick={(event) => {
              event.preventDefault();
              go("/changes?view=waiting");
            }}
          >
            All {counted(waiting.total, "change")}
          </Link>
        </div>
      )}
    </Card>
  );
}

function FleetMfa({ data }: { data: Dashboard }) {
  const styles = useStyles();
  const go = useGo();
  const share = mfaPercent(data.mfa);
  const trend = data.mfaTrend.map(({ counts }) => {
    const known = counts.strong + counts.weak + counts.none;
    return known === 0 ? null : (100 * (counts.strong + counts.weak)) / known;
  });
  return (
    <Card className={styles.card} role="region" aria-label="MFA of the fleet">
      <div className={styles.mfaHead}>
        <Subtitle2 as="h2">MFA of the fleet</Subtitle2>
        <Link
          href="#/mfa"
          onClick={(event) => {
            event.preventDefault();
            go("/mfa");
          }}
        >
          All customers
        </Link>
      </div>
      {share === null ? (
        <Text className={styles.quiet}>Unknown: no tenant's MFA registration could be read yet.</Text>
      ) : (
        <>
          <div className={styles.mfaHead}>
            <span className={styles.words}>
              <span className={styles.big}>{share}</span>
              <span className={styles.quiet}>have an MFA method: {mfaSentence(data.mfa).replace(/^[^,]*, /, "")}</span>
            </span>
            <Sparkline
              values={trend}
              width={120}
              height={32}
              label={`MFA over the last ${counted(trend.length, "day")}`}
            />
          </div>
          {people(data.mfa) > 0 && <MfaBar counts={data.mfa} height={14} />}
          <MfaLegend counts={data.mfa} />
        </>
      )}
      {data.mfaUnreadable.length > 0 && (
        <Text className={styles.quiet}>
          Not in these figures, because it could not be read:{" "}
          {data.mfaUnreadable.map((tenant, index) => (
            <span key={tenant.id}>
              {index > 0 && ", "}
              <Link
                inline
                href={`#/tenants/${part(tenant.id)}/mfa`}
                onClick={(event) => {
                  event.preventDefault();
                  go(`/tenants/${part(tenant.id)}/mfa`);
                }}
              >
                <bdi dir="auto">{tenant.displayName}</bdi>
              </Link>
            </span>
          ))}
          .
        </Text>
      )}
    </Card>
  );
}
