// Who is protected how: classes of people against applications, each cell the least protection; and the gaps with people and reason.
import { makeStyles, Tab, TabList, tokens } from "@fluentui/react-components";
import { part, useFilters, useGo, useParam } from "../address";
import { type CoverageGap, type CoverageMatrix, commands } from "../bindings";
import { type Column, DataList } from "../components/data-list";
import { EmptyState } from "../components/empty-state";
import { ShieldCheckmarkRegular, ShieldQuestionRegular } from "../components/icons";
import { cleanName } from "../components/names";
import { PageHead } from "../components/page-head";
import { PageSkeleton } from "../components/page-skeleton";
import { ProblemView } from "../components/problem-view";
import { RelativeTime } from "../components/relative-time";
import { count, counted, sentence } from "../components/words";
import { useListExport } from "../data/actions";
import { useCoverage } from "../data/engine";
import { ask, problemOf } from "../data/ipc";
import { useArrayRows } from "../data/rows";
import { CoverageGrid } from "./parts/coverage-grid";
import { CellPanel, GapPanel } from "./parts/coverage-panel";
import { EngineNotice } from "./parts/data-notice";
import { ProtectionWord, protections, protectionWord } from "./parts/engine-words";
import { Remarks } from "./parts/remarks";
import { useTenantCrumbs } from "./parts/tenant-crumbs";
import { TwoLines } from "./parts/two-lines";

const useStyles = makeStyles({
  tabs: { marginInlineStart: "-12px", marginBottom: tokens.spacingVerticalM, flexShrink: 0 },
});

const columns: readonly Column<CoverageGap>[] = [
  {
    key: "protection",
    title: "Protection",
    width: "132px",
    sortable: true,
    render: (row) => <ProtectionWord protection={row.protection} />,
  },
  {
    key: "users",
    title: "People",
    width: "80px",
    sortable: true,
    end: true,
    render: (row) => (row.users === null ? "Unknown" : count(row.users)),
  },
  {
    key: "why",
    title: "Why",
    width: "minmax(260px, 3fr)",
    always: true,
    render: (row) => <TwoLines text={sentence(cleanName(row.why))} />,
  },
  {
    key: "application",
    title: "Application",
    width: "minmax(130px, 1fr)",
    sortable: true,
    render: (row) => <TwoLines text={row.application.displayName} />,
  },
  {
    key: "client",
    title: "Client",
    width: "minmax(110px, 0.8fr)",
    sortable: true,
    render: (row) => <TwoLines text={row.client || "any"} />,
  },
  {
    key: "platform",
    title: "Platform",
    width: "100px",
    sortable: true,
    render: (row) => row.platform || "any",
  },
  {
    key: "location",
    title: "Location",
    width: "minmax(110px, 0.8fr)",
    sortable: true,
    render: (row) => <TwoLines text={row.location || "any"} />,
  },
];

const weakest = (a: CoverageGap, b: CoverageGap) =>
  protections.indexOf(a.protection) - protections.indexOf(b.protection) || (b.users ?? -1) - (a.users ?? -1);
const compares: Record<string, (a: CoverageGap, b: CoverageGap) => number> = {
  protection: weakest,
  users: (a, b) => (a.users ?? -1) - (b.users ?? -1),
  application: (a, b) => a.application.displayName.localeCompare(b.application.displayName),
  client: (a, b) => a.client.localeCompare(b.client),
  platform: (a, b) => a.platform.localeCompare(b.platform),
  location: (a, b) => a.location.localeCompare(b.location),
};

