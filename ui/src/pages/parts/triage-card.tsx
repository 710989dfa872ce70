// Why a user cannot get in: the answer, what technicians said of it before, and each policy or cause by its failures.
import { Button, MessageBar, MessageBarBody, makeStyles, mergeClasses, Text, tokens } from "@fluentui/react-components";
import { useId, useState } from "react";
import { part } from "../../address";
import type { FailureGroup, GenuineBlock, Triage } from "../../bindings";
import { CheckmarkCircleRegular, ChevronDownRegular, ChevronRightRegular } from "../../components/icons";
import { cleanName } from "../../components/names";
import { PageSkeleton } from "../../components/page-skeleton";
import { ProblemBar } from "../../components/problem-view";
import { RelativeTime } from "../../components/relative-time";
import { counted, sentence } from "../../components/words";
import { problemOf } from "../../data/ipc";
import { useUserTriage } from "../../data/triage";
import { AppLink } from "./app-link";
import { Remarks } from "./remarks";
import { TriageGroup } from "./triage-group";
import { PageCard, useCardStyles } from "./user-cards";

const useStyles = makeStyles({
  answer: { fontSize: tokens.fontSizeBase400, lineHeight: tokens.lineHeightBase400, overflowWrap: "anywhere" },
  good: { display: "inline-flex", alignItems: "center", gap: tokens.spacingHorizontalS },
  goodIcon: { fontSize: "20px", color: tokens.colorStatusSuccessForeground1 },
  track: { height: "6px", borderRadius: tokens.borderRadiusSmall, backgroundColor: tokens.colorNeutralBackground6 },
  fill: { height: "100%", borderRadius: tokens.borderRadiusSmall },
  policy: { backgroundColor: tokens.colorStatusDangerBackground3 },
  other: { backgroundColor: tokens.colorNeutralForeground3 },
  body: { paddingTop: tokens.spacingVerticalS },
  toggle: { justifySelf: "start", marginInlineStart: "-8px" },
});

/** On the user's page. */
export function TriageCard({ tenant, user }: { tenant: string; user: string }) {
  const styles = useStyles();
  const asked = useUserTriage(tenant, user);
  const found = asked.data;
  return (
    <PageCard title="Why they cannot get in, 7 days">
      {asked.error ? (
        <ProblemBar problem={problemOf(asked.error)} />
      ) : !found ? (
        <PageSkeleton rows={3} />
      ) : found.unreadable ? (
        <Text>{sentence(found.unreadable.reason)}</Text>
      ) : found.failures === 0 ? (
        <>
          <Marks of={found.marks} />
          <Text className={styles.good}>
            <CheckmarkCircleRegular className={styles.goodIcon} aria-hidden />
            No sign-in of this user failed in 7 days, as far as sign-ins were read.
          </Text>
        </>
      ) : (
        <Found tenant={tenant} found={found} />
      )}
    </PageCard>
  );
}

function Found({ tenant, found }: { tenant: string; found: Triage }) {
  const styles = useStyles();
  const card = useCardStyles();
  const [open, setOpen] = useState<ReadonlySet<string>>(
    () => new Set(found.groups.slice(0, 1).map((group) => group.key)),
  );
  const most = Math.max(1, ...found.groups.map((group) => group.failures));
  const toggle = (key: string) =>
    setOpen((before) => new Set(before.has(key) ? [...before].filter((each) => each !== key) : [...before, key]));
  return (
    <>
      <Text weight="semibold" className={styles.answer}>
        {sentence(cleanName(found.answer))}
      </Text>
      <LastSuccess of={found} />
      <Marks of={found.marks} />
      <Remarks of={found.remarks} />
      <ol className={card.list} aria-label="Policies and causes by failures">
        {found.groups.map((group) => (
          <Line
            key={group.key}
            {...{ tenant, found, group, most }}
            open={open.has(group.key)}
            toggle={() => toggle(group.key)}
          />
        ))}
      </ol>
    </>
  );
}

function Line({
  tenant,
  found,
  group,
  most,
  open,
  toggle,
}: {
  tenant: string;
  found: Triage;
  group: FailureGroup;
  most: number;
  open: boolean;
  toggle: () => void;
}) {
  const styles = useStyles();
  const card = useCardStyles();
  const body = useId();
  const base = `/tenants/${part(tenant)}`;
  // A question that was not answered is no failure in the list, so there the result is left open.
  const result = group.cause === "mfa" || group.cause === "mfaRegistration" ? "" : "&result=failure";
  const policy = group.policy ? `&policy=${part(group.policy.id)}` : "";
  const list = `${base}/sign-ins?user=${part(found.user.id)}${policy}${result}&days=7`;
  const title = cleanName(group.title) || "A policy without a name";
  return (
    <li className={card.item}>
      <div className={card.between}>
        {group.policy && !group.gone ? (
          <AppLink to={`${base}/policies/${part(group.policy.id)}`}>
            <bdi dir="auto">{title}</bdi>
          </AppLink>
        ) : (
          <Text weight="semibold">
            <bdi dir="auto">{title}</bdi>
          </Text>
        )}
        <span>
          <AppLink to={list}>{counted(group.failures, "failure")}</AppLink>
          <span className={card.quiet}>
            , last <RelativeTime at={group.last} />
          </span>
        </span>
      </div>
      <div className={styles.track} aria-hidden>
        <div
          className={mergeClasses(styles.fill, group.policy ? styles.policy : styles.other)}
          style={{ width: `${Math.max(2, (group.failures / most) * 100)}%` }}
        />
      </div>
      <Button
        className={styles.toggle}
        size="small"
        appearance="transparent"
        icon={open ? <ChevronDownRegular /> : <ChevronRightRegular />}
        aria-expanded={open}
        aria-controls={body}
        onClick={toggle}
      >
        {open ? "Why, and what to do" : `Why, and what to do: ${title}`}
      </Button>
      <div id={body} className={styles.body} hidden={!open}>
        {open && <TriageGroup tenant={tenant} found={found} group={group} />}
      </div>
    </li>
  );
}

export function LastSuccess({ of: { lastSuccess } }: { of: Triage }) {
  const card = useCardStyles();
  if (!lastSuccess) return <Text className={card.quiet}>No successful sign-in of this user is kept.</Text>;
  const where = [cleanName(lastSuccess.app), lastSuccess.place, cleanName(lastSuccess.device)]
    .filter(Boolean)
    .join(", ");
  return (
    <Text className={card.quiet}>
      Last successful sign-in <RelativeTime at={lastSuccess.at} />: {where || "nothing more was recorded"}
    </Text>
  );
}

/** What somebody decided before, so that nobody starts anew. */
export function Marks({ of }: { of: readonly GenuineBlock[] }) {
  return of.map((mark) => (
    <MessageBar key={`${mark.at} ${mark.signIn}`} intent="info" layout="multiline" data-testid="genuine">
      <MessageBarBody>
        Marked as a genuine block by <bdi dir="auto">{cleanName(mark.by) || "somebody"}</bdi>,{" "}
        <RelativeTime at={mark.at} />: <bdi dir="auto">{cleanName(mark.title)}</bdi>
        {mark.note && (
          <>
            , “<bdi dir="auto">{cleanName(mark.note)}</bdi>”
          </>
        )}
        . {mark.failuresSince > 0 ? `${counted(mark.failuresSince, "failure")} of the same kind since.` : "None since."}
      </MessageBarBody>
    </MessageBar>
  ));
}
