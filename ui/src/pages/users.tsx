// A tenant's accounts: what each is, its MFA, its privileged roles and when it last got in.
import { Checkbox } from "@fluentui/react-components";
import { part, useFilters, useGo, useParam } from "../address";
import { type AccountClass, commands, type MfaBucket, type UserFilter, type UserRow } from "../bindings";
import { type Column, DataList } from "../components/data-list";
import { EmptyState } from "../components/empty-state";
import { PeopleRegular } from "../components/icons";
import { FilterSeveral } from "../components/list-filter";
import { buckets, bucketWord, MfaBadge } from "../components/mfa";
import { cleanName, EndCut, MiddleCut, PersonName } from "../components/names";
import { PageHead } from "../components/page-head";
import { RelativeTime } from "../components/relative-time";
import { counted } from "../components/words";
import { useListExport } from "../data/actions";
import { ask } from "../data/ipc";
import { useTenant } from "../data/queries";
import { usePagedRows } from "../data/rows";
import { ClassWord, classes, classWord } from "./parts/account-words";
import { CopyUpns } from "./parts/copy-upns";
import { DataNotice, unread } from "./parts/data-notice";
import { useTenantCrumbs } from "./parts/tenant-crumbs";

const columns: readonly Column<UserRow>[] = [
  {
    key: "displayName",
    title: "User",
    width: "minmax(200px, 2fr)",
    sortable: true,
    always: true,
    render: (row) => <PersonName person={row} />,
  },
  { key: "class", title: "Account", width: "148px", sortable: true, render: (row) => <ClassWord of={row.class} /> },
  { key: "mfa", title: "MFA", width: "116px", sortable: true, render: (row) => <MfaBadge bucket={row.mfa} /> },
  {
    key: "roles",
    title: "Privileged roles",
    width: "minmax(150px, 1.5fr)",
    sortable: true,
    render: (row) =>
      row.roles === null ? (
        <span title="Roles were never read">Unknown</span>
      ) : row.roles.length === 0 ? (
        "–"
      ) : (
        <EndCut text={row.roles.join(", ")} />
      ),
  },
  {
    key: "department",
    title: "Department",
    width: "minmax(110px, 1fr)",
    sortable: true,
    render: (row) => (row.department ? <MiddleCut text={row.department} /> : "–"),
  },
  {
    key: "enabled",
    title: "Sign-in allowed",
    width: "128px",
    sortable: true,
    hidden: true,
    render: (row) => (row.enabled === null ? "Unknown" : row.enabled ? "Yes" : "No"),
  },
  {
    key: "lastSignIn",
    title: "Last sign-in",
    width: "112px",
    sortable: true,
    render: (row) => <RelativeTime at={row.lastSignIn} none="not seen" />,
  },
];

const isBucket = (text: string): text is MfaBucket => buckets.includes(text as MfaBucket);
const isClass = (text: string): text is AccountClass => classes.includes(text as AccountClass);

export default function UsersPage() {
  const go = useGo();
  const tenant = useParam("tenant");
  const { name, base, crumbs } = useTenantCrumbs(tenant);
  const [search, setSearch] = useFilters();
  const overview = useTenant(tenant).data;
  const wantedBuckets = (search.mfa ?? "").split(",").filter(isBucket);
  const wantedClasses = (search.class ?? "").split(",").filter(isClass);
  const admins = search.admins === "1";
  const sort = { key: search.sort ?? "displayName", descending: search.down === "1" };
  const filter: UserFilter = {
    tenant,
    text: search.text ?? null,
    buckets: wantedBuckets,
    classes: wantedClasses,
    adminsOnly: admins,
  };
  const source = usePagedRows(tenant, "users", filter, { sort: sort.key, descending: sort.descending }, (window) =>
    ask(commands.usersList({ ...filter, window })),
  );
  const exportRows = useListExport({ title: "Export users", of: [name, "Users"], unit: ["user", "users"] }, (path) =>
    ask(commands.usersExport({ ...filter, window: { sort: sort.key, descending: sort.descending } }, path)),
  );
  const chips = [
    ...wantedBuckets.map((bucket) => ({
      label: `MFA: ${bucketWord[bucket]}`,
      remove: () => setSearch({ mfa: wantedBuckets.filter((each) => each !== bucket).join(",") }),
    })),
    ...wantedClasses.map((klass) => ({
      label: classWord[klass],
      remove: () => setSearch({ class: wantedClasses.filter((each) => each !== klass).join(",") }),
    })),
    ...(admins ? [{ label: "Admins", remove: () => setSearch({ admins: undefined }) }] : []),
  ];
  const [missing] = unread(overview, ["users"]);
  const users = overview?.tenant.users;

  return (
    <>
      <PageHead
        title="Users"
        crumbs={crumbs}
        facts={
          overview &&
          (users == null ? (
            "Users were not read yet"
          ) : (
            <>
              {counted(users, "user")}, last resync{" "}
              <RelativeTime at={overview.tenant.lastResync} timeZone={overview.tenant.timeZone} />
            </>
          ))
        }
      />
      <DataNotice tenant={tenant} kinds={["users", "mfaRegistration", "roles", "signIns"]} />
      <DataList
        name="Users"
        unit={["user", "users"]}
        columns={columns}
        source={source}
        rowId={(row) => row.id}
        rowName={(row) =>
          `${cleanName(row.displayName || row.upn)}, ${classWord[row.class]}, MFA ${bucketWord[row.mfa].toLowerCase()}${
            row.roles?.length ? `, ${row.roles.join(", ")}` : ""
          }`
        }
        open={(row) => go(`${base}/users/${part(row.id)}`)}
        sort={sort}
        onSort={(next) => setSearch({ sort: next.key, down: next.descending ? "1" : undefined })}
        filter={{
          text: search.text ?? "",
          onText: (text) => setSearch({ text }),
          placeholder: "Filter by name or UPN",
        }}
        chips={chips}
        clearFilters={() => setSearch({ text: undefined, mfa: undefined, class: undefined, admins: undefined })}
        tools={
          <>
            <FilterSeveral
              label="MFA"
              any="Any MFA"
              choices={buckets}
              words={(bucket) => bucketWord[bucket]}
              draw={(bucket) => <MfaBadge bucket={bucket} />}
              chosen={wantedBuckets}
              choose={(chosen) => setSearch({ mfa: chosen.join(",") })}
            />
            <FilterSeveral
              label="Account"
              any="Any account"
              choices={classes}
              words={(klass) => classWord[klass]}
              draw={(klass) => <ClassWord of={klass} />}
              chosen={wantedClasses}
              choose={(chosen) => setSearch({ class: chosen.join(",") })}
            />
            <Checkbox
              label="Admins only"
              checked={admins}
              onChange={(_, data) => setSearch({ admins: data.checked ? "1" : undefined })}
            />
          </>
        }
        exportRows={exportRows}
        actions={(rows, clear) => <CopyUpns rows={rows} clear={clear} />}
        empty={
          missing ? (
            <EmptyState
              icon={<PeopleRegular />}
              title="Users are unknown"
              text="They could not be read. The reason and the next step stand above."
            />
          ) : (
            <EmptyState
              icon={<PeopleRegular />}
              title="No user was read yet"
              text="They appear here once the first sync of this tenant is through."
            />
          )
        }
      />
    </>
  );
}
