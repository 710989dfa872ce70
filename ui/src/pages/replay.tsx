// How far the engine agrees with what Entra really did: one sentence, what could not be compared and why, every disagreement to open.
import { Card, makeStyles, mergeClasses, ProgressBar, Subtitle2, Text, tokens } from "@fluentui/react-components";
import { useFilters, useParam } from "../address";
import { commands, type Disagreement, type ReplayReport } from "../bindings";
import { type Column, DataList } from "../components/data-list";
import { EmptyState } from "../components/empty-state";
import { CheckmarkCircleRegular, ShieldQuestionRegular } from "../components/icons";
import { cleanName, MiddleCut, PersonName } from "../components/names";
import { PageHead } from "../components/page-head";
import { PageSkeleton } from "../components/page-skeleton";
import { ProblemView } from "../components/problem-view";
import { RelativeTime } from "../components/relative-time";
import { count, counted, sentence } from "../components/words";
import { useListExport } from "../data/actions";
import { useReplay } from "../data/engine";
import { ask, problemOf } from "../data/ipc";
import { usePagedRows } from "../data/rows";
import { DataNotice } from "./parts/data-notice";
import { Remarks } from "./parts/remarks";
import { ReplayPanel } from "./parts/replay-panel";
import { useTenantCrumbs } from "./parts/tenant-crumbs";
import { TwoLines } from "./parts/two-lines";

const useStyles = makeStyles({
  cards: {
    display: "grid",
    gridTemplateColumns: "repeat(auto-fit, minmax(300px, 1fr))",
    gap: tokens.spacingHorizontalL,
    marginBottom: tokens.spacingVerticalL,
    flexShrink: 0,
  },
  card: { padding: tokens.spacingHorizontalL, gap: tokens.spacingVerticalM },
  figure: {
    fontSize: tokens.fontSizeHero800,
    lineHeight: tokens.lineHeightHero800,
    fontWeight: tokens.fontWeightSemibold,
    fontVariantNumeric: "tabular-nums",
  },
  quiet: { color: tokens.colorNeutralForeground3 },
  lines: { listStyle: "none", margin: 0, padding: 0, maxHeight: "150px", overflowY: "auto" },
  line: {
    display: "flex",
    justifyContent: "space-between",
    gap: tokens.spacingHorizontalM,
    padding: `${tokens.spacingVerticalXS} 0`,
    borderTop: `1px solid ${tokens.colorNeutralStroke3}`,
  },
  amount: { fontVariantNumeric: "tabular-nums", flexShrink: 0 },
  chosen: { fontWeight: tokens.fontWeightSemibold },
  pick: {
    appearance: "none",
    border: "none",
    background: "none",
    padding: 0,
    margin: 0,
    font: "inherit",
    color: tokens.colorBrandForegroundLink,
    textAlign: "start",
    cursor: "pointer",
    minWidth: 0,
    overflowWrap: "anywhere",
    ":hover": { textDecorationLine: "underline" },
  },
});

const columns: readonly Column<Disagreement>[] = [
  {
    key: "at",
    title: "Time",
    width: "104px",
    sortable: true,
    always: true,
    render: (row) => <RelativeTime at={row.at} />,
  },
  {
    key: "userName",
    title: "User",
    width: "minmax(150px, 1.2fr)",
    sortable: true,
    render: (row) => <PersonName person={{ displayName: row.userName, upn: row.upn }} />,
  },
  {
    key: "app",
    title: "Application",
    width: "minmax(120px, 1fr)",
    sortable: true,
    render: (row) => <MiddleCut text={row.app || "not named"} />,
  },
  {
    key: "policy",
    title: "Policy",
    width: "minmax(140px, 1.2fr)",
    sortable: true,
    render: (row) => (
      <TwoLines
        text={row.policies > 1 ? `${row.policy.displayName} and ${row.policies - 1} more` : row.policy.displayName}
      />
    ),
  },
  {
    key: "entra",
    title: "Entra recorded",
    width: "minmax(160px, 1.6fr)",
    render: (row) => <TwoLines text={row.entra} />,
  },
  {
    key: "engine",
    title: "The engine says",
    width: "minmax(160px, 1.6fr)",
    render: (row) => <TwoLines text={row.engine} />,
  },
];

export default function ReplayPage() {
  const tenant = useParam("tenant");
  const { crumbs } = useTenantCrumbs(tenant);
  const asked = useReplay(tenant);
  const report = asked.data;
  if (!report) {
    if (!asked.error) return <PageSkeleton />;
    return <ProblemView problem={problemOf(asked.error)} retry={() => void asked.refetch()} />;
  }
  return (
    <>
      <PageHead
        title="Replay"
        crumbs={crumbs}
        facts={
          report.unreadable ? (
            "Not compared"
          ) : (
            <>
              {counted(report.signIns, "sign-in")} kept
              {report.from && (
                <>
                  , the oldest <RelativeTime at={report.from} />
                </>
              )}
              {report.readAt && (
                <>
                  , policies read <RelativeTime at={report.readAt} />
                </>
              )}
            </>
          )
        }
      />
      <DataNotice tenant={tenant} kinds={["signIns", "policies", "users", "groups", "roles", "namedLocations"]} />
      {report.unreadable ? (
        <EmptyState
          icon={<ShieldQuestionRegular />}
          title="Agreement is unknown"
          text={sentence(cleanName(report.unreadable.reason))}
        />
      ) : (
        <Compared tenant={tenant} report={report} />
      )}
    </>
  );
}

