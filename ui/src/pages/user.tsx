// One person's page: why they cannot get in, how they prove who they are, and what they may do.
import { Button } from "@fluentui/react-components";
import { part, useGo, useParam } from "../address";
import type { UserDetail } from "../bindings";
import { useColumns } from "../components/columns";
import { Loaded } from "../components/loaded";
import { cleanName } from "../components/names";
import { PageHead } from "../components/page-head";
import { RelativeTime } from "../components/relative-time";
import { useTenant, useUser } from "../data/queries";
import { classWord } from "./parts/account-words";
import { DataNotice, unread } from "./parts/data-notice";
import { MarkAccount } from "./parts/mark-account";
import { useTenantCrumbs } from "./parts/tenant-crumbs";
import { TriageCard } from "./parts/triage-card";
import { AccountCard, GroupsCard, MfaCard, RolesCard } from "./parts/user-cards";
import { UserSignIns } from "./parts/user-sign-ins";

export default function UserPage() {
  const tenant = useParam("tenant");
  const id = useParam("user");
  const { base } = useTenantCrumbs(tenant);
  const user = useUser(tenant, id);
  return (
    <Loaded asked={user} back={["All users", `${base}/users`]}>
      {(data) => <UserView tenant={tenant} user={data} />}
    </Loaded>
  );
}

function UserView({ tenant, user }: { tenant: string; user: UserDetail }) {
  const columns = useColumns();
  const go = useGo();
  const { base, crumbs } = useTenantCrumbs(tenant);
  const overview = useTenant(tenant).data;
  const { row } = user;
  return (
    <>
      <PageHead
        title={row.displayName || row.upn}
        crumbs={[...crumbs, { title: "Users", to: `${base}/users` }]}
        facts={
          <>
            <bdi dir="auto">{cleanName(row.upn)}</bdi>, {classWord[row.class].toLowerCase()}
            {row.enabled === false && ", blocked in Entra"}, last successful sign-in{" "}
            <RelativeTime at={user.lastSuccess} none="not seen" />
          </>
        }
        actions={
          <>
            <Button onClick={() => go(`${base}/sign-ins?user=${part(row.id)}&result=failure&days=7`)}>
              Failures, 7 days
            </Button>
            <Button onClick={() => go(`${base}/what-if?user=${part(row.id)}`)}>What-if</Button>
            <MarkAccount tenant={tenant} user={user} />
          </>
        }
      />
      <DataNotice
        tenant={tenant}
        kinds={["users", "signIns", "mfaRegistration", "authenticationMethods", "roles", "groups"]}
      />
      <div className={columns.grid}>
        <div className={columns.column}>
          <TriageCard tenant={tenant} user={row.id} />
          <UserSignIns tenant={tenant} user={user} />
        </div>
        <div className={columns.column}>
          <MfaCard user={user} />
          <AccountCard user={user} />
          <RolesCard user={user} unknown={unread(overview, ["roles"]).some((line) => line.readAt === null)} />
          <GroupsCard user={user} />
        </div>
      </div>
    </>
  );
}
