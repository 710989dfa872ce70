// The four stages of a change, each with its state as icon and word and what happened in it.
import { makeStyles, mergeClasses, Text, tokens } from "@fluentui/react-components";
import type { StageRow } from "../../../bindings";
import { cleanName } from "../../../components/names";
import { RelativeTime } from "../../../components/relative-time";
import { ToneIcon } from "../../../components/tone-word";
import { stageLook, stageWord } from "./change-words";

const useStyles = makeStyles({
  root: {
    listStyle: "none",
    margin: 0,
    padding: 0,
    display: "grid",
    gridTemplateColumns: "repeat(4, minmax(0, 1fr))",
    gap: tokens.spacingHorizontalM,
    "@media (max-width: 760px)": { gridTemplateColumns: "minmax(0, 1fr)" },
  },
  stage: {
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalXXS,
    minWidth: 0,
    paddingTop: tokens.spacingVerticalS,
    borderTop: `3px solid ${tokens.colorNeutralStroke2}`,
    overflowWrap: "anywhere",
  },
  done: { borderTopColor: tokens.colorStatusSuccessBorder2 },
  current: { borderTopColor: tokens.colorCompoundBrandStroke },
  failed: { borderTopColor: tokens.colorStatusDangerBorder2 },
  toDo: {},
  skipped: { borderTopStyle: "dashed" },
  head: { display: "flex", alignItems: "center", gap: tokens.spacingHorizontalXS },
  quiet: { color: tokens.colorNeutralForeground3 },
});

export function Stages({ stages }: { stages: readonly StageRow[] }) {
  const styles = useStyles();
  return (
    <ol className={styles.root} aria-label="Stages">
      {stages.map((row) => {
        const look = stageLook(row.state);
        return (
          <li
            key={row.stage}
            className={mergeClasses(styles.stage, styles[row.state])}
            aria-current={row.state === "current" ? "step" : undefined}
          >
            <span className={styles.head}>
              <ToneIcon look={look} />
              <Text weight="semibold">{stageWord[row.stage]}</Text>
              <Text size={200} className={styles.quiet}>
                {look[2]}
              </Text>
            </span>
            <Text size={200} className={styles.quiet}>
              <bdi dir="auto">{cleanName(row.words)}</bdi>
              {row.at && (
                <>
                  , <RelativeTime at={row.at} />
                </>
              )}
            </Text>
          </li>
        );
      })}
    </ol>
  );
}