function Compared({ tenant, report }: { tenant: string; report: ReplayReport }) {
  const styles = useStyles();
  const [search, setSearch] = useFilters();
  const policy = report.policies.find((each) => each.policy.id === search.policy);
  const sort = { key: search.sort ?? "at", descending: search.sort ? search.down === "1" : true };
  const filter = { tenant, text: search.text ?? null, policyId: search.policy ?? null };
  const source = usePagedRows(
    tenant,
    "disagreements",
    filter,
    { sort: sort.key, descending: sort.descending },
    (window) => ask(commands.replayDisagreements({ ...filter, window })),
  );
  const { name } = useTenantCrumbs(tenant);
  const exportRows = useListExport(
    { title: "Export disagreements", of: [name, "Replay"], unit: ["disagreement", "disagreements"] },
    (path) => ask(commands.replayExport({ ...filter, window: { sort: sort.key, descending: sort.descending } }, path)),
  );
  return (
    <>
      <div className={styles.cards}>
        <Card className={styles.card} role="region" aria-label="Agreement">
          <span className={styles.figure} data-testid="share">
            {report.share === null
              ? "Nothing to compare"
              : `${report.share === 100 ? "100" : report.share.toFixed(1)} %`}
          </span>
          {report.share !== null && (
            <ProgressBar
              value={report.share / 100}
              thickness="large"
              color={report.disagreed === 0 ? "success" : "brand"}
              aria-label="Share that agrees"
            />
          )}
          <Text>{sentence(cleanName(report.sentence))}</Text>
        </Card>
        <Card className={styles.card} role="region" aria-label="Not compared">
          <Subtitle2 as="h2">
            {report.notCompared.length === 0
              ? "Every sign-in was compared"
              : `Not compared: ${count(report.signIns - report.compared)}`}
          </Subtitle2>
          {report.notCompared.length > 0 && (
            <ul className={styles.lines}>
              {report.notCompared.map((each) => (
                <li key={each.reason} className={styles.line}>
                  <Text size={200}>{sentence(cleanName(each.reason))}</Text>
                  <Text size={200} className={styles.amount}>
                    {count(each.signIns)}
                  </Text>
                </li>
              ))}
            </ul>
          )}
        </Card>
        {report.policies.length > 0 && (
          <Card className={styles.card} role="region" aria-label="Policies they disagree on">
            <Subtitle2 as="h2">They disagree on</Subtitle2>
            <ul className={styles.lines}>
              {report.policies.map((each) => (
                <li key={each.policy.id} className={styles.line}>
                  <span>
                    <button
                      type="button"
                      className={mergeClasses(styles.pick, each.policy.id === search.policy && styles.chosen)}
                      aria-pressed={each.policy.id === search.policy}
                      onClick={() =>
                        setSearch({ policy: each.policy.id === search.policy ? undefined : each.policy.id })
                      }
                    >
                      <bdi dir="auto">{cleanName(each.policy.displayName)}</bdi>
                    </button>
                  </span>
                  <Text size={200} className={styles.amount}>
                    {count(each.signIns)}
                  </Text>
                </li>
              ))}
            </ul>
          </Card>
        )}
      </div>
      <Remarks of={report.remarks} />
      <DataList
        name="Disagreements"
        unit={["disagreement", "disagreements"]}
        columns={columns}
        rowHeight={52}
        source={source}
        rowId={(row) => row.id}
        rowName={(row) =>
          `${cleanName(row.userName)}, ${cleanName(row.app)}, ${cleanName(row.policy.displayName)}. Entra: ${cleanName(row.entra)}. Engine: ${cleanName(row.engine)}`
        }
        open={(row) => setSearch({ open: row.id }, { replace: false })}
        sort={sort}
        onSort={(next) => setSearch({ sort: next.key, down: next.descending ? "1" : undefined })}
        filter={{
          text: search.text ?? "",
          onText: (text) => setSearch({ text }),
          placeholder: "Filter by user or application",
        }}
        chips={
          search.policy
            ? [
                {
                  label: policy ? cleanName(policy.policy.displayName) : "One policy",
                  remove: () => setSearch({ policy: undefined }),
                },
              ]
            : []
        }
        clearFilters={() => setSearch({ text: undefined, policy: undefined })}
        exportRows={() => exportRows()}
        empty={
          report.compared === 0 ? (
            <EmptyState
              icon={<ShieldQuestionRegular />}
              title="Nothing could be compared"
              text="Sign-ins of the past need what Entra recorded about policies. The reasons stand above."
            />
          ) : (
            <EmptyState
              good
              icon={<CheckmarkCircleRegular />}
              title="No disagreement"
              text={`Engine and Entra agree on every one of ${counted(report.compared, "sign-in")} that could be compared.`}
            />
          )
        }
      />
      {search.open && (
        <ReplayPanel
          tenant={tenant}
          id={search.open}
          close={() => setSearch({ open: undefined }, { replace: false })}
        />
      )}
    </>
  );
}
