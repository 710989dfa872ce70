// Names of people, customers and policies: hostile text, any script. Cut in the middle where room is short, whole on hover, and a
// right-to-left name keeps its direction.
import { makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import type { PersonRef, TenantRef } from "../bindings";

const useStyles = makeStyles({
  cut: { display: "flex", minWidth: 0, maxWidth: "100%" },
  head: { overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "pre", flexShrink: 1, minWidth: 0 },
  tail: { whiteSpace: "pre", flexShrink: 0 },
  person: { display: "flex", flexDirection: "column", minWidth: 0, lineHeight: "18px" },
  upn: { color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200 },
});

const TAIL = 8;
const clusters = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
// Characters that would turn the text around them; a name needs none of them to read right inside its own bdi.
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is taken out
const controls = /[\u0000-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** What is shown of a name: control characters would break its line or turn its neighbours around. */
export const cleanName = (text: string) => text.replace(controls, " ").trim();

export function MiddleCut({ text, className }: { text: string; className?: string }) {
  const styles = useStyles();
  const clean = cleanName(text) || "(no name)";
  const letters = [...clusters.segment(clean)].map((each) => each.segment);
  // Cutting a cursive script in two boxes would break its letters apart: there the end gives way.
  if (letters.length <= TAIL * 2 || rightToLeft.test(clean)) {
    return (
      <bdi className={mergeClasses(styles.head, className)} dir="auto" title={clean} style={{ display: "block" }}>
        {clean}
      </bdi>
    );
  }
  return (
    <bdi className={mergeClasses(styles.cut, className)} dir="auto" title={clean}>
      <span className={styles.head}>{letters.slice(0, -TAIL).join("")}</span>
      <span className={styles.tail}>{letters.slice(-TAIL).join("")}</span>
    </bdi>
  );
}

/** A sentence of ours with names in it: its end gives way, and its direction is ours. */
export function EndCut({ text }: { text: string }) {
  const styles = useStyles();
  const clean = cleanName(text);
  return (
    <span className={styles.head} dir="ltr" title={clean} style={{ display: "block" }}>
      {clean}
    </span>
  );
}

/** A person in a list: the name, and the UPN under it. */
export function PersonName({ person, upn = true }: { person: Omit<PersonRef, "id">; upn?: boolean }) {
  const styles = useStyles();
  return (
    <span className={styles.person}>
      <MiddleCut text={person.displayName || person.upn} />
      {upn && person.displayName && <MiddleCut text={person.upn} className={styles.upn} />}
    </span>
  );
}

export function TenantName({ tenant }: { tenant: TenantRef }) {
  return <MiddleCut text={tenant.displayName} />;
}
