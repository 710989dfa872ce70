// What happened to the accounts and their group lately: sign-ins and members, those inside a planned drill marked as such.
import { Badge, Button, Card, makeStyles, Subtitle2, Text, tokens } from "@fluentui/react-components";
import { type ReactElement, useState } from "react";
import type { BreakGlassView, GlassEvent } from "../../../bindings";
import { InfoRegular, KeyRegular, PeopleRegular } from "../../../components/icons";
import { cleanName } from "../../../components/names";
import { RelativeTime } from "../../../components/relative-time";
import { counted } from "../../../components/words";
import { AppLink } from "../app-link";

const useStyles = makeStyles({
  card: { padding: tokens.spacingHorizontalL, gap: tokens.spacingVerticalS },
  list: { listStyle: "none", margin: 0, padding: 0 },
  row: {
    display: "flex",
    gap: tokens.spacingHorizontalM,
    padding: `${tokens.spacingVerticalS} 0`,
    borderTop: `1px solid ${tokens.colorNeutralStroke3}`,
  },
  icon: { fontSize: "20px", lineHeight: 0, color: tokens.colorNeutralForeground3, flexShrink: 0 },
  words: { display: "flex", flexDirection: "column", minWidth: 0, overflowWrap: "anywhere" },
  foot: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: tokens.spacingHorizontalS },
  quiet: { color: tokens.colorNeutralForeground3 },
});

const FIRST = 8;
const icons: Record<string, readonly [ReactElement, string]> = {
  signIn: [<KeyRegular key="signIn" />, "Sign-in"],
  member: [<PeopleRegular key="member" />, "Group"],
};
const other = [<InfoRegular key="other" />, "Event"] as const;

export function Events({ view }: { view: BreakGlassView }) {
  const styles = useStyles();
  const [all, setAll] = useState(false);
  const shown = all ? view.events : view.events.slice(0, FIRST);
  return (
    <Card className={styles.card} role="region" aria-label="Recent events">
      <Subtitle2 as="h2">Sign-ins and group changes of the last 90 days</Subtitle2>
      {view.events.length === 0 ? (
        <Text className={styles.quiet}>None is known.</Text>
      ) : (
        <ul className={styles.list}>
          {shown.map((event, index) => (
            <Line key={index} event={event} timeZone={view.timeZone} />
          ))}
        </ul>
      )}
      {view.events.length > shown.length && (
        <div>
          <Button onClick={() => setAll(true)}>Show all {counted(view.events.length, "event")}</Button>
        </div>
      )}
    </Card>
  );
}

function Line({ event, timeZone }: { event: GlassEvent; timeZone: string }) {
  const styles = useStyles();
  const [icon, word] = icons[event.kind] ?? other;
  // A sentence of ours that may begin with a right-to-left name.
  const what = <bdi dir="ltr">{cleanName(event.what)}</bdi>;
  return (
    <li className={styles.row}>
      <span className={styles.icon} aria-hidden>
        {icon}
      </span>
      <span className={styles.words}>
        {event.route ? <AppLink to={event.route}>{what}</AppLink> : <Text>{what}</Text>}
        <span className={styles.foot}>
          <Text size={200} className={styles.quiet}>
            {word}, <RelativeTime at={event.at} timeZone={timeZone} />
          </Text>
          {event.drill && (
            <Badge appearance="tint" color="informative">
              planned drill
            </Badge>
          )}
        </span>
      </span>
    </li>
  );
}
