// A customer's MFA: who has which strength, admins first, what is enforced, how it moved; and the PDF that goes to the customer.
import {
  Button,
  Checkbox,
  Dropdown,
  makeStyles,
  Option,
  Spinner,
  Subtitle2,
  Text,
  tokens,
} from "@fluentui/react-components";
import { useRef, useState } from "react";
import { part, useGo, useParam } from "../address";
import { commands, type HeldRole, type MfaPosture, type MfaRow } from "../bindings";
import { type Column, DataList } from "../components/data-list";
import { EmptyState } from "../components/empty-state";
import { CheckmarkCircleRegular, DocumentPdfRegular, PeopleRegular, WarningRegular } from "../components/icons";
import { bucketWord, MfaBadge, MfaBar } from "../components/mfa";
import { cleanName, MiddleCut, PersonName } from "../components/names";
import { PageHead } from "../components/page-head";
import { PageSkeleton } from "../components/page-skeleton";
import { ProblemView } from "../components/problem-view";
import { RelativeTime } from "../components/relative-time";
import { sentence } from "../components/words";
import { fileName, useExport, useListExport } from "../data/actions";
import { ask, problemOf } from "../data/ipc";
import { useMfaPosture } from "../data/queries";
import { usePagedRows } from "../data/rows";
import { ClassWord, classes, classWord, classWords, EnforcementWord, enforcementWord } from "./parts/account-words";
import { CopyUpns } from "./parts/copy-upns";
import { DataNotice } from "./parts/data-notice";
import { Gaps, PostureCards } from "./parts/mfa-cards";
import { DepartmentsCard } from "./parts/mfa-departments";
import { readinessWord, suitsWord, useMfaPicks } from "./parts/mfa-picks";
import { useTenantCrumbs } from "./parts/tenant-crumbs";
import { TwoLines } from "./parts/two-lines";
import { PageCard } from "./parts/user-cards";

const columns: readonly Column<MfaRow>[] = [
  {
    key: "displayName",
    title: "User",
    width: "minmax(180px, 1.6fr)",
    sortable: true,
    always: true,
    render: (row) => <PersonName person={row} />,
  },
  { key: "bucket", title: "MFA", width: "112px", sortable: true, render: (row) => <MfaBadge bucket={row.bucket} /> },
  {
    key: "methods",
    title: "Methods",
    width: "minmax(170px, 1.7fr)",
    render: (row) =>
      row.methods.length > 0 ? (
        <TwoLines text={row.registered.length > 0 ? dated(row) : row.methods.join(", ")} />
      ) : (
        <TwoLines text={row.reason ?? "None"} />
      ),
  },
  {
    key: "enforced",
    title: "Enforced by",
    width: "160px",
    sortable: true,
    render: (row) => <EnforcementWord of={row.enforced} />,
  },
  {
    key: "privilegedRoles",
    title: "Privileged roles",
    width: "minmax(150px, 1.5fr)",
    sortable: true,
    render: (row) => (row.held.length > 0 ? <TwoLines text={row.held.map(heldWords).join(", ")} /> : "–"),
  },
  {
    key: "newestMethod",
    title: "Newest method",
    width: "132px",
    sortable: true,
    render: (row) => <NewestMethod row={row} />,
  },
  {
    key: "class",
    title: "Account",
    width: "minmax(148px, 1fr)",
    sortable: true,
    hidden: true,
    render: (row) =>
      row.mark ? (
        <TwoLines
          text={`${classWord[row.class]}, said ${cleanName(row.mark.by)}${row.mark.note ? `: ${cleanName(row.mark.note)}` : ""}`}
        />
      ) : (
        <ClassWord of={row.class} />
      ),
  },
  {
    key: "department",
    title: "Department",
    width: "minmax(110px, 1fr)",
    sortable: true,
    hidden: true,
    render: (row) => (row.department ? <MiddleCut text={row.department} /> : "–"),
  },
  {
    key: "manager",
    title: "Manager",
    width: "minmax(120px, 1fr)",
    hidden: true,
    render: (row) => (row.manager ? <MiddleCut text={row.manager} /> : "–"),
  },
  {
    key: "passkey",
    title: "Passkey",
    width: "minmax(170px, 1.5fr)",
    sortable: true,
    hidden: true,
    render: (row) => <TwoLines text={row.passkeyWhy ?? readinessWord[row.passkey]} />,
  },
  {
    key: "suits",
    title: "Without a phone",
    width: "minmax(170px, 1.5fr)",
    hidden: true,
    render: (row) => (row.suits ? <TwoLines text={row.suitsWhy ?? suitsWord[row.suits]} /> : "–"),
  },
  {
    key: "reason",
    title: "Why",
    width: "minmax(160px, 1.5fr)",
    hidden: true,
    render: (row) => (row.reason ? <TwoLines text={row.reason} /> : "–"),
  },
];

