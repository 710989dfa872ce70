// One change from draft to verified: what it changes, what that would have done to real sign-ins, what speaks against it, and the next act.
import {
  Field,
  Link,
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
  makeStyles,
  ProgressBar,
  Text,
  tokens,
} from "@fluentui/react-components";
import { useState } from "react";
import { part, useFilters, useGo, useParam } from "../address";
import type { ChangeDetail, DryRun, ImpactKind } from "../bindings";
import { useColumns } from "../components/columns";
import { Loaded } from "../components/loaded";
import { cleanName } from "../components/names";
import { PageHead } from "../components/page-head";
import { ProblemBar } from "../components/problem-view";
import { RelativeTime, useNow } from "../components/relative-time";
import { counted, dayAndTime, sentence } from "../components/words";
import { useChange } from "../data/changes";
import { useTenants } from "../data/queries";
import { AppLink } from "./parts/app-link";
import { ActBar, useActs } from "./parts/change/acts";
import { ChangeStateWord, impactLook, kindWord } from "./parts/change/change-words";
import { DifferenceCard } from "./parts/change/difference";
import { EvidenceCard, HistoryCard } from "./parts/change/evidence";
import { Guards } from "./parts/change/guards";
import { AffectedCard, ImpactCard } from "./parts/change/impact";
import { ImpactPanel } from "./parts/change/impact-panel";
import { outdated, stops } from "./parts/change/next-act";
import { Stages } from "./parts/change/stages";
import { clockIn, knownZone } from "./parts/change/zoned";
import { Fact, Facts } from "./parts/facts";
import { PageCard } from "./parts/user-cards";

const useStyles = makeStyles({
  stack: { display: "grid", gap: tokens.spacingVerticalL, marginBottom: tokens.spacingVerticalL, minWidth: 0 },
  facts: { display: "inline-flex", flexWrap: "wrap", columnGap: tokens.spacingHorizontalL, alignItems: "center" },
  valid: { overflowWrap: "anywhere" },
});

export default function ChangePage() {
  const id = Number(useParam("id"));
  const change = useChange(id);
  return (
    <Loaded asked={change} back={["All changes", "/changes"]}>
      {(data) => <ChangeView key={id} change={data} />}
    </Loaded>
  );
}

const isImpact = (text: string | undefined): text is ImpactKind =>
  !!text && impactLook(text as ImpactKind)[2] !== "Unknown";

function ChangeView({ change }: { change: ChangeDetail }) {
  const styles = useStyles();
  const columns = useColumns();
  const now = useNow();
  const [search, setSearch] = useFilters();
  const { row, dryRun } = change;
  const base = `/tenants/${part(row.tenant.id)}`;
  // What was confirmed is confirmed for what stands there, not for what a later dry run finds.
  const seen = `${change.revision} ${dryRun?.at ?? ""}`;
  const [held, setHeld] = useState<{ seen: string; keys: ReadonlySet<string> }>({ seen, keys: new Set() });
  const confirmed = held.seen === seen ? held.keys : new Set<string>();
  const confirm = (key: string, on: boolean) => {
    const keys = new Set(confirmed);
    if (on) keys.add(key);
    else keys.delete(key);
    setHeld({ seen, keys });
  };
  const acts = useActs(change, confirmed, now);
  // Where a guard stops there is nothing to confirm.
  const applies = !stops(dryRun) && change.acts.some(({ act }) => act === "apply" || act === "schedule");
  return (
    <>
      <PageHead
        title={row.title}
        crumbs={[
          { title: "Tenants", to: "/tenants" },
          { title: cleanName(row.tenant.displayName), to: base },
          { title: "Changes", to: `${base}/changes` },
        ]}
        facts={
          <span className={styles.facts}>
            <ChangeStateWord state={row.state} />
            <span>
              Asked by <bdi dir="auto">{cleanName(row.requestedBy)}</bdi> <RelativeTime at={row.requestedAt} />
              {row.ticket && <>, ticket {cleanName(row.ticket)}</>}
              {row.waitsFor && <>. Waits for {sentence(cleanName(row.waitsFor))}</>}
            </span>
          </span>
        }
        actions={acts.buttons}
      />
      <div className={styles.stack}>
        <Stages stages={change.stages} />
        {acts.movedOn && (
          <MessageBar intent="warning" layout="multiline" role="alert" data-code="change.moved_on">
            <MessageBarBody>
              <MessageBarTitle>This change moved on.</MessageBarTitle> Somebody, or another window, was faster: nothing
              was done. Below it stands as it is now; look at it again, then decide.
            </MessageBarBody>
          </MessageBar>
        )}
        <AtWork change={change} />
        <ActBar reasons={acts.reasons} />
        <Scheduled change={change} now={now} />
        {change.problem && <ProblemBar problem={change.problem} />}
        {dryRun && <Validity dryRun={dryRun} change={change} now={now} />}
      </div>
      {dryRun ? (
        <>
          <div className={columns.grid}>
            <div className={columns.column}>
              <Guards guards={dryRun.guards} confirmed={confirmed} confirm={applies ? confirm : undefined} />
              <ImpactCard dryRun={dryRun} open={(kind) => setSearch({ impact: kind }, { replace: false })} />
            </div>
            <div className={columns.column}>
              <AboutCard change={change} />
              <AffectedCard tenant={row.tenant.id} dryRun={dryRun} />
            </div>
          </div>
          <div className={styles.stack}>
            <DifferenceCard change={change} />
            <EvidenceCard writes={change.writes} />
            <HistoryCard change={change} />
          </div>
        </>
      ) : (
        <div className={columns.grid}>
          <div className={columns.column}>
            <DifferenceCard change={change} />
            <EvidenceCard writes={change.writes} />
          </div>
          <div className={columns.column}>
            <AboutCard change={change} />
            <HistoryCard change={change} />
          </div>
        </div>
      )}
      {isImpact(search.impact) && (
        <ImpactPanel
          change={change}
          kind={search.impact}
          close={() => setSearch({ impact: undefined }, { replace: false })}
        />
      )}
      {acts.dialog}
    </>
  );
}

