// What the sync is doing: quiet when all is well, a thin line and "3 of 8 tenants" while it runs, a sentence when something could not be
// read. The details tell every tenant and kind of data.
import {
  Button,
  Link,
  makeStyles,
  Popover,
  PopoverSurface,
  PopoverTrigger,
  ProgressBar,
  Spinner,
  Subtitle2,
  Text,
  tokens,
} from "@fluentui/react-components";
import { useState } from "react";
import { part, useGo } from "../address";
import {
  type Attention,
  commands,
  type KindProgress,
  type SyncPhase,
  type SyncState,
  type TenantProgress,
} from "../bindings";
import { unreadTenants } from "../components/all-quiet";
import {
  ArrowSyncRegular,
  CheckmarkCircleRegular,
  ChevronDownRegular,
  ChevronRightRegular,
  CircleRegular,
  ClockRegular,
  DismissCircleRegular,
  ErrorCircleRegular,
  WarningRegular,
} from "../components/icons";
import { cleanName, MiddleCut } from "../components/names";
import { RelativeTime } from "../components/relative-time";
import { count, counted, duration, sentence } from "../components/words";
import { useDoing, useResync } from "../data/actions";
import { ask } from "../data/ipc";
import { useDashboard, useSyncState } from "../data/queries";

const useStyles = makeStyles({
  line: { position: "absolute", insetInline: 0, bottom: "-1px", zIndex: 3 },
  surface: {
    width: "440px",
    maxHeight: "70vh",
    overflow: "auto",
    padding: tokens.spacingHorizontalL,
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalM,
  },
  head: { display: "flex", alignItems: "center", justifyContent: "space-between", gap: tokens.spacingHorizontalM },
  // A long list scrolls: what stands above it must not be squeezed.
  bar: { flexShrink: 0 },
  list: {
    flexShrink: 0,
    listStyle: "none",
    margin: 0,
    padding: 0,
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalXXS,
  },
  tenant: {
    display: "grid",
    gridTemplateColumns: "20px 20px minmax(0, 1fr) auto",
    alignItems: "center",
    gap: tokens.spacingHorizontalS,
    minHeight: "32px",
  },
  kinds: {
    listStyle: "none",
    margin: `0 0 ${tokens.spacingVerticalS}`,
    padding: 0,
    paddingInlineStart: "56px",
    display: "grid",
    rowGap: tokens.spacingVerticalXS,
  },
  kind: { display: "grid", gridTemplateColumns: "minmax(0, 1fr) auto", columnGap: tokens.spacingHorizontalM },
  plain: { fontWeight: tokens.fontWeightRegular, whiteSpace: "nowrap", flexShrink: 0 },
  quiet: { color: tokens.colorNeutralForeground3 },
  problem: { gridColumn: "1 / -1", color: tokens.colorNeutralForeground2 },
  fold: { minWidth: "20px", padding: 0 },
  icon: { fontSize: "16px", lineHeight: 0 },
  good: { color: tokens.colorStatusSuccessForeground1 },
  warn: { color: tokens.colorPaletteDarkOrangeForeground1 },
  bad: { color: tokens.colorStatusDangerForeground1 },
});

const phaseWord: Record<SyncPhase, string> = {
  waiting: "waiting",
  running: "reading",
  throttled: "slowed down",
  done: "done",
  partly: "partly read",
  failed: "failed",
  cancelled: "cancelled",
};

/** The one sentence of the top bar when something could not be read, else null. Before the first sync after a start only `unread` knows. */
export function syncTrouble(state: SyncState, unread: readonly Attention[] = []): string | null {
  if (state.running) return null;
  const ended = (phase: SyncPhase) => state.tenants.filter((tenant) => tenant.phase === phase);
  return (
    namedOrCounted(ended("failed"), "could not be synced") ??
    namedOrCounted(ended("partly"), "was read only in part", "were read only in part") ??
    namedOrCounted(
      unread.map(({ tenant }) => tenant),
      "is not read whole",
      "are not read whole",
    )
  );
}

