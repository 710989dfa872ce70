// A tenant against its baseline: what is missing by severity, one row a control with its verdict and why; a row opens beside the list.
import { Button, makeStyles, mergeClasses, Text, tokens } from "@fluentui/react-components";
import { useState } from "react";
import { part, useFilters, useGo, useParam } from "../address";
import { type ControlVerdict, commands, type DriftCount, type DriftRow, type Severity } from "../bindings";
import { type Column, DataList } from "../components/data-list";
import { EmptyState } from "../components/empty-state";
import { CheckmarkCircleRegular, ShieldQuestionRegular } from "../components/icons";
import { FilterSeveral } from "../components/list-filter";
import { cleanName, MiddleCut } from "../components/names";
import { PageHead } from "../components/page-head";
import { RelativeTime } from "../components/relative-time";
import { SeverityBadge, severities, severityWord } from "../components/severity-badge";
import { twoQuietLines } from "../components/style-parts";
import { count, counted, sentence } from "../components/words";
import { useListExport } from "../data/actions";
import { useDrift } from "../data/engine";
import { ask } from "../data/ipc";
import { useArrayRows } from "../data/rows";
import { FromTenantDialog } from "./parts/baseline-dialogs";
import { DataNotice } from "./parts/data-notice";
import { DriftPanel } from "./parts/drift-panel";
import { VerdictWord, verdicts, verdictWord } from "./parts/engine-words";
import { Remarks } from "./parts/remarks";
import { policyStateWord } from "./parts/state-words";
import { useTenantCrumbs } from "./parts/tenant-crumbs";

