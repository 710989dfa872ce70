// What a draft would change, in words, while it is written. A draft that cannot be understood yet says why instead.
import { Card, makeStyles, ProgressBar, Subtitle2, Text, tokens } from "@fluentui/react-components";
import { useEffect, useState } from "react";
import type { ChangeInput } from "../../../bindings";
import { FieldChanges } from "../../../components/field-changes";
import { cleanName } from "../../../components/names";
import { ProblemBar } from "../../../components/problem-view";
import { sentence } from "../../../components/words";
import { usePreview } from "../../../data/changes";
import { problemOf } from "../../../data/ipc";

const useStyles = makeStyles({
  card: { padding: tokens.spacingHorizontalL, gap: tokens.spacingVerticalM },
  busy: { minHeight: "2px" },
  quiet: { color: tokens.colorNeutralForeground3 },
});

const TYPING_MS = 300;

/** What rests for a moment. */
export function useSettled<T>(value: T, key: string, after = TYPING_MS): { settled: T; moving: boolean } {
  const [settled, setSettled] = useState({ value, key });
  useEffect(() => {
    if (key === settled.key) return;
    const timer = setTimeout(() => setSettled({ value, key }), after);
    return () => clearTimeout(timer);
  }, [key, settled.key]);
  return { settled: settled.value, moving: settled.key !== key };
}

/** `input` is null while it says too little to be asked about. */
export function DraftPreview({ input }: { input: ChangeInput | null }) {
  const styles = useStyles();
  const { settled, moving } = useSettled(input, JSON.stringify(input));
  const preview = usePreview(settled);
  const thinking = moving || preview.isFetching;
  const { data } = preview;
  return (
    <Card className={styles.card} role="region" aria-label="What it changes" aria-busy={thinking}>
      <Subtitle2 as="h2">What it changes</Subtitle2>
      <div className={styles.busy}>{thinking && <ProgressBar thickness="medium" aria-label="Working it out" />}</div>
      {settled === null ? (
        <Text className={styles.quiet}>It stands here in words as soon as the fields above say enough.</Text>
      ) : preview.error ? (
        <ProblemBar intent="warning" problem={problemOf(preview.error)} />
      ) : data ? (
        <>
          {data.problem && <ProblemBar intent="warning" problem={data.problem} />}
          {data.title && <Text weight="semibold">{sentence(cleanName(data.title))}</Text>}
          {(data.title || data.differences.length > 0) && <FieldChanges changes={data.differences} />}
        </>
      ) : null}
    </Card>
  );
}
