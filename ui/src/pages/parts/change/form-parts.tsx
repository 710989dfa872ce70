// The small fields that the editor's form is made of: one of a few, several of a few, a filter's rule.
import {
  Checkbox,
  Field,
  Label,
  makeStyles,
  Radio,
  RadioGroup,
  Subtitle2,
  Text,
  Textarea,
  tokens,
} from "@fluentui/react-components";
import { memo, type ReactNode, useId, useState } from "react";
import type { Choice } from "../../../bindings";
import { cleanName } from "../../../components/names";
import { usePeopleLike, useUser } from "../../../data/queries";
import { alike } from "./alike";
import { ManyPick } from "./many-pick";
import type { Filter } from "./policy-words";

const useStyles = makeStyles({
  section: {
    display: "grid",
    gap: tokens.spacingVerticalM,
    padding: `${tokens.spacingVerticalM} 0`,
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
    minWidth: 0,
    ":first-of-type": { borderTop: "none", paddingTop: 0 },
  },
  radios: { flexWrap: "wrap" },
  radio: { whiteSpace: "nowrap" },
  checks: { display: "flex", flexWrap: "wrap", columnGap: tokens.spacingHorizontalM },
  quiet: { color: tokens.colorNeutralForeground3 },
});

export function FormSection({ title, note, children }: { title: string; note?: string; children: ReactNode }) {
  const styles = useStyles();
  return (
    <section className={styles.section} aria-label={title}>
      <Subtitle2 as="h3">{title}</Subtitle2>
      {note && <Text className={styles.quiet}>{note}</Text>}
      {children}
    </section>
  );
}

function OneOfFew<T extends string>({
  label,
  value,
  choices,
  choose,
}: {
  label: string;
  value: T;
  choices: readonly (readonly [T, string])[];
  choose: (value: T) => void;
}) {
  const styles = useStyles();
  return (
    <Field label={label}>
      <RadioGroup
        className={styles.radios}
        layout="horizontal"
        value={value}
        onChange={(_, data) => choose(data.value as T)}
      >
        {choices.map(([key, words]) => (
          <Radio key={key} className={styles.radio} value={key} label={words} />
        ))}
      </RadioGroup>
    </Field>
  );
}

export const OneOf = memo(OneOfFew, alike) as typeof OneOfFew;

/** Several of a few. A member that no word is known for has a box of its own, so that it is seen and kept. */
export const SomeOf = memo(function SomeOf({
  label,
  chosen,
  choices,
  toggle,
}: {
  label: string;
  chosen: readonly string[] | null;
  choices: readonly Choice[];
  toggle: (value: string, on: boolean) => void;
}) {
  const styles = useStyles();
  const id = useId();
  const unknown = (chosen ?? []).filter((each) => !choices.some((choice) => choice.value === each));
  // A field of Fluent's would give all boxes in it one and the same id.
  return (
    <div>
      <Label id={id}>{label}</Label>
      {chosen === null ? (
        <Text block className={styles.quiet}>
          Written in a way that this form does not know; see the JSON.
        </Text>
      ) : (
        <div className={styles.checks} role="group" aria-labelledby={id}>
          {[...choices, ...unknown.map((value) => ({ value, words: `${cleanName(value)} (not known)` }))].map(
            (each) => (
              <Checkbox
                key={each.value}
                label={each.words}
                checked={chosen.includes(each.value)}
                onChange={(_, data) => toggle(each.value, data.checked === true)}
              />
            ),
          )}
        </div>
      )}
    </div>
  );
}, alike);

/** A rule in Entra's filter language, kept as it is typed. */
export const FilterField = memo(function FilterField({
  label,
  of,
  example,
  now,
  set,
}: {
  label: string;
  /** "devices", "applications": what the rule filters. */
  of: string;
  example: string;
  now: Filter | null;
  set: (next: Filter | null) => void;
}) {
  const mode = now ? now.mode : "none";
  return (
    <>
      <OneOf
        label={label}
        value={mode}
        choices={[
          ["none", `Any ${of}`],
          ["include", "Only those that a rule fits"],
          ["exclude", "All but those that a rule fits"],
          ...(["none", "include", "exclude"].includes(mode) ? [] : [[mode, `${mode} (not known)`] as const]),
        ]}
        choose={(next) => set(next === "none" ? null : { mode: next, rule: now?.rule ?? "" })}
      />
      {now && (
        <Field label={`Rule for ${of}`} hint={`In Entra's filter language, such as ${example}`}>
          <Textarea
            value={now.rule}
            rows={2}
            resize="vertical"
            onChange={(_, data) => set({ mode, rule: data.value })}
          />
        </Field>
      )}
    </>
  );
}, alike);

/** People found by typing; those who are chosen are read by their id, so that a name stands there and not an id. */
export const PeoplePick = memo(function PeoplePick({
  tenant,
  label,
  chosen,
  set,
  extra = [],
}: {
  tenant: string;
  label: string;
  chosen: readonly string[] | null;
  set: (ids: string[]) => void;
  /** Words for members that are no ids. */
  extra?: readonly Choice[];
}) {
  const [typed, setTyped] = useState("");
  const found = usePeopleLike(tenant, typed);
  const rows = found.map((row) => ({
    value: row.id,
    words: row.displayName ? `${row.displayName}, ${row.upn}` : row.upn,
  }));
  return (
    <ManyPick
      label={label}
      chosen={chosen}
      choices={rows}
      set={set}
      placeholder="Name or UPN"
      onTyped={setTyped}
      nameOf={(id) => extra.find((each) => each.value === id)?.words ?? <UserName tenant={tenant} id={id} />}
    />
  );
}, alike);

const ID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/i;
export function UserName({ tenant, id }: { tenant: string; id: string }) {
  const user = useUser(tenant, id, ID.test(id));
  const row = user.data?.row;
  return <>{row ? cleanName(row.displayName || row.upn) : user.isFetching ? "…" : id}</>;
}
