// What the insurer's evidence would answer now, question by question; and a person's answer where somebody knows better than the data.
import {
  Button,
  Card,
  Dropdown,
  Field,
  Input,
  makeStyles,
  Option,
  Subtitle2,
  Text,
  Textarea,
  tokens,
} from "@fluentui/react-components";
import { useState } from "react";
import type { Answer, PeriodInput, Statement } from "../../../bindings";
import { FormDialog } from "../../../components/form-dialog";
import { Loaded } from "../../../components/loaded";
import { cleanName } from "../../../components/names";
import { ProblemBar } from "../../../components/problem-view";
import { RelativeTime, useNow } from "../../../components/relative-time";
import { listItem, plainList, quiet } from "../../../components/style-parts";
import { count, day, sentence } from "../../../components/words";
import { problemOf } from "../../../data/ipc";
import { useOverride, useStatements } from "../../../data/reports";
import { AnswerWord, answerNames, answerWord, chapterName } from "./words";

const useStyles = makeStyles({
  card: { padding: tokens.spacingHorizontalL, gap: tokens.spacingVerticalM, overflowWrap: "anywhere" },
  quiet,
  list: plainList,
  statement: listItem,
  head: {
    display: "grid",
    gridTemplateColumns: "minmax(0, 1fr) auto",
    columnGap: tokens.spacingHorizontalM,
    alignItems: "start",
  },
  question: { fontWeight: tokens.fontWeightSemibold },
  note: {
    borderInlineStartWidth: "3px",
    borderInlineStartStyle: "solid",
    borderInlineStartColor: tokens.colorNeutralStroke1,
    paddingInlineStart: tokens.spacingHorizontalM,
    marginTop: tokens.spacingVerticalXS,
  },
  acts: {
    display: "flex",
    marginTop: tokens.spacingVerticalXS,
    marginInlineStart: `calc(-1 * ${tokens.spacingHorizontalS})`,
  },
  gaps: { margin: 0, paddingInlineStart: tokens.spacingHorizontalXL },
});

export function InsurerStatements({ tenant, period }: { tenant: string; period: PeriodInput }) {
  const styles = useStyles();
  const now = useNow();
  const [answering, setAnswering] = useState<Statement | null>(null);
  const { withdraw } = useOverride(() => undefined);
  return (
    <Card className={styles.card} role="region" aria-label="What it will answer">
      <Subtitle2 as="h2">What it will answer</Subtitle2>
      <Loaded asked={useStatements(tenant, period)}>
        {(view) => (
          <>
            <Text className={styles.quiet}>
              {day(new Date(view.from), now)} to {day(new Date(view.to), now)}, by what was synced. Nothing is answered
              better than the data allow.
            </Text>
            <ul className={styles.list}>
              {view.statements.map((each) => (
                <li key={each.id} className={styles.statement}>
                  <div className={styles.head}>
                    <Text className={styles.question}>{each.question}</Text>
                    <AnswerWord answer={each.overridden?.answer ?? each.judged} />
                  </div>
                  <Text>{sentence(cleanName(each.evidence))}</Text>
                  {each.figures.length > 0 && (
                    <Text size={200} className={styles.quiet}>
                      {each.figures.map(figureWords).join("; ")}. Proved under {chapterName[each.chapter]}.
                    </Text>
                  )}
                  {each.overridden && (
                    <div className={styles.note}>
                      <Text block>
                        {answerWord(each.overridden.answer)}, by {cleanName(each.overridden.person)}:{" "}
                        {sentence(cleanName(each.overridden.note))}
                      </Text>
                      <Text size={200} className={styles.quiet}>
                        The data say {answerWord(each.judged).toLowerCase()}; both are printed. Recorded by{" "}
                        {cleanName(each.overridden.recordedBy)} <RelativeTime at={each.overridden.recordedAt} />.
                      </Text>
                    </div>
                  )}
                  <div className={styles.acts}>
                    <Button size="small" appearance="subtle" onClick={() => setAnswering(each)}>
                      {each.overridden ? "Answer anew" : "Answer otherwise"}
                    </Button>
                    {each.overridden && (
                      <Button
                        size="small"
                        appearance="subtle"
                        disabled={withdraw.isPending}
                        onClick={() => withdraw.mutate({ tenant, statement: each.id })}
                      >
                        Withdraw
                      </Button>
                    )}
                  </div>
                </li>
              ))}
            </ul>
            {view.gaps.length > 0 && (
              <section aria-label="What could not be read">
                <Text weight="semibold">What could not be read</Text>
                <ul className={styles.gaps}>
                  {view.gaps.map((gap) => (
                    <li key={gap}>{sentence(cleanName(gap))}</li>
                  ))}
                </ul>
              </section>
            )}
          </>
        )}
      </Loaded>
      {answering && <OverrideDialog tenant={tenant} statement={answering} close={() => setAnswering(null)} />}
    </Card>
  );
}

const figureWords = ({ name, value, of }: Statement["figures"][number]) =>
  `${name}: ${value === null ? "not known" : of === null ? count(value) : `${count(value)} of ${count(of)}`}`;

function OverrideDialog({ tenant, statement, close }: { tenant: string; statement: Statement; close: () => void }) {
  const [answer, setAnswer] = useState<Answer>(statement.overridden?.answer ?? "yes");
  const [person, setPerson] = useState(statement.overridden?.person ?? "");
  const [note, setNote] = useState(statement.overridden?.note ?? "");
  const { set } = useOverride(close);
  return (
    <FormDialog
      title="Answer otherwise than the data"
      confirm="Record the answer"
      ready={person.trim() !== "" && note.trim() !== ""}
      busy={set.isPending}
      close={close}
      run={() => set.mutate({ tenant, statement: statement.id, answer, person: person.trim(), note: note.trim() })}
    >
      <Text>
        {statement.question} The data say {answerWord(statement.judged).toLowerCase()}. The report prints both, with
        this name and this note.
      </Text>
      {set.error && <ProblemBar problem={problemOf(set.error)} />}
      <Field label="Answer">
        <Dropdown
          value={answerWord(answer)}
          selectedOptions={[answer]}
          onOptionSelect={(_, data) => data.optionValue && setAnswer(data.optionValue as Answer)}
        >
          {answerNames.map((each) => (
            <Option key={each} value={each} text={answerWord(each)}>
              <AnswerWord answer={each} />
            </Option>
          ))}
        </Dropdown>
      </Field>
      <Field label="Who answers for it" required hint="A person of the customer or of yours, by name">
        <Input value={person} onChange={(_, data) => setPerson(data.value)} />
      </Field>
      <Field label="Why" required>
        <Textarea value={note} rows={3} onChange={(_, data) => setNote(data.value)} />
      </Field>
    </FormDialog>
  );
}
