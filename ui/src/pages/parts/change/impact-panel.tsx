// One number of a dry run opened: its people, its applications, and the sign-ins behind it.
import { Button, makeStyles, mergeClasses, Subtitle2, Text, tokens } from "@fluentui/react-components";
import { useState } from "react";
import { part, useGo } from "../../../address";
import { type ChangeDetail, type Counted, commands, type ImpactKind, type ImpactSignIn } from "../../../bindings";
import { type Column, DataList } from "../../../components/data-list";
import { cleanName, MiddleCut, PersonName } from "../../../components/names";
import { RelativeTime } from "../../../components/relative-time";
import { rowButton } from "../../../components/style-parts";
import { count, counted } from "../../../components/words";
import { ask } from "../../../data/ipc";
import { usePagedRows } from "../../../data/rows";
import { own } from "../../../theme";
import { SidePanel } from "../side-panel";
import { TwoLines } from "../two-lines";
import { impactLook, impactMeaning } from "./change-words";

const useStyles = makeStyles({
  two: {
    display: "grid",
    gridTemplateColumns: "1fr 1fr",
    gap: tokens.spacingHorizontalL,
    "@media (max-width: 640px)": { gridTemplateColumns: "1fr" },
  },
  section: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalS, minWidth: 0 },
  list: { listStyle: "none", margin: 0, padding: 0, maxHeight: "220px", overflowY: "auto" },
  pick: {
    ...rowButton,
    display: "flex",
    justifyContent: "space-between",
    gap: tokens.spacingHorizontalM,
    minHeight: "40px",
    padding: `${tokens.spacingVerticalXXS} ${tokens.spacingHorizontalS}`,
  },
  chosen: { backgroundColor: own.rowSelected, fontWeight: tokens.fontWeightSemibold },
  name: { minWidth: 0, overflow: "hidden" },
  amount: { flexShrink: 0, fontVariantNumeric: "tabular-nums" },
  rows: { height: "440px", display: "flex", minHeight: 0 },
  quiet: { color: tokens.colorNeutralForeground3 },
});

const columns: readonly Column<ImpactSignIn>[] = [
  {
    key: "at",
    title: "Time",
    width: "96px",
    sortable: true,
    always: true,
    render: (row) => <RelativeTime at={row.at} />,
  },
  { key: "person", title: "User", width: "minmax(120px, 1.2fr)", render: (row) => <PersonName person={row.person} /> },
  {
    key: "application",
    title: "Application",
    width: "minmax(100px, 1fr)",
    render: (row) => <MiddleCut text={row.application} />,
  },
  { key: "before", title: "Before", width: "minmax(110px, 1fr)", render: (row) => <TwoLines text={row.before} /> },
  { key: "after", title: "After", width: "minmax(110px, 1fr)", render: (row) => <TwoLines text={row.after} /> },
];

export function ImpactPanel({ change, kind, close }: { change: ChangeDetail; kind: ImpactKind; close: () => void }) {
  const impact = change.dryRun?.impacts.find((each) => each.kind === kind);
  return (
    <SidePanel
      label={impactLook(kind)[2]}
      size="large"
      read={{
        data: impact,
        error: impact
          ? null
          : {
              code: "input.not_found",
              what: "The dry run says nothing of that",
              nextStep: "Close this panel.",
              details: null,
            },
        refetch: () => undefined,
      }}
      close={close}
      title={() => impactLook(kind)[2]}
      facts={(data) =>
        `${counted(data.peopleCount, "person", "people")}, ${counted(data.signIns, "sign-in")}. ${impactMeaning[kind]}.`
      }
    >
      {(data) =>
        data.signIns === 0 ? (
          <Text>None of the sign-ins that the dry run went through.</Text>
        ) : (
          <Inside
            change={change}
            kind={kind}
            people={data.people}
            applications={data.applications}
            all={data.peopleCount}
          />
        )
      }
    </SidePanel>
  );
}

function Inside({
  change,
  kind,
  people,
  applications,
  all,
}: {
  change: ChangeDetail;
  kind: ImpactKind;
  people: readonly Counted[];
  applications: readonly Counted[];
  all: number;
}) {
  const styles = useStyles();
  const go = useGo();
  const tenant = change.row.tenant.id;
  const [person, setPerson] = useState<string | null>(null);
  const [application, setApplication] = useState<string | null>(null);
  const [sort, setSort] = useState({ key: "at", descending: true });
  const filter = { change: change.row.id, kind, person, application };
  const source = usePagedRows(
    tenant,
    `change:${change.row.id}:${change.revision}`,
    filter,
    { sort: sort.key, descending: sort.descending },
    (window) => ask(commands.changeSignIns({ ...filter, window })),
  );
  const nameOf = (list: readonly Counted[], id: string) => cleanName(list.find((each) => each.id === id)?.name ?? id);
  return (
    <>
      <div className={styles.two}>
        <Amounts title="People" of={people} chosen={person} choose={setPerson} more={all - people.length} />
        <Amounts title="Applications" of={applications} chosen={application} choose={setApplication} more={0} />
      </div>
      <section className={styles.section} aria-label="Sign-ins">
        <Subtitle2 as="h3">Sign-ins</Subtitle2>
        <div className={styles.rows}>
          <DataList
            name="Sign-ins of the dry run"
            unit={["sign-in", "sign-ins"]}
            columns={columns}
            rowHeight={52}
            source={source}
            rowId={(row) => row.id}
            rowName={(row) =>
              `${cleanName(row.person.displayName || row.person.upn)}, ${cleanName(row.application)}. Before: ${cleanName(row.before)}. After: ${cleanName(row.after)}`
            }
            open={(row) => go(`/tenants/${part(tenant)}/sign-ins?open=${part(row.id)}`)}
            sort={sort}
            onSort={setSort}
            chips={[
              ...(person ? [{ label: nameOf(people, person), remove: () => setPerson(null) }] : []),
              ...(application
                ? [{ label: nameOf(applications, application), remove: () => setApplication(null) }]
                : []),
            ]}
            clearFilters={() => {
              setPerson(null);
              setApplication(null);
            }}
          />
        </div>
      </section>
      <div>
        <Button onClick={() => go(`/tenants/${part(tenant)}/sign-ins`)}>All sign-ins of the tenant</Button>
      </div>
    </>
  );
}

function Amounts({
  title,
  of,
  chosen,
  choose,
  more,
}: {
  title: string;
  of: readonly Counted[];
  chosen: string | null;
  choose: (id: string | null) => void;
  more: number;
}) {
  const styles = useStyles();
  return (
    <section className={styles.section} aria-label={title}>
      <Subtitle2 as="h3">{title}</Subtitle2>
      <ul className={styles.list}>
        {of.map((each) => (
          <li key={each.id}>
            <button
              type="button"
              className={mergeClasses(styles.pick, each.id === chosen && styles.chosen)}
              aria-pressed={each.id === chosen}
              onClick={() => choose(each.id === chosen ? null : each.id)}
            >
              <span className={styles.name}>
                {each.detail ? (
                  <PersonName person={{ displayName: each.name, upn: each.detail }} />
                ) : (
                  <MiddleCut text={each.name || each.id} />
                )}
              </span>
              <span className={styles.amount}>{counted(each.signIns, "sign-in")}</span>
            </button>
          </li>
        ))}
      </ul>
      {more > 0 && (
        <Text className={styles.quiet}>and {count(more)} more people, whose sign-ins are in the list below</Text>
      )}
    </section>
  );
}