const WORK: Partial<Record<ChangeDetail["row"]["state"], string>> = {
  applying: "It is being sent to Microsoft.",
  applied: "Microsoft took it. It is read back until it shows, which can take minutes; this page may be left.",
  rollingBack: "It is being rolled back and read until that shows.",
};

function AtWork({ change }: { change: ChangeDetail }) {
  const words = WORK[change.row.state];
  if (!words) return null;
  return (
    <Field validationMessage={words} validationState="none" role="status">
      <ProgressBar aria-label={words} />
    </Field>
  );
}

function Scheduled({ change, now }: { change: ChangeDetail; now: Date }) {
  const zone = knownZone(useTenants().data?.find((each) => each.id === change.row.tenant.id)?.timeZone ?? "UTC");
  const { applyAt } = change.row;
  if (!applyAt || !change.acts.some(({ act }) => act === "unschedule")) return null;
  const at = new Date(applyAt);
  return (
    <MessageBar intent="info" layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>It is applied at {clockIn(at, zone).replace("T", " ")}</MessageBarTitle> on the customer's
        clock ({zone.replaceAll("_", " ")}), here {dayAndTime(at, now)}, and only if Gatehouse runs then.
      </MessageBarBody>
    </MessageBar>
  );
}

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const OVER = new Set(["applying", "applied", "verified", "rollingBack", "rolledBack", "cancelled"]);

/** How long the dry run still counts, or why it does not. */
function Validity({ dryRun, change, now }: { dryRun: DryRun; change: ChangeDetail; now: Date }) {
  const styles = useStyles();
  if (OVER.has(change.row.state)) return null;
  const why = outdated(dryRun, now);
  const until = new Date(dryRun.validUntil);
  const minutes = Math.max(1, Math.floor((until.getTime() - now.getTime()) / 60_000));
  if (why)
    return (
      <MessageBar intent="warning" layout="multiline">
        <MessageBarBody>
          <MessageBarTitle>The dry run is outdated.</MessageBarTitle> {sentence(cleanName(why))} Its numbers below are
          of <RelativeTime at={dryRun.at} />.
        </MessageBarBody>
      </MessageBar>
    );
  return (
    <Text className={styles.valid} data-testid="validity">
      The dry run is valid until {clock.format(until)}, {counted(minutes, "min", "min")} left.
    </Text>
  );
}

function AboutCard({ change }: { change: ChangeDetail }) {
  const go = useGo();
  const { row, origin } = change;
  return (
    <PageCard title="About">
      <Facts>
        <Fact label="Reason">
          <bdi dir="auto">{cleanName(row.reason)}</bdi>
        </Fact>
        {row.ticket && (
          <Fact label="Ticket">
            <bdi dir="auto">{cleanName(row.ticket)}</bdi>
          </Fact>
        )}
        <Fact label="Kind">{kindWord(row.kind)}</Fact>
        <Fact label="About">
          {change.targetRoute ? (
            <AppLink to={change.targetRoute}>
              <bdi dir="auto">{cleanName(change.targetName)}</bdi>
            </AppLink>
          ) : (
            <bdi dir="auto">{cleanName(change.targetName)}</bdi>
          )}
        </Fact>
        {origin && (
          <Fact label="Began at">
            <AppLink to={origin.route}>
              <bdi dir="auto">{cleanName(origin.label)}</bdi>
            </AppLink>
          </Fact>
        )}
        {change.approvedBy && (
          <Fact label="Approved by">
            <bdi dir="auto">{cleanName(change.approvedBy)}</bdi>
          </Fact>
        )}
        {change.appliedBy && (
          <Fact label="Applied by">
            <bdi dir="auto">{cleanName(change.appliedBy)}</bdi>
            {change.appliedAt && (
              <>
                {" "}
                <RelativeTime at={change.appliedAt} />
              </>
            )}
          </Fact>
        )}
        {change.verifiedAt && (
          <Fact label="Read back">
            <RelativeTime at={change.verifiedAt} />
          </Fact>
        )}
        {change.follows !== null && (
          <Fact label="Enforces">
            <Link as="button" inline onClick={() => go(`/changes/${change.follows}`)}>
              Change {change.follows}
            </Link>
          </Fact>
        )}
        {change.followedBy !== null && (
          <Fact label="Enforced by">
            <Link as="button" inline onClick={() => go(`/changes/${change.followedBy}`)}>
              Change {change.followedBy}
            </Link>
          </Fact>
        )}
      </Facts>
    </PageCard>
  );
}
