// A user's latest sign-ins, or their failures of a week, as a short table; a row opens the whole sign-in.
import { makeStyles, mergeClasses, Tab, TabList, Text, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { part, useFilters } from "../../address";
import { commands, type SignInRow, type UserDetail } from "../../bindings";
import { cleanName, EndCut } from "../../components/names";
import { PageSkeleton } from "../../components/page-skeleton";
import { ProblemBar } from "../../components/problem-view";
import { RelativeTime } from "../../components/relative-time";
import { TableHead } from "../../components/table-head";
import { ask, problemOf } from "../../data/ipc";
import { AppLink } from "./app-link";
import { SignInPanel } from "./sign-in-panel";
import { ResultWord, resultWord } from "./state-words";
import { PageCard } from "./user-cards";

const ROWS = 20;

const useStyles = makeStyles({
  tabs: { marginInlineStart: "-8px" },
  table: { width: "100%", borderCollapse: "collapse", tableLayout: "fixed" },
  row: { cursor: "pointer", ":hover": { backgroundColor: tokens.colorNeutralBackground1Hover } },
  cell: {
    padding: `${tokens.spacingVerticalSNudge} ${tokens.spacingHorizontalM} ${tokens.spacingVerticalSNudge} 0`,
    borderTop: `1px solid ${tokens.colorNeutralStroke3}`,
    verticalAlign: "top",
    overflow: "hidden",
  },
  reason: { overflowWrap: "anywhere" },
  open: {
    border: "none",
    background: "none",
    padding: 0,
    font: "inherit",
    color: "inherit",
    textAlign: "start",
    cursor: "pointer",
    borderRadius: tokens.borderRadiusSmall,
    ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
  quiet: { color: tokens.colorNeutralForeground3 },
});

export function UserSignIns({ tenant, user }: { tenant: string; user: UserDetail }) {
  const styles = useStyles();
  const [search, setSearch] = useFilters();
  // Somebody whom a policy refuses is looked up because of that.
  const which = search.signIns ?? (user.failingPolicies.length > 0 ? "failures" : "recent");
  const failures = useQuery({
    queryKey: [tenant, "userFailures", user.row.id],
    queryFn: () =>
      ask(
        commands.signInsList({
          tenant,
          userId: user.row.id,
          result: "failure",
          days: 7,
          window: { offset: 0, limit: ROWS, sort: "at", descending: true },
        }),
      ),
    enabled: which === "failures",
  });
  const rows = which === "failures" ? failures.data?.rows : user.recentSignIns;
  const all = `/tenants/${part(tenant)}/sign-ins?user=${part(user.row.id)}`;
  return (
    <>
      <PageCard
        title="Sign-ins"
        aside={
          <AppLink to={which === "failures" ? `${all}&result=failure&days=7` : all}>
            {which === "failures" && failures.data && failures.data.total > ROWS
              ? `All ${failures.data.total} failures`
              : "Open as a list"}
          </AppLink>
        }
      >
        <TabList
          size="small"
          className={styles.tabs}
          selectedValue={which}
          onTabSelect={(_, data) => setSearch({ signIns: String(data.value) })}
        >
          <Tab value="failures">Failures, 7 days</Tab>
          <Tab value="recent">Recent</Tab>
        </TabList>
        {which === "failures" && failures.error ? (
          <ProblemBar problem={problemOf(failures.error)} />
        ) : rows === undefined ? (
          <PageSkeleton rows={3} />
        ) : rows.length === 0 ? (
          <Text className={styles.quiet}>
            {which === "failures"
              ? "No failed sign-in in 7 days, as far as sign-ins were read."
              : "No sign-in of this user is kept."}
          </Text>
        ) : (
          <Table rows={rows} open={(row) => setSearch({ open: row.id }, { replace: false })} />
        )}
      </PageCard>
      <SignInPanel tenant={tenant} id={search.open ?? null} close={() => setSearch({ open: undefined })} />
    </>
  );
}

function Table({ rows, open }: { rows: readonly SignInRow[]; open: (row: SignInRow) => void }) {
  const styles = useStyles();
  return (
    <table className={styles.table} aria-label="Sign-ins of this user">
      <colgroup>
        <col style={{ width: "112px" }} />
        <col style={{ width: "100px" }} />
        <col />
        <col style={{ width: "24%" }} />
      </colgroup>
      <TableHead titles={["Result", "Time", "Reason", "Where"]} />
      <tbody>
        {rows.map((row) => (
          <tr key={row.id} className={styles.row} onClick={() => open(row)}>
            <td className={styles.cell}>
              <ResultWord result={row.result} />
            </td>
            <td className={styles.cell}>
              <RelativeTime at={row.at} />
            </td>
            <td className={mergeClasses(styles.cell, styles.reason)}>
              <button
                type="button"
                className={styles.open}
                aria-label={`Open sign-in: ${resultWord[row.result]}, ${cleanName(row.reason)}`}
              >
                {cleanName(row.reason)}
              </button>
              <Text block size={200} className={styles.quiet}>
                {[cleanName(row.app), row.policy && cleanName(row.policy)].filter(Boolean).join(", ")}
              </Text>
            </td>
            <td className={styles.cell}>
              <EndCut text={row.place || row.ip || "–"} />
              <Text block size={200} className={styles.quiet}>
                <EndCut text={row.device || "Device not said"} />
              </Text>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
