// One person's page: why they cannot get in, how they prove who they are, and what they may do.
import { Button, makeStyles, tokens } from "@fluentui/react-components";
import { part, useGo, useParam } from "../address";
import type { UserDetail } from "../bindings";
import { cleanName } from "../components/names";
import { PageHead } from "../components/page-head";
import { PageSkeleton } from "../components/page-skeleton";
import { ProblemView } from "../components/problem-view";
import { RelativeTime } from "../components/relative-time";
import { problemOf } from "../data/ipc";
import { useTenant, useUser } from "../data/queries";
import { classWord } from "./parts/account-words";
import { DataNotice, unread } from "./parts/data-notice";
import { MarkAccount } from "./parts/mark-account";
import { useTenantCrumbs } from "./parts/tenant-crumbs";
import { AccountCard, FailuresCard, GroupsCard, MfaCard, RolesCard } from "./parts/user-cards";
import { UserSignIns } from "./parts/user-sign-ins";

const useStyles = makeStyles({
  grid: {
    display: "grid",
    gridTemplateColumns: "minmax(0, 1.6fr) minmax(300px, 1fr)",
    gap: tokens.spacingHorizontalL,
    alignItems: "start",
    paddingBottom: tokens.spacingVerticalXL,
    "@media (max-width: 1000px)": { gridTemplateColumns: "minmax(0, 1fr)" },
  },
  column: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalL, minWidth: 0 },
});

export default function UserPage() {
  const go = useGo();
  const tenant = useParam("tenant");
  const id = useParam("user");
  const { base } = useTenantCrumbs(tenant);
  const user = useUser(tenant, id);
  if (!user.data) {
    if (!user.error) return <PageSkeleton />;
    return (
      <ProblemView
        problem={problemOf(user.error)}
        retry={() => void user.refetch()}
        actions={
          <Button appearance="primary" onClick={() => go(`${base}/users`)}>
            All users
          </Button>
        }
      />
    );
  }
  return <UserView tenant={tenant} user={user.data} />;
}

function UserView({ tenant, user }: { tenant: string; user: UserDetail }) {
  const styles = useStyles();
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
            <MarkAccount tenant={tenant} user={user} />
          </>
        }
      />
      <DataNotice
        tenant={tenant}
        kinds={["users", "signIns", "mfaRegistration", "authenticationMethods", "roles", "groups"]}
      />
      <div className={styles.grid}>
        <div className={styles.column}>
          <FailuresCard tenant={tenant} user={user} />
          <UserSignIns tenant={tenant} user={user} />
        </div>
        <div className={styles.column}>
          <MfaCard user={user} />
          <AccountCard user={user} />
          <RolesCard user={user} unknown={unread(overview, ["roles"]).some((line) => line.readAt === null)} />
          <GroupsCard user={user} />
        </div>
      </div>
    </>
  );
}
