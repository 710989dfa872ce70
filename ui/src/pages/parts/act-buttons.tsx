// What can be done with what a panel shows: the buttons, and below them why some cannot be pressed now.
import { Button, makeStyles, Text, tokens } from "@fluentui/react-components";
import type { Problem } from "../../bindings";
import { sentence } from "../../components/words";

const useStyles = makeStyles({
  actions: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS },
  blocked: { margin: 0, paddingInlineStart: tokens.spacingHorizontalXL, overflowWrap: "anywhere" },
});

export function ActButtons<A extends string>({
  acts,
  word,
  busy,
  press,
}: {
  acts: readonly { act: A; blocked: Problem | null }[];
  word: (act: A) => string;
  /** The act that runs already, so that it is not begun twice. */
  busy?: A | undefined;
  press: (act: A) => void;
}) {
  const styles = useStyles();
  // Four acts that one rule forbids are one sentence.
  const reasons = new Map(acts.flatMap(({ blocked }) => (blocked ? [[blocked.code, blocked] as const] : [])));
  return (
    <>
      <div className={styles.actions}>
        {acts.map(({ act, blocked }, index) => (
          <Button
            key={act}
            appearance={index === 0 && !blocked ? "primary" : "secondary"}
            disabled={blocked !== null || act === busy}
            onClick={() => press(act)}
          >
            {word(act)}
          </Button>
        ))}
      </div>
      {reasons.size > 0 && (
        <ul className={styles.blocked} aria-label="What cannot be done now">
          {[...reasons].map(([code, problem]) => (
            <li key={code}>
              <Text>
                {sentence(problem.what)} {sentence(problem.nextStep)}
              </Text>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
