// A tenant's emergency access: which accounts they are and how well they are kept, what every policy does to them, what happened lately and
// whether they were tested.
import { Button, Card, makeStyles, Subtitle2, Text, tokens } from "@fluentui/react-components";
import { useState } from "react";
import { useParam } from "../address";
import type { BreakGlassView } from "../bindings";
import { useColumns } from "../components/columns";
import { EmptyState } from "../components/empty-state";
import { ClockRegular, KeyRegular, SettingsRegular } from "../components/icons";
import { Loaded } from "../components/loaded";
import { cleanName } from "../components/names";
import { PageHead } from "../components/page-head";
import { useNow } from "../components/relative-time";
import { TenantSettingsDialog } from "../components/tenant-settings-dialog";
import { counted, daysAgo, fullTime } from "../components/words";
import { useBreakGlass } from "../data/break-glass";
import { useTenant } from "../data/queries";
import { Accounts, Candidates } from "./parts/break-glass/accounts";
import { Checks, groupCheck } from "./parts/break-glass/checks";
import { PlanDialog } from "./parts/break-glass/drill-dialogs";
import { Drills } from "./parts/break-glass/drills";
import { Events } from "./parts/break-glass/events";
import { Matrix } from "./parts/break-glass/matrix";
import { DataNotice } from "./parts/data-notice";
import { useTenantCrumbs } from "./parts/tenant-crumbs";

const useStyles = makeStyles({
  page: {
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalL,
    // Cards never shrink under their words: the page scrolls instead.
    "& > *": { flexShrink: 0 },
  },
  card: { padding: tokens.spacingHorizontalL, gap: tokens.spacingVerticalS },
  head: { display: "flex", flexWrap: "wrap", justifyContent: "space-between", gap: tokens.spacingHorizontalM },
});

/** The kinds of data that the page stands on. */
const KINDS = ["users", "groups", "roles", "policies", "signIns", "authenticationMethods"];

export default function BreakGlassPage() {
  const tenant = useParam("tenant");
  const { name, base } = useTenantCrumbs(tenant);
  return (
    <Loaded asked={useBreakGlass(tenant)} back={[name, base]}>
      {(view) => <Page view={view} />}
    </Loaded>
  );
}

function Page({ view }: { view: BreakGlassView }) {
  const styles = useStyles();
  const columns = useColumns();
  const now = useNow();
  const { crumbs } = useTenantCrumbs(view.tenant);
  const overview = useTenant(view.tenant).data;
  const [dialog, setDialog] = useState<"plan" | "settings" | null>(null);
  const known = view.accounts.length > 0;
  const name = (
    <Button icon={<SettingsRegular />} disabled={!overview} onClick={() => setDialog("settings")}>
      {view.group ? "Tenant settings" : "Name the group"}
    </Button>
  );
  return (
    <>
      <PageHead
        title="Break-glass"
        crumbs={crumbs}
        facts={<FactsOf view={view} now={now} />}
        actions={
          known && (
            <Button appearance="primary" icon={<ClockRegular />} onClick={() => setDialog("plan")}>
              Plan a drill
            </Button>
          )
        }
      />
      <DataNotice tenant={view.tenant} kinds={KINDS} />
      <div className={styles.page}>
        {!known && <Candidates tenant={view.tenant} candidates={view.candidates} />}
        {!known && <Nobody view={view} action={name} />}
        <Card className={styles.card} role="region" aria-label="The tenant as a whole">
          <div className={styles.head}>
            <Subtitle2 as="h2">The tenant as a whole</Subtitle2>
            {known && !view.group && name}
          </div>
          <Checks checks={[...view.checks, ...groupCheck(view.group)]} label="Health of the tenant" />
        </Card>
        {known && <Accounts view={view} />}
        {known && <Candidates tenant={view.tenant} candidates={view.candidates} />}
        <Matrix view={view} />
        {(known || view.events.length > 0 || view.drills.length > 0) && (
          <div className={columns.grid}>
            <div className={columns.column}>
              <Events view={view} />
            </div>
            <div className={columns.column}>
              <Drills view={view} />
            </div>
          </div>
        )}
      </div>
      {dialog === "plan" && <PlanDialog view={view} now={now} close={() => setDialog(null)} />}
      {dialog === "settings" && overview && <TenantSettingsDialog overview={overview} close={() => setDialog(null)} />}
    </>
  );
}

/** "2 accounts, group CA-BreakGlass, last drill 40 days ago" */
function FactsOf({ view, now }: { view: BreakGlassView; now: Date }) {
  const [last] = view.accounts
    .flatMap(({ lastDrill }) => lastDrill ?? [])
    .sort()
    .reverse();
  return (
    <>
      {view.accounts.length === 0 ? "No account is known" : counted(view.accounts.length, "account")},{" "}
      {view.group ? (
        <>
          group <bdi dir="auto">{cleanName(view.group.displayName)}</bdi>
        </>
      ) : (
        "no group is named"
      )}
      ,{" "}
      {last ? (
        <>
          last drill{" "}
          <time dateTime={last} title={fullTime(new Date(last), view.timeZone)}>
            {daysAgo(new Date(last), now)}
          </time>
        </>
      ) : (
        "no drill that worked"
      )}
    </>
  );
}

function Nobody({ view, action }: { view: BreakGlassView; action: React.ReactNode }) {
  const unread = view.group !== null && view.group.members === null;
  return (
    <Card>
      <EmptyState
        icon={<KeyRegular />}
        title={unread ? "Who is in the group is not known" : "No break-glass account is known"}
        text={
          <>
            {unread ? (
              "The members of its group were never read. "
            ) : view.group ? (
              "The group that is named has no member. "
            ) : (
              <>
                An account for emergencies gets in when every policy or the identity provider fails.{" "}
                {view.candidates.length > 0 ? "Confirm one of the accounts above, or name" : "Name"} the group that your
                policies exclude.{" "}
              </>
            )}
            <Text>Until then no sign-in with such an account raises an alert.</Text>
          </>
        }
        actions={action}
      />
    </Card>
  );
}
