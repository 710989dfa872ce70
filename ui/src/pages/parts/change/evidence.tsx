// What went to Graph and what came back, and who did what to the change.
import {
  Accordion,
  AccordionHeader,
  AccordionItem,
  AccordionPanel,
  makeStyles,
  Text,
  tokens,
} from "@fluentui/react-components";
import type { ChangeDetail, WriteEvidence } from "../../../bindings";
import {
  CheckmarkCircleRegular,
  DismissCircleRegular,
  QuestionCircleRegular,
  RecordRegular,
} from "../../../components/icons";
import { cleanName } from "../../../components/names";
import { RelativeTime } from "../../../components/relative-time";
import { type Look, ToneWord, unknownLook } from "../../../components/tone-word";
import { counted } from "../../../components/words";
import { PageCard } from "../user-cards";

const useStyles = makeStyles({
  list: { listStyle: "none", margin: 0, padding: 0 },
  event: {
    display: "grid",
    padding: `${tokens.spacingVerticalS} 0`,
    borderTop: `1px solid ${tokens.colorNeutralStroke3}`,
    overflowWrap: "anywhere",
  },
  write: { display: "grid", gap: tokens.spacingVerticalS, paddingBottom: tokens.spacingVerticalM, minWidth: 0 },
  json: {
    whiteSpace: "pre-wrap",
    overflowWrap: "anywhere",
    maxHeight: "260px",
    overflowY: "auto",
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    backgroundColor: tokens.colorNeutralBackground3,
    borderRadius: tokens.borderRadiusMedium,
    padding: tokens.spacingHorizontalM,
    margin: 0,
  },
  request: { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200, overflowWrap: "anywhere" },
  quiet: { color: tokens.colorNeutralForeground3 },
  panel: { margin: 0 },
});

const outcomes: Record<string, Look> = {
  begun: [RecordRegular, "calm", "Sent, not answered yet"],
  done: [CheckmarkCircleRegular, "good", "Taken"],
  refused: [DismissCircleRegular, "bad", "Refused"],
  unknown: [QuestionCircleRegular, "amber", "No answer: looked up afterwards"],
  notSent: [QuestionCircleRegular, "quiet", "Not sent"],
};

export function EvidenceCard({ writes }: { writes: readonly WriteEvidence[] }) {
  const styles = useStyles();
  if (writes.length === 0) return null;
  return (
    <PageCard title="Evidence">
      <Accordion collapsible>
        <AccordionItem value="writes">
          <AccordionHeader size="small">
            {counted(writes.length, "request")} to Microsoft Graph, with the answers
          </AccordionHeader>
          <AccordionPanel className={styles.panel}>
            {writes.map((write, index) => (
              <Write key={index} write={write} />
            ))}
          </AccordionPanel>
        </AccordionItem>
      </Accordion>
    </PageCard>
  );
}

function Write({ write }: { write: WriteEvidence }) {
  const styles = useStyles();
  return (
    <section className={styles.write} aria-label={cleanName(write.request)}>
      <Text className={styles.request}>{cleanName(write.request)}</Text>
      <span>
        <ToneWord look={outcomes[write.outcome] ?? unknownLook} />{" "}
        <Text size={200} className={styles.quiet}>
          <RelativeTime at={write.begunAt} />
        </Text>
      </span>
      {write.body && <Block label="Sent" text={write.body} />}
      {write.answer && <Block label="Answered" text={write.answer} />}
    </section>
  );
}

function Block({ label, text }: { label: string; text: string }) {
  const styles = useStyles();
  return (
    <>
      <Text size={200} className={styles.quiet}>
        {label}
      </Text>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre className={styles.json} tabIndex={0} role="region" aria-label={label}>
        {text}
      </pre>
    </>
  );
}

export function HistoryCard({ change }: { change: ChangeDetail }) {
  const styles = useStyles();
  return (
    <PageCard title="History">
      <ol className={styles.list}>
        {[...change.history].reverse().map((event, index) => (
          <li key={index} className={styles.event}>
            <Text>
              <b>{cleanName(event.what)}</b>
              {event.who && (
                <>
                  {" "}
                  by <bdi dir="auto">{cleanName(event.who)}</bdi>
                </>
              )}
              {", "}
              <RelativeTime at={event.at} />
            </Text>
            {event.note && (
              <Text size={200} className={styles.quiet}>
                <bdi dir="auto">{cleanName(event.note)}</bdi>
              </Text>
            )}
          </li>
        ))}
      </ol>
    </PageCard>
  );
}
