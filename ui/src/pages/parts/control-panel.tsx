// One control of a baseline in words: why it matters, how it is judged, and the documents behind it.
import { makeStyles, Subtitle2, Text, tokens } from "@fluentui/react-components";
import type { BaselineControl } from "../../bindings";
import { cleanName } from "../../components/names";
import { SeverityBadge, severityWord } from "../../components/severity-badge";
import { sentence } from "../../components/words";
import { References, rationaleTitle } from "./drift-panel";
import { SidePanel } from "./side-panel";

const useStyles = makeStyles({
  section: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalS, overflowWrap: "anywhere" },
  quiet: { color: tokens.colorNeutralForeground3 },
  marks: { display: "flex", gap: tokens.spacingHorizontalL, flexWrap: "wrap" },
});

export function ControlPanel({ control, close }: { control: BaselineControl; close: () => void }) {
  const styles = useStyles();
  return (
    <SidePanel
      label="Control"
      read={{ data: control, error: null, refetch: () => undefined }}
      close={close}
      title={() => <bdi dir="auto">{cleanName(control.title)}</bdi>}
    >
      {() => (
        <>
          <span className={styles.marks}>
            <SeverityBadge severity={control.severity} strong />
            {control.severity !== control.defaultSeverity && (
              <Text className={styles.quiet}>as made: {severityWord[control.defaultSeverity].toLowerCase()}</Text>
            )}
            {!control.on && <Text className={styles.quiet}>Not judged</Text>}
          </span>
          {control.rationale && (
            <section className={styles.section} aria-label={rationaleTitle(control.kind)}>
              <Subtitle2 as="h3">{rationaleTitle(control.kind)}</Subtitle2>
              <Text>{sentence(cleanName(control.rationale))}</Text>
            </section>
          )}
          <section className={styles.section} aria-label="How it is judged">
            <Subtitle2 as="h3">How it is judged</Subtitle2>
            <Text>{sentence(cleanName(control.judged))}</Text>
          </section>
          {control.references.length > 0 && (
            <section className={styles.section} aria-label="References">
              <Subtitle2 as="h3">References</Subtitle2>
              <References of={control.references} />
            </section>
          )}
        </>
      )}
    </SidePanel>
  );
}