/** Where the list answers one question, the reason stands where the methods were, and whose people they are beside it. */
const asking = (key: "passkey" | "suits"): readonly Column<MfaRow>[] => {
  const shown = (wanted: string, width?: string) =>
    columns.flatMap((column) => {
      if (column.key !== wanted) return [];
      const { hidden: _, ...rest } = column;
      return [{ ...rest, always: true, ...(width ? { width } : {}) }];
    });
  const [user, bucket, , enforced, ...others] = columns;
  if (!user || !bucket || !enforced) return columns;
  const left = others.filter((column) => column.hidden && column.key !== key && column.key !== "department");
  return [user, bucket, ...shown(key, "minmax(300px, 4fr)"), enforced, ...shown("department"), ...left];
};
const forPasskeys = asking("passkey");
const forPhones = asking("suits");

/** "Global Administrator (eligible, through Tier 0)" */
const heldWords = ({ role, eligible, through, scope }: HeldRole) =>
  `${role} (${[eligible ? "eligible" : "active", through && `through ${cleanName(through)}`, scope].filter(Boolean).join(", ")})`;

const DATE = new Intl.DateTimeFormat("en-GB", { month: "short", year: "numeric" });
const dated = (row: MfaRow) =>
  row.registered
    .map(({ method, createdAt }) => (createdAt ? `${method} (${DATE.format(new Date(createdAt))})` : method))
    .join(", ");

function NewestMethod({ row }: { row: MfaRow }) {
  const styles = useStyles();
  return (
    <span className={row.stale ? styles.stale : undefined}>
      {row.stale && <WarningRegular className={styles.staleIcon} aria-label="Stale" />}{" "}
      <RelativeTime at={row.newestMethod} none={row.methods.length > 0 ? "not known" : "–"} />
    </span>
  );
}

const useStyles = makeStyles({
  stale: { color: tokens.colorPaletteDarkOrangeForeground1 },
  staleIcon: { fontSize: "16px", verticalAlign: "text-bottom" },
  dropdown: { minWidth: "132px" },
  list: { display: "flex", flexDirection: "column", height: "max(420px, calc(100vh - 190px))", flexShrink: 0 },
  unread: {
    display: "grid",
    gap: tokens.spacingVerticalL,
    marginBottom: tokens.spacingVerticalL,
    flexShrink: 0,
  },
  departments: { marginTop: tokens.spacingVerticalL, flexShrink: 0 },
  foot: { height: tokens.spacingVerticalXL, flexShrink: 0 },
});

export default function MfaPage() {
  const styles = useStyles();
  const tenant = useParam("tenant");
  const { name, crumbs } = useTenantCrumbs(tenant);
  const posture = useMfaPosture(tenant);
  const exportTo = useExport();
  const [writing, setWriting] = useState(false);
  const exportPdf = async () => {
    setWriting(true);
    await exportTo(
      {
        title: "Save the MFA posture report",
        suggestedName: `${fileName(name, "MFA posture")}.pdf`,
        extensions: ["pdf"],
      },
      (path) => ask(commands.reportMfa(tenant, path)),
    );
    setWriting(false);
  };
  if (!posture.data) {
    if (!posture.error) return <PageSkeleton />;
    return <ProblemView problem={problemOf(posture.error)} retry={() => void posture.refetch()} />;
  }
  const { unreadable, readAt } = posture.data;
  return (
    <>
      <PageHead
        title="MFA"
        crumbs={crumbs}
        facts={
          unreadable ? (
            "Registration is unknown"
          ) : (
            <>
              How people can prove who they are, registration read <RelativeTime at={readAt} />
            </>
          )
        }
        actions={
          <Button
            appearance="primary"
            icon={writing ? <Spinner size="tiny" /> : <DocumentPdfRegular />}
            disabled={writing}
            onClick={() => void exportPdf()}
          >
            {writing ? "Writing the PDF" : "Export PDF"}
          </Button>
        }
      />
      <DataNotice
        tenant={tenant}
        kinds={["mfaRegistration", "users", "roles", "authenticationMethods", "perUserMfa", "securityDefaults"]}
      />
      <Posture tenant={tenant} name={name} posture={posture.data} />
      <div className={styles.foot} />
    </>
  );
}

