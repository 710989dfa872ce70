// MFA of all customers side by side: who gets worse, who is nearly there, who could not be read; over a month or a quarter.
import {
  Card,
  Dropdown,
  makeStyles,
  mergeClasses,
  Option,
  Subtitle2,
  Tab,
  TabList,
  Text,
  tokens,
} from "@fluentui/react-components";
import { part, useFilters, useGo } from "../address";
import { commands, type FleetMfa, type FleetMfaRow } from "../bindings";
import { type Column, DataList } from "../components/data-list";
import { EmptyState } from "../components/empty-state";
import {
  ArrowDownRegular,
  ArrowRightRegular,
  ArrowUpRegular,
  CheckmarkCircleRegular,
  ShieldKeyholeRegular,
  WarningRegular,
} from "../components/icons";
import { Loaded } from "../components/loaded";
import { MfaBar, MfaLegend, mfaPercent, mfaSentence, people } from "../components/mfa";
import { cleanName, MiddleCut } from "../components/names";
import { NoTenants } from "../components/no-tenants";
import { PageHead } from "../components/page-head";
import { useNow } from "../components/relative-time";
import { Sparkline } from "../components/sparkline";
import { type Look, ToneWord, unknownLook } from "../components/tone-word";
import { count, counted, day, sentence } from "../components/words";
import { useListExport } from "../data/actions";
import { ask } from "../data/ipc";
import { useMfaFleet } from "../data/queries";
import { useArrayRows } from "../data/rows";
import { MfaTrend } from "./parts/mfa-charts";
import { Pick } from "./parts/mfa-pick";
import { TwoLines } from "./parts/two-lines";

const SPANS = ["30", "90"] as const;
const SHOWS = {
  all: "All customers",
  worse: "Get worse",
  nearly: "Nearly there",
  complete: "Complete",
  unread: "Not readable",
} as const;
type Shows = keyof typeof SHOWS;

const keeps: Record<Shows, (row: FleetMfaRow) => boolean> = {
  all: () => true,
  worse: (row) => row.course === "worse",
  nearly: (row) => row.nearly,
  complete: (row) => row.complete,
  unread: (row) => row.unreadable !== null,
};

const useStyles = makeStyles({
  top: {
    display: "grid",
    gridTemplateColumns: "minmax(0, 1.4fr) minmax(0, 1.2fr) minmax(240px, 0.8fr)",
    gap: tokens.spacingHorizontalL,
    marginBottom: tokens.spacingVerticalL,
    flexShrink: 0,
    "@media (max-width: 1150px)": { gridTemplateColumns: "minmax(0, 1fr) minmax(0, 1fr)" },
  },
  card: { padding: tokens.spacingHorizontalL, gap: tokens.spacingVerticalM },
  large: {
    fontSize: tokens.fontSizeBase600,
    lineHeight: tokens.lineHeightBase600,
    fontWeight: tokens.fontWeightSemibold,
  },
  quiet: { color: tokens.colorNeutralForeground3 },
  picks: { display: "grid", gap: tokens.spacingVerticalXXS },
  list: { display: "flex", flexDirection: "column", height: "max(420px, calc(100vh - 190px))", flexShrink: 0 },
  dropdown: { minWidth: "150px" },
  bar: {
    display: "grid",
    gridTemplateColumns: "minmax(48px, 1fr) 182px",
    alignItems: "center",
    gap: tokens.spacingHorizontalM,
  },
  move: { display: "flex", alignItems: "center", gap: tokens.spacingHorizontalS, minWidth: 0 },
  number: { fontVariantNumeric: "tabular-nums" },
  amber: { color: tokens.colorPaletteDarkOrangeForeground1 },
  foot: { height: tokens.spacingVerticalXL, flexShrink: 0 },
});

const points = (change: number) =>
  `${change > 0 ? "+" : change < 0 ? "\u2212" : ""}${Math.abs(change).toLocaleString("en-GB")} ${Math.abs(change) === 1 ? "point" : "points"}`;

/** The word is the distance: "6.8 points up". */
const moved = (course: FleetMfaRow["course"], change: number): Look => {
  const words =
    change === 0
      ? "unchanged"
      : `${Math.abs(change).toLocaleString("en-GB")} ${Math.abs(change) === 1 ? "point" : "points"} ${change > 0 ? "up" : "down"}`;
  if (course === "worse") return [ArrowDownRegular, "bad", words];
  if (course === "better") return [ArrowUpRegular, "good", words];
  if (course === "same") return [ArrowRightRegular, "quiet", words];
  return unknownLook;
};

const shareOf = (row: FleetMfaRow) => {
  const known = row.people ? row.people.strong + row.people.weak + row.people.none : 0;
  return row.people && known > 0 ? (row.people.strong + row.people.weak) / known : null;
};
/** Unknown comes last, whichever way the list is sorted. */
const last = (a: number | null, b: number | null, descending: boolean) =>
  a === null || b === null ? (a === b ? 0 : (a === null ? 1 : -1) * (descending ? -1 : 1)) : a - b;