const useStyles = makeStyles({
  tiles: {
    display: "grid",
    gridTemplateColumns: "repeat(auto-fit, minmax(150px, 1fr))",
    gap: tokens.spacingHorizontalM,
    margin: `0 0 ${tokens.spacingVerticalL}`,
    padding: 0,
    border: "none",
    minWidth: 0,
    flexShrink: 0,
  },
  tile: {
    display: "flex",
    flexDirection: "column",
    alignItems: "flex-start",
    gap: tokens.spacingVerticalXXS,
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalL}`,
    minWidth: 0,
    textAlign: "start",
    fontWeight: tokens.fontWeightRegular,
  },
  pressed: {
    borderTopColor: tokens.colorCompoundBrandStroke,
    borderRightColor: tokens.colorCompoundBrandStroke,
    borderBottomColor: tokens.colorCompoundBrandStroke,
    borderLeftColor: tokens.colorCompoundBrandStroke,
    boxShadow: `inset 0 0 0 1px ${tokens.colorCompoundBrandStroke}`,
  },
  figure: {
    fontSize: tokens.fontSizeHero700,
    lineHeight: tokens.lineHeightHero700,
    fontWeight: tokens.fontWeightSemibold,
    fontVariantNumeric: "tabular-nums",
  },
  critical: { color: tokens.colorStatusDangerForeground1 },
  good: { color: tokens.colorStatusSuccessForeground1 },
  quiet: { color: tokens.colorNeutralForeground3 },
  control: { display: "flex", flexDirection: "column", minWidth: 0, whiteSpace: "normal" },
  title: {
    fontWeight: tokens.fontWeightSemibold,
    overflow: "hidden",
    textOverflow: "ellipsis",
    whiteSpace: "nowrap",
  },
  reason: twoQuietLines,
  nearest: { display: "flex", flexDirection: "column", minWidth: 0, lineHeight: tokens.lineHeightBase200 },
  small: { fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground3 },
});

function Control({ row }: { row: DriftRow }) {
  const styles = useStyles();
  return (
    <span className={styles.control}>
      <bdi className={styles.title} dir="auto" title={cleanName(row.title)}>
        {cleanName(row.title)}
      </bdi>
      <span className={styles.reason} title={cleanName(row.reason)}>
        {sentence(cleanName(row.reason))}
      </span>
    </span>
  );
}

function Nearest({ row }: { row: DriftRow }) {
  const styles = useStyles();
  const policy = row.nearest ?? (row.verdict === "met" ? row.policies[0] : null);
  if (!policy) return "–";
  const more = row.nearest ? 0 : row.policies.length - 1;
  return (
    <span className={styles.nearest}>
      <MiddleCut text={policy.displayName} />
      <span className={styles.small}>
        {row.nearest ? `Closest${policy.state ? `, ${policyStateWord(policy.state).toLowerCase()}` : ""}` : "Meets it"}
        {more > 0 && ` with ${counted(more, "other")}`}
      </span>
    </span>
  );
}

const columns: readonly Column<DriftRow>[] = [
  {
    key: "severity",
    title: "Severity",
    width: "112px",
    sortable: true,
    render: (row) => <SeverityBadge severity={row.severity} />,
  },
  {
    key: "verdict",
    title: "Verdict",
    width: "108px",
    sortable: true,
    render: (row) => <VerdictWord verdict={row.verdict} />,
  },
  {
    key: "title",
    title: "Control",
    width: "minmax(280px, 4fr)",
    sortable: true,
    always: true,
    render: (row) => <Control row={row} />,
  },
  {
    key: "users",
    title: "People",
    width: "84px",
    sortable: true,
    end: true,
    // How many an absent licence leaves out is neither good nor bad.
    render: (row) => (row.users === null || row.users === 0 || row.verdict === "unknown" ? "–" : count(row.users)),
  },
  {
    key: "nearest",
    title: "Nearest policy",
    width: "minmax(160px, 1.4fr)",
    render: (row) => <Nearest row={row} />,
  },
];

const grave = (row: DriftRow) => severities.indexOf(row.severity) * 10 + verdicts.indexOf(row.verdict);
/** The gravest gap first; what is met or unknown comes after every gap. */
const gravest = (a: DriftRow, b: DriftRow) => rank(a) - rank(b) || grave(a) - grave(b) || byTitle(a, b);
const rank = (row: DriftRow) =>
  ["missing", "partly", "changed"].includes(row.verdict) ? 0 : row.verdict === "unknown" ? 1 : 2;
const byTitle = (a: DriftRow, b: DriftRow) => cleanName(a.title).localeCompare(cleanName(b.title));
const compares: Record<string, (a: DriftRow, b: DriftRow) => number> = {
  severity: gravest,
  verdict: (a, b) => verdicts.indexOf(a.verdict) - verdicts.indexOf(b.verdict) || gravest(a, b),
  title: byTitle,
  users: (a, b) => (a.users ?? -1) - (b.users ?? -1) || byTitle(b, a),
};

const isSeverity = (text: string | undefined): text is Severity => severities.includes(text as Severity);
const isVerdict = (text: string): text is ControlVerdict => verdicts.includes(text as ControlVerdict);
const gaps = (counts: DriftCount) => counts.missing + counts.partly + counts.changed;
const all = (counts: DriftCount) => gaps(counts) + counts.unknown + counts.met;

function parts(counts: DriftCount): string {
  const said = (["missing", "partly", "changed", "unknown"] as const)
    .filter((verdict) => counts[verdict] > 0)
    .map((verdict) => `${count(counts[verdict])} ${verdictWord(verdict).toLowerCase()}`);
  return said.length === 0 ? `all ${count(counts.met)} met` : `${said.join(", ")}, ${count(counts.met)} met`;
}

function Tiles({
  counts,
  chosen,
  choose,
}: {
  counts: readonly DriftCount[];
  chosen: Severity | null;
  choose: (severity: Severity | undefined) => void;
}) {
  const styles = useStyles();
  return (
    <fieldset className={styles.tiles} aria-label="Gaps by severity">
      {counts
        .filter((each) => all(each) > 0)
        .map((each) => {
          const missing = gaps(each);
          const on = chosen === each.severity;
          return (
            <Button
              key={each.severity}
              className={mergeClasses(styles.tile, on && styles.pressed)}
              aria-pressed={on}
              aria-label={`${severityWord[each.severity]}: ${counted(missing, "gap")}, ${parts(each)}`}
              onClick={() => choose(on ? undefined : each.severity)}
            >
              <SeverityBadge severity={each.severity} strong />
              <span
                className={mergeClasses(
                  styles.figure,
                  missing === 0 && (each.unknown > 0 ? styles.quiet : styles.good),
                  missing > 0 && each.severity === "critical" && styles.critical,
                )}
              >
                {count(missing)}
              </span>
              <Text size={200} className={styles.quiet}>
                {parts(each)}
              </Text>
            </Button>
          );
        })}
    </fieldset>
  );
}

export default function DriftPage() {
  const go = useGo();
  const tenant = useParam("tenant");
  const { name, crumbs } = useTenantCrumbs(tenant);
  const [search, setSearch] = useFilters();
  const [taking, setTaking] = useState(false);
  const asked = useDrift(tenant);
  const report = asked.data;
  const severity = isSeverity(search.severity) ? search.severity : null;
  const wanted = (search.verdict ?? "").split(",").filter(isVerdict);
  const text = (search.text ?? "").toLowerCase();
  const sort = { key: search.sort ?? "severity", descending: search.down === "1" };
  const keep = (row: DriftRow) =>
    (!severity || row.severity === severity) &&
    (wanted.length === 0 || wanted.includes(row.verdict)) &&
    (!text || `${row.title} ${row.reason} ${row.nearest?.displayName ?? ""}`.toLowerCase().includes(text));
  const compare = compares[sort.key] ?? gravest;
  const source = useArrayRows(
    report?.controls,
    asked,
    (row) => row.id,
    keep,
    (a, b) => (sort.descending ? -compare(a, b) : compare(a, b)),
    JSON.stringify([sort, severity, wanted, text]),
  );
  const exportRows = useListExport<readonly DriftRow[]>(
    { title: "Export drift", of: [name, "Drift"], unit: ["control", "controls"] },
    (path, rows) =>
      ask(
        commands.driftExport(
          tenant,
          rows.map((row) => row.id),
          path,
        ),
      ),
  );
  const open = (report?.counts ?? []).reduce((sum, each) => sum + gaps(each), 0);
  const judged = (report?.counts ?? []).reduce((sum, each) => sum + all(each), 0);
  const unknown = (report?.counts ?? []).reduce((sum, each) => sum + each.unknown, 0);
  const chips = [
    ...(severity ? [{ label: severityWord[severity], remove: () => setSearch({ severity: undefined }) }] : []),
    ...wanted.map((verdict) => ({
      label: verdictWord(verdict),
      remove: () => setSearch({ verdict: wanted.filter((each) => each !== verdict).join(",") }),
    })),
  ];

  return (
    <>
      <PageHead
        title="Drift"
        crumbs={crumbs}
        facts={
          report && (
            <>
              {report.unreadable
                ? "Not judged"
                : open === 0
                  ? `No gap ${unknown > 0 ? "known " : ""}among ${counted(judged, "control")}`
                  : `${counted(open, "gap")} among ${counted(judged, "control")}`}{" "}
              of <bdi dir="auto">{cleanName(report.baselineName)}</bdi>
              {unknown > 0 && `, ${count(unknown)} unknown`}
              {report.readAt && (
                <>
                  , policies read <RelativeTime at={report.readAt} />
                </>
              )}
            </>
          )
        }
        actions={
          report && (
            <>
              <Button onClick={() => go(`/baselines/${part(report.baseline)}`)}>Open the baseline</Button>
              {!report.unreadable && <Button onClick={() => setTaking(true)}>Use this tenant as baseline</Button>}
            </>
          )
        }
      />
      <DataNotice
        tenant={tenant}
        kinds={["policies", "users", "groups", "roles", "namedLocations", "authenticationStrengths"]}
      />
      {report?.unreadable ? (
        <EmptyState
          icon={<ShieldQuestionRegular />}
          title="Drift is unknown"
          text={`${sentence(cleanName(report.unreadable.reason))} That says nothing about how well the tenant is protected.`}
        />
      ) : (
        <>
          {report && <Remarks of={report.remarks} />}
          {report && (
            <Tiles counts={report.counts} chosen={severity} choose={(next) => setSearch({ severity: next })} />
          )}
          <DataList
            name="Controls"
            unit={["control", "controls"]}
            columns={columns}
            rowHeight={72}
            source={source}
            rowId={(row) => row.id}
            rowName={(row) =>
              `${severityWord[row.severity]}, ${verdictWord(row.verdict)}: ${cleanName(row.title)}. ${cleanName(row.reason)}`
            }
            open={(row) => setSearch({ open: row.id }, { replace: false })}
            sort={sort}
            onSort={(next) => setSearch({ sort: next.key, down: next.descending ? "1" : undefined })}
            filter={{
              text: search.text ?? "",
              onText: (words) => setSearch({ text: words }),
              placeholder: "Filter by words or policy",
            }}
            chips={chips}
            exportRows={() => void source.everything().then(exportRows)}
            clearFilters={() => setSearch({ text: undefined, severity: undefined, verdict: undefined })}
            tools={
              <FilterSeveral
                label="Verdict"
                any="Any verdict"
                choices={verdicts}
                words={verdictWord}
                draw={(verdict) => <VerdictWord verdict={verdict} />}
                chosen={wanted}
                choose={(chosen) => setSearch({ verdict: chosen.join(",") })}
              />
            }
            empty={
              <EmptyState
                icon={<CheckmarkCircleRegular />}
                title="The baseline has no control that is judged"
                text="Turn controls on in the baseline, or hold this tenant to another one."
                actions={<Button onClick={() => go("/baselines")}>All baselines</Button>}
              />
            }
          />
        </>
      )}
      {taking && <FromTenantDialog tenant={tenant} close={() => setTaking(false)} />}
      {search.open && (
        <DriftPanel
          tenant={tenant}
          control={search.open}
          close={() => setSearch({ open: undefined }, { replace: false })}
        />
      )}
    </>
  );
}
