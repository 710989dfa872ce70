// A tenant's sign-ins: who tried to get in, how it went, which policy decided and why, in plain English. Filters live in the address.
import { makeStyles, ToggleButton, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useFilters, useParam } from "../address";
import { commands, type SignInFilter, type SignInResult, type SignInRow } from "../bindings";
import { type Column, DataList } from "../components/data-list";
import type { Chip } from "../components/data-list-toolbar";
import { EmptyState } from "../components/empty-state";
import { CheckmarkCircleRegular, KeyRegular, LockClosedRegular, WarningRegular } from "../components/icons";
import { FilterOne } from "../components/list-filter";
import { cleanName, EndCut } from "../components/names";
import { PageHead } from "../components/page-head";
import { type Choice, countryName, Pick } from "../components/pick";
import { useListExport } from "../data/actions";
import { ask } from "../data/ipc";
import { keys, usePolicies, useSignInChoices, useTenant } from "../data/queries";
import { usePagedRows } from "../data/rows";
import { CopyUpns } from "./parts/copy-upns";
import { DataNotice, unread } from "./parts/data-notice";
import { appColumn, placeColumn, resultColumn, timeColumn, userColumn } from "./parts/sign-in-columns";
import { SignInPanel } from "./parts/sign-in-panel";
import { ResultWord, results, resultWord } from "./parts/state-words";
import { useTenantCrumbs } from "./parts/tenant-crumbs";
import { TriageStrip } from "./parts/triage-strip";
import { TwoLines } from "./parts/two-lines";

const columns: readonly Column<SignInRow>[] = [
  resultColumn,
  timeColumn,
  userColumn,
  {
    key: "reason",
    title: "Reason",
    width: "minmax(220px, 2.4fr)",
    render: (row) => <TwoLines text={row.reason} />,
  },
  {
    key: "policy",
    title: "Policy",
    width: "minmax(130px, 1.2fr)",
    render: (row) => (row.policy ? <TwoLines text={row.policy} /> : "–"),
  },
  appColumn,
  placeColumn,
  { key: "ip", title: "IP address", width: "130px", sortable: true, hidden: true, render: (row) => row.ip || "–" },
  {
    key: "device",
    title: "Device",
    width: "minmax(120px, 1fr)",
    hidden: true,
    render: (row) => <EndCut text={row.device || "–"} />,
  },
  {
    key: "client",
    title: "Client",
    width: "minmax(120px, 1fr)",
    sortable: true,
    hidden: true,
    render: (row) => (
      <span title={row.legacy ? `${row.client}: legacy authentication` : row.client}>
        {row.legacy && <WarningRegular aria-label="Legacy authentication" />} {row.client || "–"}
      </span>
    ),
  },
];

const byText = (a: Choice, b: Choice) => a.text.localeCompare(b.text);
const PERIODS: readonly (readonly [string, string])[] = [
  ["1", "Last 24 hours"],
  ["7", "Last 7 days"],
  ["30", "Last 30 days"],
  ["", "Everything kept"],
];
const periodWord = (days: string) => PERIODS.find(([key]) => key === days)?.[1] ?? `Last ${days} days`;
const isResult = (text: string | undefined): text is SignInResult => results.includes(text as SignInResult);

const useStyles = makeStyles({
  presets: {
    display: "flex",
    flexWrap: "wrap",
    gap: tokens.spacingHorizontalS,
  },
});

const NO_FILTER = {
  text: undefined,
  user: undefined,
  result: undefined,
  blocked: undefined,
  legacy: undefined,
  policy: undefined,
  app: undefined,
  country: undefined,
  days: undefined,
};