function comparing(key: string, descending: boolean) {
  const by: Record<string, (row: FleetMfaRow) => number | null> = {
    people: shareOf,
    change: (row) => row.change,
    admins: (row) => row.admins?.none ?? null,
    notEnforced: (row) => row.notEnforced,
    phishingResistant: (row) =>
      row.people && row.phishingResistant !== null && people(row.people) > 0
        ? row.phishingResistant / people(row.people)
        : null,
  };
  const value = by[key];
  const named = (a: FleetMfaRow, b: FleetMfaRow) => a.tenant.displayName.localeCompare(b.tenant.displayName);
  return (a: FleetMfaRow, b: FleetMfaRow) => {
    const order = value ? last(value(a), value(b), descending) : named(a, b);
    return (descending ? -order : order) || named(a, b);
  };
}

function useColumns(): readonly Column<FleetMfaRow>[] {
  const styles = useStyles();
  const now = useNow();
  return [
    {
      key: "displayName",
      title: "Customer",
      width: "minmax(176px, 2fr)",
      sortable: true,
      always: true,
      render: (row) => <MiddleCut text={row.tenant.displayName} />,
    },
    {
      key: "people",
      title: "People with MFA",
      width: "minmax(246px, 2fr)",
      sortable: true,
      render: (row) =>
        row.unreadable ? (
          <TwoLines text={sentence(cleanName(row.unreadable))} />
        ) : (
          <span className={styles.bar}>
            <MfaBar counts={row.people} height={10} />
            <span className={styles.number}>{mfaSentence(row.people)}</span>
          </span>
        ),
    },
    {
      key: "change",
      title: "Trend",
      width: "minmax(182px, 1.1fr)",
      sortable: true,
      render: (row) =>
        row.change === null ? (
          <span className={styles.quiet}>{row.unreadable ? "–" : "Only one day is on record"}</span>
        ) : (
          <span
            className={styles.move}
            title={row.since ? `Since ${day(new Date(`${row.since}T12:00:00`), now)}` : undefined}
          >
            <Sparkline
              values={row.trend.map(({ counts }) => {
                const known = counts.strong + counts.weak + counts.none;
                return known === 0 ? null : (100 * (counts.strong + counts.weak)) / known;
              })}
              width={44}
              label={`MFA of ${cleanName(row.tenant.displayName)}, ${points(row.change)}`}
            />
            <ToneWord look={moved(row.course, row.change)} />
          </span>
        ),
    },
    {
      key: "admins",
      title: "Admins",
      width: "minmax(128px, 0.8fr)",
      sortable: true,
      render: (row) =>
        row.admins === null ? (
          <span className={styles.quiet}>not known</span>
        ) : row.admins.none > 0 ? (
          <span className={styles.amber}>{count(row.admins.none)} without MFA</span>
        ) : (
          <span className={styles.number}>{mfaSentence(row.admins)}</span>
        ),
    },
    {
      key: "notEnforced",
      title: "Not enforced",
      width: "104px",
      sortable: true,
      render: (row) =>
        row.notEnforced === null ? (
          <span className={styles.quiet}>not known</span>
        ) : (
          <span className={mergeClasses(styles.number, row.notEnforced > 0 && styles.amber)}>
            {count(row.notEnforced)}
          </span>
        ),
    },
    {
      key: "phishingResistant",
      title: "Phishing-resistant",
      width: "136px",
      sortable: true,
      render: (row) =>
        row.phishingResistant === null ? (
          <span className={styles.quiet}>not known</span>
        ) : (
          <span className={styles.number}>{count(row.phishingResistant)}</span>
        ),
    },
    {
      key: "staleAdmins",
      title: "Stale admins",
      width: "108px",
      hidden: true,
      render: (row) => (
        <span className={styles.number}>{row.staleAdmins === null ? "not known" : count(row.staleAdmins)}</span>
      ),
    },
  ];
}

export default function MfaFleetPage() {
  const [search, setSearch] = useFilters();
  const days = search.days === "90" ? 90 : 30;
  const fleet = useMfaFleet(days);
  return (
    <>
      <PageHead
        title="MFA of the fleet"
        facts="How each customer's people can prove who they are, and where that goes"
        actions={
          <TabList
            selectedValue={String(days)}
            onTabSelect={(_, data) => setSearch({ days: data.value === "90" ? "90" : undefined })}
            aria-label="How far back"
          >
            {SPANS.map((span) => (
              <Tab key={span} value={span}>
                {span} days
              </Tab>
            ))}
          </TabList>
        }
      />
      <Loaded asked={fleet}>
        {(data) => (data.customers.length === 0 ? <NoTenants /> : <Fleet data={data} asked={fleet} />)}
      </Loaded>
    </>
  );
}

