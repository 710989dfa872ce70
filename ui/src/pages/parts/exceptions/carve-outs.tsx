// What the policies that demand MFA leave out, and who answers for each: the red flags first, with the way to write one down.
import { Button, Link, makeStyles, tokens } from "@fluentui/react-components";
import { part, useFilters } from "../../../address";
import { type CarveOutRow, commands, type ExceptionsPage } from "../../../bindings";
import { type Column, DataList } from "../../../components/data-list";
import { EmptyState } from "../../../components/empty-state";
import { ClipboardTaskListLtrRegular } from "../../../components/icons";
import { cleanName } from "../../../components/names";
import { counted, sentence } from "../../../components/words";
import { useListExport } from "../../../data/actions";
import type { AskedExceptions } from "../../../data/exceptions";
import { ask } from "../../../data/ipc";
import { useArrayRows } from "../../../data/rows";
import { AppLink } from "../app-link";
import { TwoLines } from "../two-lines";
import { exemptsNobody, isOpen, kindWords, StandingWord, standingLook } from "./exception-words";
import { chosen, type Filters, StateFilter } from "./state-filter";

const useStyles = makeStyles({
  names: { overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap", color: tokens.colorNeutralForeground2 },
  people: { display: "flex", flexDirection: "column", minWidth: 0, lineHeight: tokens.lineHeightBase200 },
});

const standings: Filters<CarveOutRow> = {
  open: ["Not signed off", isOpen],
  inRegister: ["In the register", (row) => row.standing === "inRegister"],
  timeBound: ["Time-bound", (row) => row.standing === "timeBound"],
  reportOnly: ["Report-only", exemptsNobody],
  breakGlass: ["By design (break-glass)", (row) => row.standing === "breakGlass"],
};

export function CarveOuts({
  page,
  asked,
  show,
  writeDown,
}: {
  page: ExceptionsPage;
  asked: AskedExceptions;
  show: (id: number) => void;
  writeDown: (row: CarveOutRow) => void;
}) {
  const styles = useStyles();
  const [search, setSearch] = useFilters();
  const filter = chosen(standings, search.state);
  const text = (search.text ?? "").toLowerCase();
  const sort = { key: search.sort ?? "standing", descending: search.down === "1" };
  // The page lists what nobody signed off first.
  const place = new Map(page.carveOuts.map((row, index) => [row.key, index]));
  const given = (a: CarveOutRow, b: CarveOutRow) => (place.get(a.key) ?? 0) - (place.get(b.key) ?? 0);
  const orders: Record<string, (a: CarveOutRow, b: CarveOutRow) => number> = {
    what: (a, b) => a.words.localeCompare(b.words) || given(a, b),
    kind: (a, b) => kindWords[a.kind].localeCompare(kindWords[b.kind]) || given(a, b),
    people: (a, b) => (a.people ?? -1) - (b.people ?? -1) || given(a, b),
  };
  const compare = orders[sort.key] ?? given;
  const source = useArrayRows(
    page.carveOuts,
    asked,
    (row) => row.key,
    (row) =>
      (!filter || filter[1](row)) &&
      (!text ||
        `${row.subject} ${row.policy.displayName} ${row.words} ${row.names.map((person) => `${person.displayName} ${person.upn}`).join(" ")}`
          .toLowerCase()
          .includes(text)),
    (a, b) => (sort.descending ? -compare(a, b) : compare(a, b)),
    JSON.stringify([sort, search.state, text]),
  );
  const exportRows = useListExport<readonly CarveOutRow[]>(
    {
      title: "Export what policies leave out",
      of: [page.tenant.displayName, "Left out of MFA"],
      unit: ["row", "rows"],
    },
    (path, shown) =>
      ask(
        commands.carveOutsExport(
          page.tenant.id,
          shown.map((row) => row.key),
          path,
        ),
      ),
  );
  const columns: readonly Column<CarveOutRow>[] = [
    {
      key: "what",
      title: "What is left out",
      width: "minmax(220px, 3fr)",
      sortable: true,
      always: true,
      render: (row) => <TwoLines text={sentence(row.words)} />,
    },
    { key: "kind", title: "Kind", width: "104px", sortable: true, render: (row) => kindWords[row.kind] },
    {
      key: "people",
      title: "People",
      width: "minmax(150px, 1.6fr)",
      sortable: true,
      render: (row) => (
        <span className={styles.people}>
          <span>{row.people === null ? "Not known" : counted(row.people, "person", "people")}</span>
          {row.names.length > 0 && (
            <Names of={row.names.map((person) => cleanName(person.displayName || person.upn)).join(", ")} />
          )}
        </span>
      ),
    },
    {
      key: "standing",
      title: "Who answers for it",
      width: "minmax(160px, 1.2fr)",
      sortable: true,
      render: (row) => (
        <span className={styles.people}>
          <StandingWord row={row} />
          <StandingDetail row={row} tenant={page.tenant.id} show={show} />
        </span>
      ),
    },
    {
      key: "act",
      title: "Action",
      width: "132px",
      always: true,
      render: (row) =>
        isOpen(row) && (
          <Button
            size="small"
            aria-label={`Write down ${cleanName(row.subject)}, ${cleanName(row.policy.displayName)}`}
            onClick={(event) => {
              event.stopPropagation();
              writeDown(row);
            }}
          >
            Write down
          </Button>
        ),
    },
  ];
  return (
    <DataList
      name="Left out by policies"
      unit={["carve-out", "carve-outs"]}
      columns={columns}
      rowHeight={56}
      source={source}
      rowId={(row) => row.key}
      rowName={(row) => `${standingLook(row)[2]}: ${cleanName(row.words)}`}
      sort={sort}
      onSort={(next) => setSearch({ sort: next.key, down: next.descending ? "1" : undefined })}
      filter={{
        text: search.text ?? "",
        onText: (words) => setSearch({ text: words }),
        placeholder: "Filter by name or policy",
      }}
      chips={filter ? [{ label: filter[0], remove: () => setSearch({ state: undefined }) }] : []}
      clearFilters={() => setSearch({ text: undefined, state: undefined })}
      exportRows={() => void source.everything().then(exportRows)}
      tools={<StateFilter label="Who answers" any="Everything" of={standings} />}
      empty={
        <EmptyState
          icon={<ClipboardTaskListLtrRegular />}
          title={page.unknown ? "What the policies leave out is not known" : "The policies leave nothing out"}
          text={
            page.unknown
              ? sentence(cleanName(page.unknown.reason))
              : "No policy that demands MFA or blocks legacy authentication excludes anybody or anything."
          }
        />
      }
    />
  );
}

/** Several names: the first are whole, and the rest is on hover. */
function Names({ of }: { of: string }) {
  const styles = useStyles();
  return (
    <bdi dir="auto" className={styles.names} title={of}>
      {of}
    </bdi>
  );
}

function StandingDetail({ row, tenant, show }: { row: CarveOutRow; tenant: string; show: (id: number) => void }) {
  const [first] = row.exceptions;
  if (first !== undefined)
    return (
      <Link as="button" style={{ alignSelf: "start" }} onClick={() => show(first)}>
        Exception {row.exceptions.join(", ")}
      </Link>
    );
  if (row.standing === "breakGlass") return <AppLink to={`/tenants/${part(tenant)}/break-glass`}>Break-glass</AppLink>;
  if (row.standing === "timeBound")
    return <AppLink to={`/tenants/${part(tenant)}/time-bound-access`}>Time-bound access</AppLink>;
  return null;
}
