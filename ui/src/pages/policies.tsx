// A tenant's Conditional Access policies, each as one readable sentence, with who changed it last.
import { Button, makeStyles, mergeClasses, Text, tokens } from "@fluentui/react-components";
import { part, useFilters, useGo, useParam } from "../address";
import { commands, type PolicyRow } from "../bindings";
import { type Column, DataList } from "../components/data-list";
import { EmptyState } from "../components/empty-state";
import {
  AddRegular,
  ArrowDownloadRegular,
  ShieldQuestionRegular,
  ShieldTaskRegular,
  WarningRegular,
} from "../components/icons";
import { FilterOne } from "../components/list-filter";
import { cleanName, MiddleCut } from "../components/names";
import { PageHead } from "../components/page-head";
import { RelativeTime } from "../components/relative-time";
import { twoQuietLines } from "../components/style-parts";
import { count, counted, sentence } from "../components/words";
import { useListExport } from "../data/actions";
import { ask } from "../data/ipc";
import { usePolicies, useTenant } from "../data/queries";
import { useArrayRows } from "../data/rows";
import { ProposeMenu } from "./parts/change/propose";
import { DataNotice } from "./parts/data-notice";
import { PolicyFindings } from "./parts/policy-findings";
import { PolicyState, policyStateWord } from "./parts/state-words";
import { useTenantCrumbs } from "./parts/tenant-crumbs";

const useStyles = makeStyles({
  policy: { display: "flex", flexDirection: "column", minWidth: 0, whiteSpace: "normal" },
  name: { fontWeight: tokens.fontWeightSemibold },
  sentence: twoQuietLines,
  gone: { color: tokens.colorNeutralForeground3 },
  notUnderstood: {
    display: "inline-flex",
    alignItems: "center",
    gap: tokens.spacingHorizontalXS,
    color: tokens.colorPaletteDarkOrangeForeground1,
  },
});

function Policy({ row }: { row: PolicyRow }) {
  const styles = useStyles();
  return (
    <span className={styles.policy}>
      <span className={mergeClasses(styles.name, row.deleted && styles.gone)}>
        <MiddleCut text={row.displayName} />
      </span>
      <span className={styles.sentence} title={cleanName(row.sentence)}>
        {sentence(cleanName(row.sentence))}
      </span>
    </span>
  );
}

function NotUnderstood({ row }: { row: PolicyRow }) {
  const styles = useStyles();
  if (row.notUnderstood.length === 0) return "–";
  return (
    <span className={styles.notUnderstood} title={`Gatehouse does not understand: ${row.notUnderstood.join(", ")}`}>
      <WarningRegular aria-hidden /> {counted(row.notUnderstood.length, "field")}
    </span>
  );
}

const columns: readonly Column<PolicyRow>[] = [
  {
    key: "state",
    title: "State",
    width: "128px",
    sortable: true,
    render: (row) => <PolicyState state={row.state} deleted={row.deleted} />,
  },
  {
    key: "displayName",
    title: "Policy",
    width: "minmax(280px, 4fr)",
    sortable: true,
    always: true,
    render: (row) => <Policy row={row} />,
  },
  {
    key: "changedAt",
    title: "Changed",
    width: "112px",
    sortable: true,
    render: (row) => <RelativeTime at={row.changedAt} none="not known" />,
  },
  {
    key: "changedBy",
    title: "By",
    width: "minmax(132px, 1fr)",
    sortable: true,
    render: (row) => (row.changedBy ? <MiddleCut text={row.changedBy} /> : "not known"),
  },
  {
    key: "versions",
    title: "Versions",
    width: "84px",
    sortable: true,
    end: true,
    render: (row) => count(row.versions),
  },
  {
    key: "notUnderstood",
    title: "Not understood",
    width: "128px",
    sortable: true,
    render: (row) => <NotUnderstood row={row} />,
  },
];

const STATES: readonly (readonly [string, string])[] = [
  ["on", "On"],
  ["report", "Report-only"],
  ["off", "Off"],
  ["deleted", "Deleted"],
];
const ORDER = ["On", "Report-only", "Off", "Unknown", "Deleted"];
const rank = (row: PolicyRow) => {
  const at = ORDER.indexOf(policyStateWord(row.state, row.deleted));
  return at >= 0 ? at : 3;
};
const byName = (a: PolicyRow, b: PolicyRow) => cleanName(a.displayName).localeCompare(cleanName(b.displayName));

const compares: Record<string, (a: PolicyRow, b: PolicyRow) => number> = {
  state: (a, b) => rank(a) - rank(b) || byName(a, b),
  displayName: byName,
  changedAt: (a, b) => (a.changedAt ?? "").localeCompare(b.changedAt ?? ""),
  changedBy: (a, b) => (a.changedBy ?? "").localeCompare(b.changedBy ?? ""),
  versions: (a, b) => a.versions - b.versions,
  notUnderstood: (a, b) => a.notUnderstood.length - b.notUnderstood.length,
};

