// The failures of one policy, or of one cause: what made it refuse, what to say, what differs from the sign-ins that work, the ways out.
import { makeStyles, Subtitle2, Text, tokens } from "@fluentui/react-components";
import type { Comparison, FailureGroup, Triage } from "../../bindings";
import { InfoRegular } from "../../components/icons";
import { cleanName } from "../../components/names";
import { RelativeTime } from "../../components/relative-time";
import { TableHead } from "../../components/table-head";
import { count, counted, sentence } from "../../components/words";
import { WaysOut } from "./triage-ways";
import { useCardStyles } from "./user-cards";

const useStyles = makeStyles({
  root: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM, overflowWrap: "anywhere" },
  section: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXS },
  list: { margin: 0, listStyleType: "disc", paddingInlineStart: tokens.spacingHorizontalXL },
  said: {
    margin: 0,
    padding: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalM}`,
    borderInlineStartWidth: "3px",
    borderInlineStartStyle: "solid",
    borderInlineStartColor: tokens.colorBrandStroke1,
    backgroundColor: tokens.colorNeutralBackground2,
  },
  table: { width: "100%", borderCollapse: "collapse" },
  cell: {
    padding: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalM} ${tokens.spacingVerticalXS} 0`,
    borderTop: `1px solid ${tokens.colorNeutralStroke3}`,
    verticalAlign: "top",
    textAlign: "start",
    fontWeight: tokens.fontWeightRegular,
  },
  news: { display: "flex", gap: tokens.spacingHorizontalXS, alignItems: "baseline" },
  newsIcon: { flexShrink: 0, transform: "translateY(2px)", color: tokens.colorPaletteBlueForeground2 },
});

/** `spoken`: what to say stands above already, as in a sign-in's panel. */
export function TriageGroup({
  tenant,
  found,
  group,
  spoken = false,
}: {
  tenant: string;
  found: Triage;
  group: FailureGroup;
  spoken?: boolean;
}) {
  const styles = useStyles();
  return (
    <div className={styles.root}>
      <Because group={group} />
      {!spoken && <Say group={group} />}
      <Beside comparison={group.comparison} />
      <News group={group} />
      <WaysOut tenant={tenant} found={found} group={group} />
    </div>
  );
}

function Because({ group }: { group: FailureGroup }) {
  const styles = useStyles();
  const card = useCardStyles();
  if (!group.demand && group.conditions.length === 0) return null;
  return (
    <section className={styles.section} aria-label="What the policy did">
      {group.demand && <Text weight="semibold">{sentence(group.demand)}</Text>}
      {group.conditions.length > 0 && (
        <ul className={styles.list} aria-label="Conditions that fitted">
          {group.conditions.map((condition) => (
            <li key={condition.words}>
              <bdi dir="auto">{cleanName(condition.words)}</bdi>
              {group.failures > 1 && <span className={card.quiet}> ({counted(condition.signIns, "sign-in")})</span>}
            </li>
          ))}
        </ul>
      )}
      {group.conditions.length === 0 && group.policy && !group.today && (
        <Text className={card.quiet}>
          It is meant for everybody and every application, so no single condition did it.
        </Text>
      )}
      {group.conditionsBy === "engine" && (
        <Text size={200} className={card.quiet}>
          Judged with the policy as it is today: Entra recorded the result, not the conditions.
        </Text>
      )}
      {group.by === "engine" && (
        <Text size={200} className={card.quiet}>
          Entra recorded no policy for these sign-ins; this one would refuse them today.
        </Text>
      )}
    </section>
  );
}

function Say({ group }: { group: FailureGroup }) {
  const styles = useStyles();
  const card = useCardStyles();
  return (
    <section className={styles.section} aria-label="What to say and do">
      {group.reasons.map((reason) => (
        <div key={reason.code} className={styles.section}>
          <Text weight="semibold">
            {sentence(cleanName(reason.reason))}
            {group.reasons.length > 1 && <span className={card.quiet}> {counted(reason.failures, "sign-in")}</span>}
          </Text>
          <Spoken tellUser={reason.tellUser} nextStep={reason.nextStep} />
        </div>
      ))}
    </section>
  );
}

/** What the user hears, and what the technician does. */
export function Spoken({ tellUser, nextStep }: { tellUser: string; nextStep: string }) {
  const styles = useStyles();
  return (
    <>
      <blockquote className={styles.said}>
        <Text block size={200}>
          Say to the user
        </Text>
        <Text>“{tellUser}”</Text>
      </blockquote>
      <Text>
        <b>You:</b> {sentence(nextStep)}
      </Text>
    </>
  );
}

function Beside({ comparison }: { comparison: Comparison }) {
  const styles = useStyles();
  const card = useCardStyles();
  return (
    <section className={styles.section} aria-label="Beside the sign-ins that work">
      <Text>
        {sentence(comparison.sentence)} {comparison.caution && sentence(comparison.caution)}
      </Text>
      {comparison.differences.length > 0 && (
        <table className={styles.table} aria-label="What separates failing from working sign-ins">
          <TableHead
            titles={[
              "What",
              `${counted(comparison.failing, "failing sign-in")}`,
              `${counted(comparison.working, "working sign-in")}`,
            ]}
          />
          <tbody>
            {comparison.differences.map((difference) => (
              <tr key={difference.about}>
                <th scope="row" className={styles.cell}>
                  {difference.title}
                </th>
                <td className={styles.cell}>
                  <bdi dir="auto">{cleanName(difference.failing)}</bdi>
                  <span className={card.quiet}>
                    , {count(difference.failingCount)} of {count(difference.failingOf)}
                  </span>
                </td>
                <td className={styles.cell}>
                  never; <bdi dir="auto">{cleanName(difference.working)}</bdi>
                  <span className={card.quiet}>
                    , {count(difference.workingCount)} of {count(difference.workingOf)}
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function News({ group }: { group: FailureGroup }) {
  const styles = useStyles();
  const { change, others, today, gone } = group;
  if (!change && !others && !today && !gone) return null;
  return (
    <section className={styles.section} aria-label="About the policy">
      <Subtitle2 as="h3">About the policy</Subtitle2>
      {gone && <Text>The tenant no longer has this policy.</Text>}
      {change && (
        <Text className={styles.news}>
          <InfoRegular className={styles.newsIcon} aria-hidden />
          <span>
            Changed <RelativeTime at={change.at} />
            {change.by && (
              <>
                {" "}
                by <bdi dir="auto">{cleanName(change.by)}</bdi>
              </>
            )}
            {change.beganIt ? ", and the first of these failures came after it." : "."}
          </span>
        </Text>
      )}
      {others ? <Text>It refused {counted(others, "other user")} in the same 7 days.</Text> : null}
      {today && <Text>{sentence(cleanName(today))}</Text>}
    </section>
  );
}
