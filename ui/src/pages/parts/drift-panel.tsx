// One control whole: why it is not met, the one field that fails, who falls through, what the documents say, and what to do.
import { Button, Card, makeStyles, mergeClasses, Text, tokens } from "@fluentui/react-components";
import { part } from "../../address";
import { type ControlKind, commands, type DriftDetail, type DriftWay } from "../../bindings";
import { FieldChanges } from "../../components/field-changes";
import { OpenRegular } from "../../components/icons";
import { cleanName } from "../../components/names";
import { SeverityBadge } from "../../components/severity-badge";
import { edge, framedWithEdge, large, plainList, quiet } from "../../components/style-parts";
import { counted, sentence } from "../../components/words";
import { useOpenExternal } from "../../data/actions";
import { useControl } from "../../data/engine";
import { ask } from "../../data/ipc";
import { ProposeButton } from "./change/propose";
import { VerdictWord } from "./engine-words";
import { Everybody, Names, PolicyLink, PolicyLinks } from "./gap-people";
import { PanelSection, SidePanel } from "./side-panel";

const useStyles = makeStyles({
  verdict: framedWithEdge,
  ...edge,
  marks: { display: "flex", gap: tokens.spacingHorizontalL, flexWrap: "wrap" },
  large,
  quiet,
  ways: plainList,
  way: {
    display: "grid",
    gap: tokens.spacingVerticalXS,
    padding: `${tokens.spacingVerticalS} 0`,
    borderTop: `1px solid ${tokens.colorNeutralStroke3}`,
  },
  actions: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS },
  references: { listStyle: "none", margin: 0, padding: 0, display: "grid", justifyItems: "start" },
  reference: { marginInlineStart: `calc(-1 * ${tokens.spacingHorizontalS})`, textAlign: "start" },
});

/** A policy's rationale is the policy itself, in a sentence. */
export const rationaleTitle = (kind: ControlKind) => (kind === "policy" ? "The baseline's policy" : "Why it matters");

const CONDITIONAL_ACCESS = "https://entra.microsoft.com/#view/Microsoft_AAD_ConditionalAccess/ConditionalAccessBlade";

export function DriftPanel({ tenant, control, close }: { tenant: string; control: string; close: () => void }) {
  const read = useControl(tenant, control);
  return (
    <SidePanel
      label="Control"
      size="large"
      read={read}
      close={close}
      title={(detail) => <bdi dir="auto">{cleanName(detail.row.title)}</bdi>}
    >
      {(detail) => <Inside tenant={tenant} detail={detail} />}
    </SidePanel>
  );
}

function Inside({ tenant, detail }: { tenant: string; detail: DriftDetail }) {
  const styles = useStyles();
  const { row, nearMiss } = detail;
  const gap = row.verdict === "missing" || row.verdict === "partly" || row.verdict === "changed";
  const tone = row.verdict === "missing" ? "bad" : row.verdict === "met" ? "good" : gap ? "warn" : undefined;
  return (
    <>
      <Card className={mergeClasses(styles.verdict, tone && styles[tone])} role="group" aria-label="Verdict">
        <span className={styles.marks}>
          <VerdictWord verdict={row.verdict} />
          <SeverityBadge severity={row.severity} />
        </span>
        <Text weight="semibold" className={styles.large}>
          {sentence(cleanName(row.reason))}
        </Text>
        {gap && <Propose tenant={tenant} control={row.id} blocked={detail.proposeBlocked} />}
      </Card>

      {nearMiss && (
        <PanelSection title="Closest policy">
          <Text>
            <PolicyLink tenant={tenant} policy={nearMiss.policy} />
          </Text>
          <Text>
            <b>{cleanName(nearMiss.field)}:</b> {sentence(cleanName(nearMiss.reason))}
          </Text>
        </PanelSection>
      )}

      {detail.changes.length > 0 && (
        <PanelSection title="What differs from the baseline">
          {detail.weakening.map((line, index) => (
            <Text key={index}>{sentence(cleanName(line))}</Text>
          ))}
          <FieldChanges changes={detail.changes} />
          <Text size={200} className={styles.quiet}>
            Before is the baseline's policy, after is the tenant's.
          </Text>
        </PanelSection>
      )}

      {detail.ways.length > 0 && (
        <PanelSection title={row.users ? `Who falls through: ${counted(row.users, "user")}` : "Where it falls through"}>
          <ul className={styles.ways}>
            {detail.ways.map((way, index) => (
              <li key={index} className={styles.way}>
                <Way tenant={tenant} way={way} />
              </li>
            ))}
          </ul>
          {row.users !== null && row.users > 0 && (
            <Everybody
              tenant={tenant}
              name={`drift:${row.id}`}
              users={row.users}
              read={(text, window) => ask(commands.driftPeople({ tenant, control: row.id, text, window }))}
            />
          )}
        </PanelSection>
      )}

      {row.policies.length > 0 && (
        <PanelSection title="Policies that bear on it">
          <PolicyLinks tenant={tenant} policies={row.policies} />
        </PanelSection>
      )}

      {detail.rationale && (
        <PanelSection title={rationaleTitle(row.kind)}>
          <Text>{sentence(cleanName(detail.rationale))}</Text>
        </PanelSection>
      )}
      {detail.judged && (
        <PanelSection title="How it is judged">
          <Text>{sentence(cleanName(detail.judged))}</Text>
        </PanelSection>
      )}

      {detail.references.length > 0 && (
        <PanelSection title="References">
          <References of={detail.references} />
        </PanelSection>
      )}
    </>
  );
}

export function References({ of }: { of: DriftDetail["references"] }) {
  const styles = useStyles();
  const openExternal = useOpenExternal();
  return (
    <ul className={styles.references}>
      {of.map((reference) => (
        <li key={reference.title}>
          {reference.url ? (
            <Button
              className={styles.reference}
              size="small"
              appearance="transparent"
              icon={<OpenRegular />}
              iconPosition="after"
              onClick={() => reference.url && openExternal(reference.url)}
            >
              {cleanName(reference.title)}
            </Button>
          ) : (
            <Text>{cleanName(reference.title)}</Text>
          )}
        </li>
      ))}
    </ul>
  );
}

function Way({ tenant, way }: { tenant: string; way: DriftWay }) {
  const styles = useStyles();
  return (
    <>
      <Text>
        {way.users !== null && <b>{counted(way.users, "user")}: </b>}
        {sentence(cleanName(way.why))}
      </Text>
      {way.place && <Text className={styles.quiet}>{sentence(cleanName(way.place))}</Text>}
      <Names tenant={tenant} people={way.people} users={way.users} />
    </>
  );
}

/** The way to a change, or why there is none from here; and to Microsoft's own page. */
function Propose({ tenant, control, blocked }: { tenant: string; control: string; blocked: string | null }) {
  const styles = useStyles();
  const openExternal = useOpenExternal();
  return (
    <>
      {blocked !== null && <Text className={styles.quiet}>{sentence(cleanName(blocked))}</Text>}
      <div className={styles.actions}>
        <ProposeButton tenant={tenant} query={`control=${part(control)}`} disabled={blocked !== null} />
        <Button icon={<OpenRegular />} iconPosition="after" onClick={() => openExternal(CONDITIONAL_ACCESS)}>
          Open in Entra
        </Button>
      </div>
    </>
  );
}
