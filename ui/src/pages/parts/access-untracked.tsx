// Exclusion groups that nobody tracks: who is let through with no end, and the way to give them one.
import { Button, Card, makeStyles, Subtitle2, Text, tokens } from "@fluentui/react-components";
import { useState } from "react";
import { part, useGo } from "../../address";
import type { UntrackedGroup } from "../../bindings";
import { ChevronDownRegular, ChevronRightRegular, WarningRegular } from "../../components/icons";
import { cleanName, PersonName } from "../../components/names";
import { ToneIcon } from "../../components/tone-word";
import { counted, sentence } from "../../components/words";

const useStyles = makeStyles({
  root: {
    padding: tokens.spacingHorizontalL,
    gap: tokens.spacingVerticalS,
    marginBottom: tokens.spacingVerticalL,
    flexShrink: 0,
  },
  list: { listStyle: "none", margin: 0, padding: 0 },
  group: { borderTop: `1px solid ${tokens.colorNeutralStroke3}`, padding: `${tokens.spacingVerticalS} 0` },
  line: { display: "flex", alignItems: "center", gap: tokens.spacingHorizontalM, flexWrap: "wrap" },
  words: { flex: "1 1 280px", minWidth: 0, overflowWrap: "anywhere" },
  quiet: { color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200, display: "block" },
  people: {
    listStyle: "none",
    margin: `${tokens.spacingVerticalS} 0 0`,
    padding: 0,
    display: "grid",
    gridTemplateColumns: "repeat(auto-fill, minmax(300px, 1fr))",
    gap: tokens.spacingVerticalS,
    maxHeight: "240px",
    overflowY: "auto",
  },
  person: {
    display: "grid",
    gridTemplateColumns: "minmax(0, 1fr) auto",
    alignItems: "center",
    gap: tokens.spacingHorizontalS,
  },
});

export function Untracked({ tenant, groups }: { tenant: string; groups: readonly UntrackedGroup[] }) {
  const styles = useStyles();
  if (groups.length === 0) return null;
  return (
    <Card className={styles.root} role="region" aria-label="Nobody tracks these">
      <Subtitle2 as="h2">Nobody tracks these</Subtitle2>
      <ul className={styles.list}>
        {groups.map((group) => (
          <Group key={group.group.id} tenant={tenant} group={group} />
        ))}
      </ul>
    </Card>
  );
}

function Group({ tenant, group }: { tenant: string; group: UntrackedGroup }) {
  const styles = useStyles();
  const go = useGo();
  const [open, setOpen] = useState(false);
  const name = cleanName(group.group.displayName);
  const first = group.people.slice(0, 3).map((person) => cleanName(person.displayName || person.upn));
  const more = group.count - first.length;
  return (
    <li className={styles.group}>
      <div className={styles.line}>
        <ToneIcon look={[WarningRegular, "amber"]} />
        <span className={styles.words}>
          <Text weight="semibold">{sentence(group.sentence)}</Text>
          <span className={styles.quiet}>
            Members of <bdi dir="auto">{name}</bdi>: {first.join(", ")}
            {more > 0 && ` and ${counted(more, "other")}`}
          </span>
          {group.refused && (
            <span className={styles.quiet}>
              {sentence(group.refused.what)} {sentence(group.refused.nextStep)}
            </span>
          )}
        </span>
        <Button
          size="small"
          aria-expanded={open}
          icon={open ? <ChevronDownRegular /> : <ChevronRightRegular />}
          onClick={() => setOpen(!open)}
        >
          {open ? "Hide" : "Show"} {counted(group.count, "person", "people")}
        </Button>
      </div>
      {open && (
        <ul className={styles.people} aria-label={`Members of ${name} with no end`}>
          {group.people.map((person) => (
            <li key={person.id} className={styles.person}>
              <PersonName person={person} />
              {!group.refused && (
                <Button
                  size="small"
                  aria-label={`Give ${cleanName(person.displayName || person.upn)} an end`}
                  onClick={() =>
                    go(
                      `/tenants/${part(tenant)}/time-bound-access/new?user=${part(person.id)}&group=${part(group.group.id)}`,
                    )
                  }
                >
                  Give an end
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}
