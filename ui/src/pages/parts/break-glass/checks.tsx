// Points of health, one under the other: the word, what is asked, the evidence, and what to do about it.
import { makeStyles, Text, tokens } from "@fluentui/react-components";
import type { Check, GlassGroup } from "../../../bindings";
import { cleanName } from "../../../components/names";
import { counted, sentence } from "../../../components/words";
import { CheckWord } from "./glass-words";

const useStyles = makeStyles({
  list: { listStyle: "none", margin: 0, padding: 0 },
  row: {
    display: "grid",
    gridTemplateColumns: "92px minmax(0, 1fr)",
    columnGap: tokens.spacingHorizontalM,
    padding: `${tokens.spacingVerticalSNudge} 0`,
    borderTop: `1px solid ${tokens.colorNeutralStroke3}`,
  },
  words: { display: "flex", flexDirection: "column", minWidth: 0, overflowWrap: "anywhere" },
  what: { color: tokens.colorNeutralForeground2 },
});

export function Checks({ checks, label }: { checks: readonly Check[]; label: string }) {
  const styles = useStyles();
  return (
    <ul className={styles.list} aria-label={label}>
      {checks.map((check) => (
        <li key={check.id} className={styles.row}>
          <CheckWord state={check.state} />
          <span className={styles.words}>
            <Text weight="semibold">{check.title}</Text>
            <Text size={200} className={styles.what}>
              {sentence(cleanName(check.what))}
              {check.nextStep && ` ${sentence(check.nextStep)}`}
            </Text>
          </span>
        </li>
      ))}
    </ul>
  );
}

/** What the group's own facts say of it, as one more point. */
export function groupCheck(group: GlassGroup | null): Check[] {
  if (!group) return [];
  const name = cleanName(group.displayName);
  const members = group.members === null ? "its members were never read" : counted(group.members, "member");
  return [
    {
      id: "guarded",
      title: "A group that few can change",
      state: group.guarded === null ? "unknown" : group.guarded ? "yes" : "no",
      what: `${name}, ${members}: ${
        group.guarded === null
          ? "whether only privileged administrators can change it was never read"
          : group.guarded
            ? "only privileged administrators can change it"
            : "every groups administrator can change who is in it"
      }`,
      // "Use Microsoft Entra groups to manage role assignments": isAssignableToRole is set when a group is made and never later.
      nextStep:
        group.guarded === false
          ? "Make a new group to which roles can be assigned, move the accounts there, and name it in the tenant's settings"
          : null,
    },
  ];
}