function Posture({ tenant, name, posture }: { tenant: string; name: string; posture: MfaPosture }) {
  const styles = useStyles();
  const go = useGo();
  const list = useRef<HTMLDivElement>(null);
  const shown = useMfaPicks(tenant, () => list.current?.scrollIntoView({ block: "start", behavior: "smooth" }));
  const { search, setSearch, filter, picks, admins, stale } = shown;
  const sort = { key: search.sort ?? "privilegedRoles", descending: search.sort ? search.down === "1" : true };
  const source = usePagedRows(tenant, "mfa", filter, { sort: sort.key, descending: sort.descending }, (window) =>
    ask(commands.mfaList({ ...filter, window })),
  );
  const exportRows = useListExport(
    { title: "Export the MFA list", of: [name, "MFA"], unit: ["account", "accounts"] },
    (path) => ask(commands.mfaExport({ ...filter, window: { sort: sort.key, descending: sort.descending } }, path)),
  );
  return (
    <>
      {posture.unreadable ? (
        <div className={styles.unread}>
          <PageCard title="People">
            <MfaBar counts={null} height={16} />
            <Text>
              {sentence(cleanName(posture.unreadable.reason))} Until it is read, nobody here counts as protected or as
              unprotected.
            </Text>
          </PageCard>
          <Gaps gaps={posture.gaps} />
        </div>
      ) : (
        <PostureCards posture={posture} picks={picks} />
      )}
      <div className={styles.list} ref={list}>
        <Subtitle2 as="h2" style={{ marginBottom: 8 }}>
          {shown.title}
        </Subtitle2>
        <DataList
          name="MFA by account"
          unit={["account", "accounts"]}
          columns={shown.phone ? forPhones : shown.passkey.length > 0 ? forPasskeys : columns}
          rowHeight={48}
          source={source}
          rowId={(row) => row.id}
          rowName={(row) =>
            `${cleanName(row.displayName || row.upn)}, ${classWord[row.class]}, MFA ${bucketWord[row.bucket].toLowerCase()}, enforced by ${enforcementWord[row.enforced].toLowerCase()}${row.stale ? ", stale" : ""}`
          }
          open={(row) => go(`/tenants/${part(tenant)}/users/${part(row.id)}`)}
          sort={sort}
          onSort={(next) => setSearch({ sort: next.key, down: next.descending ? "1" : undefined })}
          filter={{
            text: search.text ?? "",
            onText: (text) => setSearch({ text }),
            placeholder: "Filter by name or UPN",
          }}
          chips={shown.chips}
          clearFilters={shown.clear}
          tools={
            <>
              <Dropdown
                className={styles.dropdown}
                aria-label="Accounts"
                value={
                  shown.all
                    ? "All accounts"
                    : shown.classes.length > 0
                      ? shown.classes.map((klass) => classWords[klass]).join(", ")
                      : "People"
                }
                selectedOptions={[shown.all ? "all" : (shown.classes[0] ?? "person")]}
                onOptionSelect={(_, data) =>
                  setSearch({ class: data.optionValue === "person" ? undefined : data.optionValue })
                }
              >
                {classes.map((klass) => (
                  <Option key={klass} value={klass}>
                    {classWords[klass]}
                  </Option>
                ))}
                <Option value="all">All accounts</Option>
              </Dropdown>
              <Checkbox
                label="Admins only"
                checked={admins}
                onChange={(_, data) =>
                  setSearch({ admins: data.checked ? "1" : undefined, stale: undefined, way: undefined })
                }
              />
            </>
          }
          exportRows={exportRows}
          actions={(rows, clear) => <CopyUpns rows={rows} clear={clear} />}
          empty={
            <EmptyState
              icon={<PeopleRegular />}
              title="No account was read yet"
              text="They appear here once the first sync of this tenant is through."
            />
          }
          nothingMatches={
            stale && filter.buckets?.length === 0 && !search.text ? (
              <EmptyState
                good
                icon={<CheckmarkCircleRegular />}
                title="No stale admin"
                text="Every admin whose methods could be dated has one from the last 180 days."
              />
            ) : undefined
          }
        />
      </div>
      {!posture.unreadable && (
        <div className={styles.departments}>
          <DepartmentsCard tenant={tenant} picks={picks} />
        </div>
      )}
    </>
  );
}
