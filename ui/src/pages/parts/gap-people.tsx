// The people of a gap: the first few as links, and everybody as a list that can be filtered where there are more.
import { Button, makeStyles, Text, tokens } from "@fluentui/react-components";
import { useState } from "react";
import { part, useGo } from "../../address";
import type { GapPerson, Page, PersonRef, PolicyRef, Window } from "../../bindings";
import { type Column, DataList } from "../../components/data-list";
import { cleanName, PersonName } from "../../components/names";
import { count, counted } from "../../components/words";
import { usePagedRows } from "../../data/rows";
import { AppLink } from "./app-link";
import { policyStateWord } from "./state-words";
import { TwoLines } from "./two-lines";

const useStyles = makeStyles({
  names: { display: "flex", flexWrap: "wrap", gap: `${tokens.spacingVerticalXXS} ${tokens.spacingHorizontalM}` },
  list: { height: "440px", display: "flex", minHeight: 0 },
  quiet: { color: tokens.colorNeutralForeground3 },
  policies: { listStyle: "none", margin: 0, padding: 0, display: "grid", gap: tokens.spacingVerticalXXS },
});

const personColumns: readonly Column<GapPerson>[] = [
  {
    key: "displayName",
    title: "User",
    width: "minmax(180px, 1fr)",
    sortable: true,
    always: true,
    render: (row) => <PersonName person={row} />,
  },
  { key: "why", title: "Why", width: "minmax(200px, 1.4fr)", render: (row) => <TwoLines text={row.why} /> },
];

/** Names as links; `more` counts those who are not named. */
export function Names({
  tenant,
  people,
  users,
}: {
  tenant: string;
  people: readonly PersonRef[];
  users?: number | null;
}) {
  const styles = useStyles();
  const more = Math.max(0, (users ?? people.length) - people.length);
  return (
    <span className={styles.names}>
      {people.map((person) => (
        <AppLink key={person.id} to={`/tenants/${part(tenant)}/users/${part(person.id)}`}>
          <bdi dir="auto" title={cleanName(person.upn)}>
            {cleanName(person.displayName || person.upn)}
          </bdi>
        </AppLink>
      ))}
      {more > 0 && people.length > 0 && <Text className={styles.quiet}>and {count(more)} more</Text>}
    </span>
  );
}

/** Everybody, opened on demand: a list of its own with a filter. */
export function Everybody({
  tenant,
  name,
  users,
  read,
}: {
  tenant: string;
  /** Decides which list it is: two gaps are two lists. */
  name: string;
  users: number;
  read: (text: string | null, window: Window) => Promise<Page<GapPerson>>;
}) {
  const [open, setOpen] = useState(false);
  if (!open)
    return (
      <div>
        <Button size="small" onClick={() => setOpen(true)}>
          List all {counted(users, "user")}
        </Button>
      </div>
    );
  return <PeopleTable tenant={tenant} name={name} read={read} />;
}

function PeopleTable({
  tenant,
  name,
  read,
}: {
  tenant: string;
  name: string;
  read: (text: string | null, window: Window) => Promise<Page<GapPerson>>;
}) {
  const styles = useStyles();
  const go = useGo();
  const [text, setText] = useState("");
  const [sort, setSort] = useState({ key: "displayName", descending: false });
  const source = usePagedRows(
    tenant,
    `people:${name}`,
    { text },
    { sort: sort.key, descending: sort.descending },
    (window) => read(text || null, window),
  );
  return (
    <div className={styles.list}>
      <DataList
        name="People"
        unit={["user", "users"]}
        columns={personColumns}
        source={source}
        rowId={(row) => row.id}
        rowName={(row) => `${cleanName(row.displayName || row.upn)}: ${cleanName(row.why)}`}
        open={(row) => go(`/tenants/${part(tenant)}/users/${part(row.id)}`)}
        sort={sort}
        onSort={setSort}
        filter={{ text, onText: setText, placeholder: "Filter by name or UPN" }}
        clearFilters={() => setText("")}
      />
    </div>
  );
}

export function PolicyLinks({ tenant, policies }: { tenant: string; policies: readonly PolicyRef[] }) {
  const styles = useStyles();
  if (policies.length === 0) return <Text className={styles.quiet}>None.</Text>;
  return (
    <ul className={styles.policies}>
      {policies.map((policy) => (
        <li key={policy.id}>
          <PolicyLink tenant={tenant} policy={policy} />
        </li>
      ))}
    </ul>
  );
}

export function PolicyLink({ tenant, policy }: { tenant: string; policy: PolicyRef }) {
  const styles = useStyles();
  const state = policy.state ? policyStateWord(policy.state) : "";
  return (
    <>
      <AppLink to={`/tenants/${part(tenant)}/policies/${part(policy.id)}`}>
        <bdi dir="auto">{cleanName(policy.displayName) || "A policy without a name"}</bdi>
      </AppLink>
      {state && state !== "On" && <span className={styles.quiet}> ({state.toLowerCase()})</span>}
    </>
  );
}