export default function CoveragePage() {
  const styles = useStyles();
  const go = useGo();
  const tenant = useParam("tenant");
  const { name, base, crumbs } = useTenantCrumbs(tenant);
  const [search, setSearch] = useFilters();
  const asked = useCoverage(tenant);
  const matrix = asked.data;
  const gaps = matrix?.gaps.length ?? 0;
  const shown = search.as === "gaps" ? "gaps" : "matrix";
  const gap = matrix?.gaps.find((each) => each.id === search.gap);

  if (!matrix) {
    if (!asked.error) return <PageSkeleton />;
    return <ProblemView problem={problemOf(asked.error)} retry={() => void asked.refetch()} />;
  }
  return (
    <>
      <PageHead
        title="Coverage"
        crumbs={crumbs}
        facts={
          <>
            {matrix.unreadable
              ? "Not judged"
              : `${counted(matrix.users, "user")} in ${counted(
                  matrix.rows.filter((row) => row.kind === "class").length,
                  "class",
                  "classes",
                )}, ${gaps === 0 ? "no gap" : counted(gaps, "gap")}`}
            {matrix.readAt && (
              <>
                , policies read <RelativeTime at={matrix.readAt} />
              </>
            )}
          </>
        }
      />
      <EngineNotice tenant={tenant} />
      {matrix.unreadable ? (
        <EmptyState
          icon={<ShieldQuestionRegular />}
          title="Coverage is unknown"
          text={`${sentence(cleanName(matrix.unreadable.reason))} That says nothing about how well the tenant is protected.`}
        />
      ) : (
        <>
          <Remarks of={matrix.remarks} />
          <TabList
            className={styles.tabs}
            selectedValue={shown}
            onTabSelect={(_, data) => setSearch({ as: data.value === "gaps" ? "gaps" : undefined })}
          >
            <Tab value="matrix">Matrix</Tab>
            <Tab value="gaps">Gaps ({count(gaps)})</Tab>
          </TabList>
          {shown === "matrix" ? (
            <CoverageGrid
              matrix={matrix}
              text={search.text ?? ""}
              onText={(text) => setSearch({ text })}
              weak={search.weak === "1"}
              onWeak={(weak) => setSearch({ weak: weak ? "1" : undefined })}
              open={(row, application) => setSearch({ row, app: application }, { replace: false })}
            />
          ) : (
            <Gaps name={name} matrix={matrix} asked={asked} />
          )}
        </>
      )}
      {search.row && search.app && (
        <CellPanel
          tenant={tenant}
          row={search.row}
          application={search.app}
          close={() => setSearch({ row: undefined, app: undefined }, { replace: false })}
          tryIt={(user) => go(`${base}/what-if?app=${part(search.app ?? "")}${user ? `&user=${part(user)}` : ""}`)}
        />
      )}
      {gap && (
        <GapPanel
          tenant={tenant}
          gap={gap}
          read={(text, window) => ask(commands.coveragePeople({ tenant, of: gap.id, text, window }))}
          close={() => setSearch({ gap: undefined }, { replace: false })}
        />
      )}
    </>
  );
}

function Gaps({
  name,
  matrix,
  asked,
}: {
  name: string;
  matrix: CoverageMatrix;
  asked: Parameters<typeof useArrayRows>[1];
}) {
  const [search, setSearch] = useFilters();
  const text = (search.text ?? "").toLowerCase();
  const sort = { key: search.sort ?? "protection", descending: search.down === "1" };
  const compare = compares[sort.key] ?? weakest;
  const source = useArrayRows(
    matrix.gaps,
    asked,
    (row) => row.id,
    (row) =>
      !text ||
      `${row.why} ${row.application.displayName} ${row.client} ${row.people.map((each) => each.displayName).join(" ")}`
        .toLowerCase()
        .includes(text),
    (a, b) => (sort.descending ? -compare(a, b) : compare(a, b)),
    JSON.stringify([sort, text]),
  );
  const exportRows = useListExport<readonly CoverageGap[]>(
    { title: "Export gaps", of: [name, "Coverage"], unit: ["gap", "gaps"] },
    (path, rows) =>
      ask(
        commands.coverageExport(
          matrix.tenant,
          rows.map((row) => row.id),
          path,
        ),
      ),
  );
  return (
    <DataList
      name="Gaps"
      unit={["gap", "gaps"]}
      columns={columns}
      rowHeight={56}
      source={source}
      rowId={(row) => row.id}
      rowName={(row) =>
        `${protectionWord(row.protection)} for ${row.users === null ? "people" : counted(row.users, "user")} at ${cleanName(row.application.displayName)}: ${cleanName(row.why)}`
      }
      open={(row) => setSearch({ gap: row.id }, { replace: false })}
      sort={sort}
      onSort={(next) => setSearch({ sort: next.key, down: next.descending ? "1" : undefined })}
      filter={{
        text: search.text ?? "",
        onText: (words) => setSearch({ text: words }),
        placeholder: "Filter by words or application",
      }}
      clearFilters={() => setSearch({ text: undefined })}
      exportRows={() => void source.everything().then(exportRows)}
      empty={
        <EmptyState
          good
          icon={<ShieldCheckmarkRegular />}
          title="No gap"
          text="Every class of people is asked for MFA or blocked at every application that the policies know."
        />
      }
    />
  );
}
