// One alert: the story and its evidence on the left, what to do on the right, its history below.
import { Button, Card, Link, MenuItem, makeStyles, Subtitle2, Text, tokens } from "@fluentui/react-components";
import { useState } from "react";
import { part, useGo, useParam } from "../address";
import {
  type AlertDetail,
  type AlertEvent,
  commands,
  type EvidenceFact,
  type PlaybookAction,
  type PlaybookStep,
} from "../bindings";
import { AcknowledgeDialog, MuteDialog, ResolveDialog } from "../components/alert-dialogs";
import { StateWord } from "../components/alert-state";
import { useColumns } from "../components/columns";
import { FieldChanges } from "../components/field-changes";
import { OpenRegular } from "../components/icons";
import { Loaded } from "../components/loaded";
import { MoreMenu } from "../components/more-menu";
import { cleanName } from "../components/names";
import { PageHead } from "../components/page-head";
import { RelativeTime } from "../components/relative-time";
import { useSay } from "../components/say";
import { SeverityBadge } from "../components/severity-badge";
import { counted } from "../components/words";
import { useDoing, useOpenExternal, useResync } from "../data/actions";
import { ask } from "../data/ipc";
import { useAlert } from "../data/queries";

const useStyles = makeStyles({
  card: { padding: tokens.spacingHorizontalL, gap: tokens.spacingVerticalM },
  meaning: { maxWidth: "72ch", lineHeight: tokens.lineHeightBase400 },
  table: { width: "100%", borderCollapse: "collapse", tableLayout: "fixed" },
  label: {
    width: "160px",
    textAlign: "start",
    verticalAlign: "top",
    padding: `${tokens.spacingVerticalSNudge} ${tokens.spacingHorizontalM} ${tokens.spacingVerticalSNudge} 0`,
    color: tokens.colorNeutralForeground2,
    fontWeight: tokens.fontWeightRegular,
  },
  value: { verticalAlign: "top", padding: `${tokens.spacingVerticalSNudge} 0`, overflowWrap: "anywhere" },
  line: { borderBottom: `1px solid ${tokens.colorNeutralStroke3}` },
  steps: {
    listStyle: "none",
    margin: 0,
    padding: 0,
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalL,
    counterReset: "step",
  },
  step: {
    display: "grid",
    gridTemplateColumns: "28px minmax(0, 1fr)",
    columnGap: tokens.spacingHorizontalM,
    alignItems: "start",
  },
  number: {
    width: "26px",
    height: "26px",
    borderRadius: tokens.borderRadiusCircular,
    display: "grid",
    placeItems: "center",
    backgroundColor: tokens.colorBrandBackground2,
    color: tokens.colorBrandForeground2,
    fontWeight: tokens.fontWeightSemibold,
    fontSize: tokens.fontSizeBase200,
  },
  stepBody: {
    display: "flex",
    flexDirection: "column",
    alignItems: "flex-start",
    gap: tokens.spacingVerticalS,
    paddingTop: "3px",
    overflowWrap: "anywhere",
  },
  history: { listStyle: "none", margin: 0, padding: 0 },
  event: {
    display: "grid",
    gridTemplateColumns: "110px minmax(0, 1fr)",
    columnGap: tokens.spacingHorizontalM,
    padding: `${tokens.spacingVerticalSNudge} 0`,
  },
  quiet: { color: tokens.colorNeutralForeground3 },
  note: { display: "block", color: tokens.colorNeutralForeground2, overflowWrap: "anywhere" },
});

export default function AlertPage() {
  const id = Number(useParam("id"));
  const alert = useAlert(id);
  return (
    <Loaded asked={alert} back={["All alerts", "/alerts"]}>
      {(data) => <AlertView alert={data} />}
    </Loaded>
  );
}

function AlertView({ alert }: { alert: AlertDetail }) {
  const columns = useColumns();
  const styles = useStyles();
  const say = useSay();
  const { row } = alert;
  const [dialog, setDialog] = useState<"acknowledge" | "mute" | "resolve" | null>(null);
  const reopen = useDoing(
    () => ask(commands.alertsReopen([row.id])),
    () => [null],
    () => say("The alert is open again"),
  );
  const close = () => setDialog(null);
  const isOpen = row.state === "open";
  return (
    <>
      <PageHead
        title={row.title}
        crumbs={[
          { title: "Alerts", to: "/alerts" },
          { title: row.tenant.displayName, to: `/tenants/${part(row.tenant.id)}` },
        ]}
        facts={<Facts alert={alert} />}
        actions={
          <>
            {isOpen ? (
              <Button appearance="primary" onClick={() => setDialog("acknowledge")}>
                Acknowledge
              </Button>
            ) : (
              <Button onClick={() => reopen.mutate(undefined)} disabled={reopen.isPending}>
                Reopen
              </Button>
            )}
            {row.state !== "resolved" && (
              <>
                {row.state !== "muted" && <Button onClick={() => setDialog("mute")}>Mute until</Button>}
                <Button onClick={() => setDialog("resolve")}>Resolve</Button>
              </>
            )}
            <MoreMenu>
              <TenantAlertsItem alert={alert} />
            </MoreMenu>
          </>
        }
      />
      <div className={columns.grid}>
        <div className={columns.column}>
          <Card className={styles.card} role="region" aria-label="What happened">
            <Subtitle2 as="h2">What happened</Subtitle2>
            <Text className={styles.meaning}>{alert.meaning}</Text>
            {alert.evidence.length > 0 && <Evidence facts={alert.evidence} />}
          </Card>
          {alert.changes.length > 0 && (
            <Card className={styles.card} role="region" aria-label="What changed">
              <Subtitle2 as="h2">What changed</Subtitle2>
              <FieldChanges changes={alert.changes} />
            </Card>
          )}
        </div>
        <div className={columns.column}>
          <Card className={styles.card} role="region" aria-label="What to do">
            <Subtitle2 as="h2">What to do</Subtitle2>
            <Playbook steps={alert.playbook} tenant={row.tenant.id} tenantName={row.tenant.displayName} />
            {alert.handledAt &&
              !alert.playbook.some(
                (step) => step.action && JSON.stringify(step.action) === JSON.stringify(alert.handledAt),
              ) && (
                <div>
                  <ActionButton action={alert.handledAt} tenant={row.tenant.id} tenantName={row.tenant.displayName} />
                </div>
              )}
          </Card>
          <Card className={styles.card} role="region" aria-label="History">
            <Subtitle2 as="h2">History</Subtitle2>
            <History events={alert.history} />
          </Card>
        </div>
      </div>
      {dialog === "acknowledge" && <AcknowledgeDialog ids={[row.id]} close={close} />}
      {dialog === "mute" && <MuteDialog ids={[row.id]} close={close} />}
      {dialog === "resolve" && <ResolveDialog ids={[row.id]} close={close} />}
    </>
  );
}

