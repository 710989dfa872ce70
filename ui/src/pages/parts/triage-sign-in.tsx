// In a sign-in's panel: what it is put down to, among the user's other failures of the same kind, and the ways out.
import { makeStyles, SkeletonItem, Subtitle2, Text, tokens } from "@fluentui/react-components";
import { cleanName } from "../../components/names";
import { ProblemBar } from "../../components/problem-view";
import { counted } from "../../components/words";
import { problemOf } from "../../data/ipc";
import { useSignInTriage } from "../../data/triage";
import { LastSuccess, Marks } from "./triage-card";
import { TriageGroup } from "./triage-group";

const useStyles = makeStyles({
  root: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM, overflowWrap: "anywhere" },
  quiet: { color: tokens.colorNeutralForeground3 },
});

export function SignInTriage({ tenant, id }: { tenant: string; id: string }) {
  const styles = useStyles();
  const asked = useSignInTriage(tenant, id);
  const found = asked.data;
  if (asked.error) return <ProblemBar problem={problemOf(asked.error)} />;
  if (!found)
    return (
      <div role="status" aria-label="Loading">
        <SkeletonItem size={48} />
      </div>
    );
  // A question that the user answered is no lockout.
  if (found.groups.length === 0) return null;
  return (
    <section className={styles.root} aria-label="Triage">
      <Marks of={found.marks} />
      {found.groups.map((group) => (
        <div key={group.key} className={styles.root}>
          <div>
            <Subtitle2 as="h3">
              <bdi dir="auto">{cleanName(group.title)}</bdi>
            </Subtitle2>
            <Text block className={styles.quiet}>
              {counted(group.failures, "failure")} of this user in 7 days
            </Text>
          </div>
          <TriageGroup tenant={tenant} found={found} group={group} spoken />
        </div>
      ))}
      <LastSuccess of={found} />
    </section>
  );
}