function namedOrCounted(tenants: readonly { displayName: string }[], one: string, many = one): string | null {
  const [first] = tenants;
  if (!first) return null;
  return tenants.length === 1 ? `${first.displayName} ${one}` : `${counted(tenants.length, "tenant")} ${many}`;
}

/** The last sync was stopped by hand before it had read everything. */
export const wasCancelled = (state: SyncState) =>
  !state.running && state.tenants.some(({ phase }) => phase === "cancelled");

/** 0 to 1, by kinds of data so that a large tenant is not invisible while it is read; null: not known yet. */
export function syncShare(state: SyncState): number | null {
  const kinds = state.tenants.flatMap((tenant) => tenant.kinds);
  if (kinds.length === 0) return state.total > 0 ? state.done / state.total : null;
  const over = new Set<SyncPhase>(["done", "partly", "failed", "cancelled"]);
  const done = kinds.reduce((sum, kind) => {
    if (over.has(kind.phase)) return sum + 1;
    if (kind.expected && kind.expected > 0) return sum + Math.min(0.95, kind.rows / kind.expected);
    return sum;
  }, 0);
  return done / kinds.length;
}

export function SyncStatus() {
  const styles = useStyles();
  const state = useSyncState().data;
  const dashboard = useDashboard().data;
  const lastChecked = dashboard?.lastChecked ?? null;
  const resync = useResync();
  const cancel = useDoing(
    (tenant: string | null) => ask(commands.syncCancel(tenant)),
    () => [],
  );
  const running = state?.running ?? false;
  const unread = unreadTenants(dashboard?.attention ?? []);
  const trouble = state ? syncTrouble(state, unread) : null;
  const cancelled = state ? wasCancelled(state) : false;
  const share = state && running ? syncShare(state) : null;
  return (
    <>
      <Popover positioning="below-end" withArrow trapFocus>
        <PopoverTrigger disableButtonEnhancement>
          <Button
            className={styles.plain}
            appearance="subtle"
            data-testid="sync-state"
            icon={
              running ? (
                <Spinner size="extra-tiny" />
              ) : trouble ? (
                <WarningRegular className={styles.warn} />
              ) : state && lastChecked && !cancelled ? (
                <CheckmarkCircleRegular className={styles.good} />
              ) : (
                <CircleRegular className={styles.quiet} />
              )
            }
          >
            {running && state ? (
              `${count(state.done)} of ${counted(state.total, "tenant")}`
            ) : trouble ? (
              <bdi dir="auto">{trouble}</bdi>
            ) : (
              <span className={styles.quiet}>
                {cancelled ? (
                  "Sync cancelled"
                ) : lastChecked ? (
                  <>
                    Synced <RelativeTime at={lastChecked} />
                  </>
                ) : (
                  "Not synced yet"
                )}
              </span>
            )}
          </Button>
        </PopoverTrigger>
        <PopoverSurface className={styles.surface} aria-label="Sync">
          <div className={styles.head}>
            <Subtitle2>{running ? "Syncing" : "Sync"}</Subtitle2>
            {running ? (
              <Button size="small" onClick={() => cancel.mutate(null)} disabled={cancel.isPending}>
                Cancel
              </Button>
            ) : (
              <Button size="small" icon={<ArrowSyncRegular />} onClick={() => resync.mutate({ tenants: [] })}>
                Resync all
              </Button>
            )}
          </div>
          {running && <ProgressBar className={styles.bar} value={share ?? undefined} aria-label="Sync progress" />}
          {!running && state?.nextAt && (
            <Text className={styles.quiet}>
              The next sync is due <RelativeTime at={state.nextAt} />.
            </Text>
          )}
          {state && state.tenants.length > 0 ? (
            <ul className={styles.list}>
              {state.tenants.map((tenant) => (
                <TenantLine key={tenant.tenant} tenant={tenant} cancel={() => cancel.mutate(tenant.tenant)} />
              ))}
            </ul>
          ) : (
            <>
              <Text className={styles.quiet}>Nothing has been synced since Gatehouse was started.</Text>
              {unread.length > 0 && <Unread attention={unread} />}
            </>
          )}
        </PopoverSurface>
      </Popover>
      {running && (
        <ProgressBar className={styles.line} thickness="medium" shape="square" value={share ?? undefined} aria-hidden />
      )}
    </>
  );
}