export default function SignInsPage() {
  const styles = useStyles();
  const tenant = useParam("tenant");
  const { name, crumbs } = useTenantCrumbs(tenant);
  const [search, setSearch] = useFilters();
  const overview = useTenant(tenant).data;
  const user = useQuery({
    queryKey: keys.user(tenant, search.user ?? ""),
    queryFn: () => ask(commands.userGet(tenant, search.user ?? "")),
    enabled: !!search.user,
  }).data?.row;
  const policies = usePolicies(tenant).data?.policies;
  const choices = useSignInChoices(tenant).data;
  const apps = useMemo(() => choices?.apps.map(({ id, name }) => ({ value: id, text: name })) ?? [], [choices]);
  const countries = useMemo(
    () => choices?.countries.map((code) => ({ value: code, text: countryName(code) })).sort(byText) ?? [],
    [choices],
  );

  const result = isResult(search.result) ? search.result : null;
  const days = /^\d{1,4}$/.test(search.days ?? "") ? Number(search.days) : null;
  const sort = { key: search.sort ?? "at", descending: search.down !== "0" };
  const filter: SignInFilter = {
    tenant,
    text: search.text ?? null,
    // The address may name the user by UPN; the list knows ids.
    userId: user?.id ?? search.user ?? null,
    result,
    blockedByPolicy: search.blocked === "1",
    legacy: search.legacy === "1",
    policyId: search.policy ?? null,
    appId: search.app ?? null,
    country: search.country ?? null,
    days,
  };
  const source = usePagedRows(tenant, "signIns", filter, { sort: sort.key, descending: sort.descending }, (window) =>
    ask(commands.signInsList({ ...filter, window })),
  );
  const exportRows = useListExport(
    { title: "Export sign-ins", of: [name, "Sign-ins"], unit: ["sign-in", "sign-ins"] },
    (path) => ask(commands.signInsExport({ ...filter, window: { sort: sort.key, descending: sort.descending } }, path)),
  );
  const first = source.rowAt(0);
  const chip = (on: boolean, label: string, key: keyof typeof NO_FILTER): Chip[] =>
    on ? [{ label, remove: () => setSearch({ [key]: undefined }) }] : [];
  const chips: Chip[] = [
    ...chip(
      !!search.user,
      `User: ${cleanName(user?.displayName || user?.upn || first?.userName || "one user")}`,
      "user",
    ),
    ...chip(result !== null, resultWord[result ?? "success"], "result"),
    ...chip(days !== null, periodWord(String(days)), "days"),
    ...chip(filter.blockedByPolicy === true, "Blocked by Conditional Access", "blocked"),
    ...chip(filter.legacy === true, "Legacy authentication", "legacy"),
    ...chip(
      !!search.policy,
      `Policy: ${cleanName(policies?.find((row) => row.id === search.policy)?.displayName ?? "one policy")}`,
      "policy",
    ),
    ...chip(
      !!search.app,
      `Application: ${cleanName(apps.find((app) => app.value === search.app)?.text ?? first?.app ?? "one application")}`,
      "app",
    ),
    ...chip(!!search.country, `Country: ${countryName(search.country ?? "")}`, "country"),
  ];
  const failures = result === "failure" && days === 7;
  // One user's failures, by the link from their page or because somebody typed the UPN.
  const typed = search.text?.trim() ?? "";
  const lockedOut =
    result === "failure" ? (search.user ?? (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(typed) ? typed : null)) : null;
  const [missing] = unread(overview, ["signIns"]);

  return (
    <>
      <PageHead
        title="Sign-ins"
        crumbs={crumbs}
        facts="Who tried to get in, which policy decided, and why, as Entra recorded it"
      />
      <DataNotice tenant={tenant} kinds={["signIns"]} />
      {lockedOut && <TriageStrip tenant={tenant} user={lockedOut} />}
      <DataList
        name="Sign-ins"
        unit={["sign-in", "sign-ins"]}
        columns={columns}
        source={source}
        rowId={(row) => row.id}
        rowName={(row) =>
          `${resultWord[row.result]}: ${cleanName(row.userName || row.upn)}, ${cleanName(row.app)}, ${cleanName(row.reason)}`
        }
        open={(row) => setSearch({ open: row.id }, { replace: false })}
        sort={sort}
        onSort={(next) => setSearch({ sort: next.key, down: next.descending ? undefined : "0" })}
        filter={{
          text: search.text ?? "",
          onText: (text) => setSearch({ text }),
          placeholder: "Filter by user, UPN, IP or app",
        }}
        chips={chips}
        clearFilters={() => setSearch(NO_FILTER)}
        presets={
          <div className={styles.presets} role="group" aria-label="Presets">
            <ToggleButton
              size="small"
              shape="circular"
              checked={failures}
              onClick={() =>
                setSearch(failures ? { result: undefined, days: undefined } : { result: "failure", days: "7" }, {
                  replace: false,
                })
              }
            >
              Failures, 7 days
            </ToggleButton>
            <ToggleButton
              size="small"
              shape="circular"
              checked={filter.blockedByPolicy === true}
              onClick={() => setSearch({ blocked: filter.blockedByPolicy ? undefined : "1" }, { replace: false })}
            >
              Blocked by Conditional Access
            </ToggleButton>
            <ToggleButton
              size="small"
              shape="circular"
              checked={filter.legacy === true}
              onClick={() => setSearch({ legacy: filter.legacy ? undefined : "1" }, { replace: false })}
            >
              Legacy
            </ToggleButton>
          </div>
        }
        tools={
          <>
            <FilterOne
              label="Result"
              any="Any result"
              choices={results}
              words={(each) => resultWord[each]}
              draw={(each) => <ResultWord result={each} />}
              chosen={result}
              choose={(each) => setSearch({ result: each })}
            />
            <FilterOne
              label="Period"
              choices={PERIODS.map(([key]) => key)}
              words={periodWord}
              chosen={days === null ? "" : String(days)}
              choose={(each) => setSearch({ days: each || undefined })}
            />
            <Pick
              label="Application"
              any="Any application"
              choices={apps}
              chosen={search.app ?? null}
              onPick={(app) => setSearch({ app: app ?? undefined })}
            />
            <Pick
              label="Country"
              any="Any country"
              choices={countries}
              chosen={search.country ?? null}
              onPick={(country) => setSearch({ country: country ?? undefined })}
            />
          </>
        }
        exportRows={exportRows}
        actions={(rows, clear) => <CopyUpns rows={rows} clear={clear} />}
        empty={
          missing ? (
            <EmptyState
              icon={<LockClosedRegular />}
              title="Sign-ins are unknown"
              text="They could not be read, so nobody can say from here who got in and who did not. The reason and the next step stand above."
            />
          ) : (
            <EmptyState
              icon={<KeyRegular />}
              title="No sign-in is kept"
              text="None was recorded in this tenant since it was connected. Entra shows a sign-in some minutes after it happened."
            />
          )
        }
        nothingMatches={
          failures && chips.length === (search.user ? 3 : 2) && !search.text ? (
            <EmptyState
              good
              icon={<CheckmarkCircleRegular />}
              title="No failed sign-in in 7 days"
              text={
                search.user
                  ? "What was read of this user holds no failure. An attempt of the last minutes may not have arrived yet: resync, then look again."
                  : "What was read holds no failure."
              }
            />
          ) : undefined
        }
      />
      <SignInPanel
        tenant={tenant}
        id={search.open ?? null}
        close={() => setSearch({ open: undefined })}
        narrow={(patch) => setSearch({ ...patch, open: undefined }, { replace: false })}
      />
    </>
  );
}
