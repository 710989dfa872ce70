// Above the list of one user's failures: what is behind most of them, and the way to what can be done about it.
import { Button, Card, makeStyles, Text, tokens } from "@fluentui/react-components";
import { part, useGo } from "../../address";
import { cleanName } from "../../components/names";
import { ProblemBar } from "../../components/problem-view";
import { sentence } from "../../components/words";
import { problemOf } from "../../data/ipc";
import { useUserTriage } from "../../data/triage";
import { LastSuccess, Marks } from "./triage-card";

const useStyles = makeStyles({
  root: {
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalXS,
    padding: tokens.spacingHorizontalM,
    marginBottom: tokens.spacingVerticalM,
    flexShrink: 0,
    boxShadow: "none",
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    overflowWrap: "anywhere",
  },
  head: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    justifyContent: "space-between",
    gap: tokens.spacingHorizontalM,
  },
});

/** `user`: an id, or what somebody typed that may be a UPN. */
export function TriageStrip({ tenant, user }: { tenant: string; user: string }) {
  const styles = useStyles();
  const go = useGo();
  const asked = useUserTriage(tenant, user);
  const found = asked.data;
  if (asked.error) {
    const problem = problemOf(asked.error);
    // Half a UPN names nobody: the list below says what fits.
    return problem.code === "user.unknown" ? null : <ProblemBar problem={problem} />;
  }
  if (!found || found.unreadable || found.failures === 0) return null;
  const [top] = found.groups;
  const [condition] = top?.conditions ?? [];
  const name = cleanName(found.user.displayName || found.user.upn);
  return (
    <Card className={styles.root} role="region" aria-label="Why this user cannot get in">
      <div className={styles.head}>
        <Text weight="semibold">{sentence(cleanName(found.answer))}</Text>
        <Button
          size="small"
          appearance="primary"
          onClick={() => go(`/tenants/${part(tenant)}/users/${part(found.user.id)}`)}
        >
          Why, and the ways out
        </Button>
      </div>
      {condition && <Text>{sentence(cleanName(condition.words))}</Text>}
      {top && <Text>{sentence(cleanName(top.comparison.sentence))}</Text>}
      <Text>
        <bdi dir="auto">{name}</bdi>. <LastSuccess of={found} />
      </Text>
      <Marks of={found.marks} />
    </Card>
  );
}