/** What the last sync before the start could not read. */
function Unread({ attention }: { attention: readonly Attention[] }) {
  const styles = useStyles();
  const go = useGo();
  return (
    <ul className={styles.list} aria-label="Not read whole">
      {attention.map(({ tenant, what, route }) => (
        <li key={tenant.id}>
          <Link
            href={`#${route}`}
            onClick={(event) => {
              event.preventDefault();
              go(route);
            }}
          >
            <bdi dir="auto">{cleanName(tenant.displayName)}</bdi>
          </Link>
          <Text block size={200} className={styles.quiet}>
            {sentence(what)}
          </Text>
        </li>
      ))}
    </ul>
  );
}

function PhaseIcon({ phase }: { phase: SyncPhase }) {
  const styles = useStyles();
  if (phase === "running") return <Spinner size="extra-tiny" />;
  if (phase === "done") return <CheckmarkCircleRegular className={styles.good} />;
  if (phase === "failed") return <ErrorCircleRegular className={styles.bad} />;
  if (phase === "partly" || phase === "throttled") return <WarningRegular className={styles.warn} />;
  if (phase === "cancelled") return <DismissCircleRegular />;
  return phase === "waiting" ? <ClockRegular /> : <CircleRegular />;
}

function TenantLine({ tenant, cancel }: { tenant: TenantProgress; cancel: () => void }) {
  const styles = useStyles();
  const go = useGo();
  const busy = tenant.phase === "running" || tenant.phase === "throttled" || tenant.phase === "waiting";
  const [open, setOpen] = useState(tenant.phase === "failed");
  const left = busy && tenant.remainingSeconds !== null ? `, about ${duration(tenant.remainingSeconds)} left` : "";
  return (
    <li>
      <div className={styles.tenant}>
        <Button
          className={styles.fold}
          size="small"
          appearance="transparent"
          icon={open ? <ChevronDownRegular /> : <ChevronRightRegular />}
          aria-expanded={open}
          aria-label={`Details of ${tenant.displayName}`}
          onClick={() => setOpen(!open)}
        />
        <span className={styles.icon} aria-hidden>
          <PhaseIcon phase={tenant.phase} />
        </span>
        <MiddleCut text={tenant.displayName} />
        <Text size={200} className={styles.quiet}>
          {phaseWord[tenant.phase] ?? tenant.phase}
          {left}
        </Text>
      </div>
      {open && (
        <ul className={styles.kinds}>
          {tenant.problem && (
            <li className={styles.problem}>
              {sentence(tenant.problem.what)} {sentence(tenant.problem.nextStep)}
            </li>
          )}
          {tenant.kinds.map((kind) => (
            <KindLine key={kind.kind} kind={kind} />
          ))}
          <li>
            <Button size="small" appearance="subtle" onClick={() => go(`/tenants/${part(tenant.tenant)}`)}>
              Open tenant
            </Button>
            {busy && (
              <Button size="small" appearance="subtle" onClick={cancel}>
                Cancel
              </Button>
            )}
          </li>
        </ul>
      )}
    </li>
  );
}

function KindLine({ kind }: { kind: KindProgress }) {
  const styles = useStyles();
  const rows =
    kind.expected && kind.phase === "running"
      ? `${count(kind.rows)} of about ${count(kind.expected)}`
      : count(kind.rows);
  return (
    <li className={styles.kind}>
      <Text size={200}>{kind.title}</Text>
      <Text size={200} className={styles.quiet}>
        {kind.phase === "done" ? counted(kind.rows, "row") : kind.phase === "running" ? rows : phaseWord[kind.phase]}
      </Text>
      {kind.problem && (
        <Text size={200} className={styles.problem}>
          {sentence(kind.problem.what)}
        </Text>
      )}
    </li>
  );
}