export default function PoliciesPage() {
  const go = useGo();
  const tenant = useParam("tenant");
  const { name, base, crumbs } = useTenantCrumbs(tenant);
  const [search, setSearch] = useFilters();
  const asked = usePolicies(tenant);
  const overview = useTenant(tenant).data;
  const list = asked.data;
  const sort = { key: search.sort ?? "state", descending: search.down === "1" };
  const state = STATES.find(([key]) => key === search.state);
  const text = (search.text ?? "").toLowerCase();
  const keep = (row: PolicyRow) =>
    (!state || policyStateWord(row.state, row.deleted) === state[1]) &&
    (!text || `${row.displayName} ${row.sentence} ${row.changedBy ?? ""}`.toLowerCase().includes(text));
  const compare = compares[sort.key] ?? byName;
  const source = useArrayRows(
    list?.policies,
    asked,
    (row) => row.id,
    keep,
    (a, b) => (sort.descending ? -compare(a, b) : compare(a, b)),
    JSON.stringify([sort, search.state, text]),
  );
  const exportRows = useListExport<readonly PolicyRow[]>(
    { title: "Export policies", of: [name, "Policies"], unit: ["policy", "policies"] },
    (path, rows) =>
      ask(
        commands.policiesExport(
          tenant,
          rows.map((row) => row.id),
          path,
        ),
      ),
  );
  const alive = (list?.policies ?? []).filter((row) => !row.deleted);
  const having = (word: string) => alive.filter((row) => policyStateWord(row.state) === word).length;
  const defaults = overview?.securityDefaults;
  // What was read before is still shown when the last attempt failed; only what was never read is unknown.
  const unknown = list?.unreadable && list.policies.length === 0;

  return (
    <>
      <PageHead
        title="Policies"
        crumbs={crumbs}
        facts={
          list && (
            <>
              {unknown
                ? "Conditional Access policies are unknown"
                : `${counted(having("On"), "policy", "policies")} on, ${count(having("Report-only"))} report-only, ${count(having("Off"))} off`}
              {defaults != null && `, security defaults ${defaults ? "on" : "off"}`}
              {list.readAt && (
                <>
                  , read <RelativeTime at={list.readAt} />
                </>
              )}
            </>
          )
        }
        actions={
          <Button icon={<AddRegular />} onClick={() => go(`${base}/changes/new?do=create`)}>
            Propose a new policy
          </Button>
        }
      />
      <DataNotice tenant={tenant} kinds={["policies", "namedLocations", "authenticationStrengths", "groups"]} />
      {!unknown && <PolicyFindings tenant={tenant} />}
      {unknown ? (
        <EmptyState
          icon={<ShieldQuestionRegular />}
          title="Policies are unknown"
          text={
            <>
              {sentence(cleanName(list.unreadable?.reason ?? ""))} That says nothing about how well the tenant is
              protected.
              {defaults != null && (
                <Text block>Security defaults are {defaults ? "on: everybody is asked for MFA by them." : "off."}</Text>
              )}
            </>
          }
        />
      ) : (
        <DataList
          name="Policies"
          unit={["policy", "policies"]}
          columns={columns}
          rowHeight={72}
          source={source}
          rowId={(row) => row.id}
          rowName={(row) =>
            `${cleanName(row.displayName)}, ${policyStateWord(row.state, row.deleted)}. ${cleanName(row.sentence)}`
          }
          exportRows={() => void source.everything().then(exportRows)}
          actions={(rows) => (
            <>
              <Button
                size="small"
                appearance="primary"
                icon={<ArrowDownloadRegular />}
                onClick={() => exportRows(rows)}
              >
                Export selected
              </Button>
              {rows.length === 1 && rows[0] && <ProposeMenu tenant={tenant} policy={rows[0]} size="small" />}
            </>
          )}
          open={(row) => go(`${base}/policies/${part(row.id)}`)}
          sort={sort}
          onSort={(next) => setSearch({ sort: next.key, down: next.descending ? "1" : undefined })}
          filter={{
            text: search.text ?? "",
            onText: (words) => setSearch({ text: words }),
            placeholder: "Filter by name or words",
          }}
          chips={state ? [{ label: state[1], remove: () => setSearch({ state: undefined }) }] : []}
          clearFilters={() => setSearch({ text: undefined, state: undefined })}
          tools={
            <FilterOne
              label="State"
              any="Any state"
              choices={STATES.map(([key]) => key)}
              words={(key) => STATES.find(([each]) => each === key)?.[1] ?? key}
              chosen={state?.[0] ?? null}
              choose={(key) => setSearch({ state: key })}
            />
          }
          empty={
            <EmptyState
              icon={<ShieldTaskRegular />}
              title="This tenant has no Conditional Access policy"
              text={
                defaults == null
                  ? "It was read, and there is none. Whether security defaults are on is not known."
                  : defaults
                    ? "It was read, and there is none. Security defaults are on and ask everybody for MFA."
                    : "It was read, and there is none. Security defaults are off too: nothing asks for MFA unless per-user MFA does."
              }
            />
          }
        />
      )}
    </>
  );
}