function Facts({ alert: { row } }: { alert: AlertDetail }) {
  return (
    <span style={{ display: "inline-flex", flexWrap: "wrap", columnGap: 16, alignItems: "center" }}>
      <SeverityBadge severity={row.severity} strong />
      <StateWord row={row} />
      <span>
        {row.kindTitle}, since <RelativeTime at={row.firstSeen} />
        {row.count > 1 && (
          <>
            , {counted(row.count, "time")}, last <RelativeTime at={row.lastSeen} />
          </>
        )}
      </span>
    </span>
  );
}

function TenantAlertsItem({ alert: { row } }: { alert: AlertDetail }) {
  const go = useGo();
  return (
    <>
      <MenuItem onClick={() => go(`/alerts?tenant=${part(row.tenant.id)}`)}>Open alerts of this tenant</MenuItem>
      <MenuItem onClick={() => go(`/alerts?kind=${part(row.kind)}&state=all`)}>All alerts of this kind</MenuItem>
      <MenuItem onClick={() => go("/audit")}>Audit log</MenuItem>
    </>
  );
}

function Evidence({ facts }: { facts: readonly EvidenceFact[] }) {
  const styles = useStyles();
  const go = useGo();
  return (
    <table className={styles.table} aria-label="Evidence">
      <tbody>
        {facts.map((fact, index) => {
          const value = fact.at ? <RelativeTime at={fact.at} /> : <bdi dir="auto">{cleanName(fact.value)}</bdi>;
          return (
            <tr key={index} className={styles.line}>
              <th scope="row" className={styles.label}>
                {fact.label}
              </th>
              <td className={styles.value}>
                {fact.route ? (
                  <Link
                    href={`#${fact.route}`}
                    onClick={(event) => {
                      event.preventDefault();
                      if (fact.route) go(fact.route);
                    }}
                  >
                    {value}
                  </Link>
                ) : (
                  value
                )}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Playbook({
  steps,
  tenant,
  tenantName,
}: {
  steps: readonly PlaybookStep[];
  tenant: string;
  tenantName: string;
}) {
  const styles = useStyles();
  return (
    <ol className={styles.steps}>
      {steps.map((step, index) => (
        <li key={index} className={styles.step}>
          <span className={styles.number} aria-hidden>
            {index + 1}
          </span>
          <span className={styles.stepBody}>
            <Text>{step.text}</Text>
            {step.action && <ActionButton action={step.action} tenant={tenant} tenantName={tenantName} />}
          </span>
        </li>
      ))}
    </ol>
  );
}

function ActionButton({ action, tenant, tenantName }: { action: PlaybookAction; tenant: string; tenantName: string }) {
  const go = useGo();
  const openExternal = useOpenExternal();
  const resync = useResync();
  if (action.kind === "open")
    return (
      <Button size="small" onClick={() => go(action.route)}>
        {action.label}
      </Button>
    );
  if (action.kind === "resync")
    return (
      <Button
        size="small"
        disabled={resync.isPending}
        onClick={() => resync.mutate({ tenants: [tenant], name: tenantName })}
      >
        {action.label}
      </Button>
    );
  return (
    <Button size="small" icon={<OpenRegular />} iconPosition="after" onClick={() => openExternal(action.url)}>
      {action.label}
    </Button>
  );
}

const eventWord: Record<string, string> = {
  raised: "Raised",
  seenAgain: "Seen again",
  notified: "Notification shown",
  acknowledged: "Acknowledged",
  muted: "Muted",
  unmuted: "No longer muted",
  resolved: "Resolved",
  reopened: "Reopened",
};

function History({ events }: { events: readonly AlertEvent[] }) {
  const styles = useStyles();
  if (events.length === 0) return <Text className={styles.quiet}>Nothing happened to this alert yet.</Text>;
  return (
    <ul className={styles.history}>
      {events.map((event, index) => (
        <li key={index} className={styles.event}>
          <Text className={styles.quiet}>
            <RelativeTime at={event.at} />
          </Text>
          <Text>
            {eventWord[event.what] ?? event.what}
            {event.who && event.who !== "Gatehouse" && (
              <>
                {" "}
                by <bdi dir="auto">{cleanName(event.who)}</bdi>
              </>
            )}
            {event.note && (
              <bdi dir="auto" className={styles.note}>
                {cleanName(event.note)}
              </bdi>
            )}
          </Text>
        </li>
      ))}
    </ul>
  );
}