function Fleet({ data, asked }: { data: FleetMfa; asked: ReturnType<typeof useMfaFleet> }) {
  const styles = useStyles();
  const go = useGo();
  const [search, setSearch] = useFilters();
  const columns = useColumns();
  const text = (search.text ?? "").toLowerCase();
  const shows: Shows = (search.show ?? "all") in SHOWS ? ((search.show ?? "all") as Shows) : "all";
  const sort = { key: search.sort ?? "people", descending: search.down === "1" };
  const source = useArrayRows(
    data.customers,
    asked,
    (row) => row.tenant.id,
    (row) => keeps[shows](row) && (!text || row.tenant.displayName.toLowerCase().includes(text)),
    comparing(sort.key, sort.descending),
    JSON.stringify([sort, text, shows, data.days]),
  );
  const exportRows = useListExport(
    { title: "Export MFA of the fleet", of: ["Fleet", "MFA"], unit: ["customer", "customers"] },
    (path) => ask(commands.mfaFleetExport(data.days, path)),
  );
  const pick = (to: Shows) => setSearch({ show: shows === to ? undefined : to }, { replace: false });
  return (
    <>
      <div className={styles.top}>
        <Card className={styles.card} role="region" aria-label="People">
          <Subtitle2 as="h2">People</Subtitle2>
          <span>
            <span className={styles.large}>{mfaPercent(data.people) ?? "Unknown"}</span>{" "}
            {mfaPercent(data.people) !== null && (
              <span className={styles.quiet}>have MFA, {mfaSentence(data.people).replace(/^[^,]*, /, "")}</span>
            )}
          </span>
          <MfaBar counts={data.people} height={16} />
          <MfaLegend counts={data.people} />
          {data.unreadable > 0 && (
            <Text size={200} className={styles.quiet}>
              {counted(data.unreadable, "customer")} could not be read and {data.unreadable === 1 ? "is" : "are"} not in
              these figures.
            </Text>
          )}
        </Card>
        <Card className={styles.card} role="region" aria-label="Trend">
          <Subtitle2 as="h2">Trend</Subtitle2>
          <MfaTrend points={data.trend} />
        </Card>
        <Card className={styles.card} role="region" aria-label="Where to look">
          <Subtitle2 as="h2">Where to look</Subtitle2>
          <div className={styles.picks}>
            <Pick picked={shows === "worse"} onPick={() => pick("worse")} value={data.worse}>
              <span className={data.worse > 0 ? styles.amber : undefined}>
                {data.worse > 0 && <WarningRegular aria-hidden />} Get worse
              </span>
            </Pick>
            <Pick picked={shows === "nearly"} onPick={() => pick("nearly")} value={data.nearly}>
              Nearly there: at most five people missing
            </Pick>
            <Pick picked={shows === "complete"} onPick={() => pick("complete")} value={data.complete}>
              Complete
            </Pick>
            <Pick picked={shows === "unread"} onPick={() => pick("unread")} value={data.unreadable}>
              Not readable
            </Pick>
          </div>
        </Card>
      </div>
      <div className={styles.list}>
        <Subtitle2 as="h2" style={{ marginBottom: 8 }}>
          {SHOWS[shows]}
        </Subtitle2>
        <DataList
          name="MFA by customer"
          unit={["customer", "customers"]}
          columns={columns}
          rowHeight={48}
          source={source}
          rowId={(row) => row.tenant.id}
          rowName={(row) =>
            `${cleanName(row.tenant.displayName)}, ${row.unreadable ? "not readable" : `MFA ${mfaSentence(row.people)}`}${row.change === null ? "" : `, ${points(row.change)}`}`
          }
          open={(row) => go(`/tenants/${part(row.tenant.id)}/mfa`)}
          sort={sort}
          onSort={(next) => setSearch({ sort: next.key, down: next.descending ? "1" : undefined })}
          filter={{
            text: search.text ?? "",
            onText: (value) => setSearch({ text: value }),
            placeholder: "Filter by customer",
          }}
          chips={shows === "all" ? [] : [{ label: SHOWS[shows], remove: () => setSearch({ show: undefined }) }]}
          clearFilters={() => setSearch({ text: undefined, show: undefined })}
          tools={
            <Dropdown
              className={styles.dropdown}
              aria-label="Customers"
              value={SHOWS[shows]}
              selectedOptions={[shows]}
              onOptionSelect={(_, option) =>
                setSearch({ show: option.optionValue === "all" ? undefined : option.optionValue })
              }
            >
              {Object.entries(SHOWS).map(([key, word]) => (
                <Option key={key} value={key}>
                  {word}
                </Option>
              ))}
            </Dropdown>
          }
          exportRows={exportRows}
          empty={
            <EmptyState
              icon={<ShieldKeyholeRegular />}
              title="No customer yet"
              text="They appear here once connected."
            />
          }
          nothingMatches={
            shows === "worse" && !text ? (
              <EmptyState
                good
                icon={<CheckmarkCircleRegular />}
                title="Nobody gets worse"
                text={`No customer has more people without MFA than ${data.days} days ago and a smaller share with it.`}
              />
            ) : undefined
          }
        />
      </div>
      <div className={styles.foot} />
    </>
  );
}
