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
import { part, useFilters, useGo, useParam } from "../address";
import { type AccountClass, commands, type MfaBucket, type MfaFilter, type MfaPosture, type MfaRow } from "../bindings";
import { type Column, DataList } from "../components/data-list";
import { EmptyState } from "../components/empty-state";
import { CheckmarkCircleRegular, DocumentPdfRegular, PeopleRegular, WarningRegular } from "../components/icons";
import { buckets, bucketWord, MfaBadge, MfaBar } from "../components/mfa";
import { cleanName, EndCut, MiddleCut, PersonName } from "../components/names";
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
import { Gaps, type Picks, PostureCards } from "./parts/mfa-cards";
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
      row.methods.length > 0 ? <TwoLines text={row.methods.join(", ")} /> : <TwoLines text={row.reason ?? "None"} />,
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
    width: "minmax(140px, 1.3fr)",
    sortable: true,
    render: (row) => (row.privilegedRoles.length > 0 ? <EndCut text={row.privilegedRoles.join(", ")} /> : "–"),
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
    width: "148px",
    sortable: true,
    hidden: true,
    render: (row) => <ClassWord of={row.class} />,
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
    key: "reason",
    title: "Why",
    width: "minmax(160px, 1.5fr)",
    hidden: true,
    render: (row) => (row.reason ? <TwoLines text={row.reason} /> : "–"),
  },
];

function NewestMethod({ row }: { row: MfaRow }) {
  const styles = useStyles();
  return (
    <span className={row.stale ? styles.stale : undefined}>
      {row.stale && <WarningRegular className={styles.staleIcon} aria-label="Stale" />}{" "}
      <RelativeTime at={row.newestMethod} none={row.methods.length > 0 ? "not known" : "–"} />
    </span>
  );
}

const isBucket = (text: string): text is MfaBucket => buckets.includes(text as MfaBucket);
const isClass = (text: string): text is AccountClass => classes.includes(text as AccountClass);
/** Admins are people, guests and service accounts that hold a privileged role; break-glass accounts are told apart. */
const ADMIN_CLASSES: readonly AccountClass[] = ["person", "guest", "serviceAccount"];

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
  const [search, setSearch] = useFilters();
  const wantedBuckets = (search.mfa ?? "").split(",").filter(isBucket);
  const all = search.class === "all";
  const chosenClasses = (search.class ?? "").split(",").filter(isClass);
  const admins = search.admins === "1" || search.stale === "1";
  const stale = search.stale === "1";
  // What the bar counts is what the list shows first: people; of admins, everyone who counts as one.
  const shownClasses: readonly AccountClass[] = all
    ? []
    : chosenClasses.length > 0
      ? chosenClasses
      : admins
        ? ADMIN_CLASSES
        : ["person"];
  const sort = { key: search.sort ?? "privilegedRoles", descending: search.sort ? search.down === "1" : true };
  const filter: MfaFilter = {
    tenant,
    text: search.text ?? null,
    buckets: wantedBuckets,
    classes: [...shownClasses],
    adminsOnly: admins,
    staleOnly: stale,
  };
  const source = usePagedRows(tenant, "mfa", filter, { sort: sort.key, descending: sort.descending }, (window) =>
    ask(commands.mfaList({ ...filter, window })),
  );
  const exportRows = useListExport(
    { title: "Export the MFA list", of: [name, "MFA"], unit: ["account", "accounts"] },
    (path) => ask(commands.mfaExport({ ...filter, window: { sort: sort.key, descending: sort.descending } }, path)),
  );
  const toggled = (bucket: MfaBucket, on: readonly MfaBucket[]) =>
    (on.includes(bucket) ? on.filter((each) => each !== bucket) : [...on, bucket]).join(",");
  const onPeople = !admins && !all && chosenClasses.length === 0;
  const onAdmins = admins && !stale && !all && chosenClasses.length === 0;
  const listed = useRef<HTMLDivElement>(null);
  /** A count that is clicked shows whom it counts. */
  const show = (patch: Record<string, string | undefined>) => {
    setSearch(patch, { replace: false });
    listed.current?.scrollIntoView({ block: "start", behavior: "smooth" });
  };
  const picks: Picks = {
    buckets: wantedBuckets,
    people: onPeople,
    admins: onAdmins,
    stale,
    bucket: (bucket) =>
      show({
        mfa: toggled(bucket, onPeople ? wantedBuckets : []),
        admins: undefined,
        stale: undefined,
        class: undefined,
      }),
    adminBucket: (bucket) =>
      show({
        mfa: toggled(bucket, onAdmins ? wantedBuckets : []),
        admins: "1",
        stale: undefined,
        class: undefined,
      }),
    toggleStale: () => show({ stale: stale ? undefined : "1", admins: undefined, mfa: undefined, class: undefined }),
    only: (klass) => show({ class: klass, mfa: undefined, admins: undefined, stale: undefined }),
  };
  const chips = [
    ...wantedBuckets.map((bucket) => ({
      label: `MFA: ${bucketWord[bucket]}`,
      remove: () => setSearch({ mfa: wantedBuckets.filter((each) => each !== bucket).join(",") }),
    })),
    ...chosenClasses.map((klass) => ({
      label: classWords[klass],
      remove: () => setSearch({ class: chosenClasses.filter((each) => each !== klass).join(",") }),
    })),
    ...(search.admins === "1" ? [{ label: "Admins", remove: () => setSearch({ admins: undefined }) }] : []),
    ...(stale ? [{ label: "Stale admins", remove: () => setSearch({ stale: undefined }) }] : []),
  ];
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
      <div className={styles.list} ref={listed}>
        <Subtitle2 as="h2" style={{ marginBottom: 8 }}>
          {stale
            ? "Stale admins"
            : admins
              ? "Admins"
              : all
                ? "All accounts"
                : chosenClasses.length > 0
                  ? "Accounts"
                  : "People"}
        </Subtitle2>
        <DataList
          name="MFA by account"
          unit={["account", "accounts"]}
          columns={columns}
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
          chips={chips}
          clearFilters={() =>
            setSearch({ text: undefined, mfa: undefined, class: undefined, admins: undefined, stale: undefined })
          }
          tools={
            <>
              <Dropdown
                className={styles.dropdown}
                aria-label="Accounts"
                value={
                  all
                    ? "All accounts"
                    : chosenClasses.length > 0
                      ? chosenClasses.map((klass) => classWords[klass]).join(", ")
                      : "People"
                }
                selectedOptions={[all ? "all" : (chosenClasses[0] ?? "person")]}
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
                onChange={(_, data) => setSearch({ admins: data.checked ? "1" : undefined, stale: undefined })}
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
            stale && wantedBuckets.length === 0 && !search.text ? (
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
    </>
  );
}
