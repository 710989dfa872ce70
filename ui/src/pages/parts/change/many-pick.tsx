// Several of many by name: what is chosen as tags that can be taken away, more by typing. Ids that no name is known for stay as they are.
import { Combobox, Field, makeStyles, Tag, TagGroup, tokens } from "@fluentui/react-components";
import { memo, type ReactNode, useState } from "react";
import type { Choice } from "../../../bindings";
import { cleanName } from "../../../components/names";
import { pickOptions } from "../../../components/pick";
import { alike } from "./alike";

const useStyles = makeStyles({
  root: { display: "grid", gap: tokens.spacingVerticalXS, minWidth: 0 },
  box: {
    width: "100%",
    minWidth: 0,
    gridTemplateColumns: "minmax(0, 1fr) auto",
    "& > input": { minWidth: 0, textOverflow: "ellipsis" },
  },
  list: { maxHeight: "min(320px, 45vh)" },
  tags: { flexWrap: "wrap", gap: tokens.spacingHorizontalXS },
  tag: { maxWidth: "100%", minWidth: 0 },
});

export const ManyPick = memo(function ManyPick({
  label,
  hint,
  chosen,
  choices,
  set,
  placeholder = "Type a name",
  onTyped,
  nameOf,
  problem,
}: {
  label: string;
  hint?: string;
  /** Null: written in a way the form does not know. */
  chosen: readonly string[] | null;
  choices: readonly Choice[];
  set: (ids: string[]) => void;
  placeholder?: string;
  /** Set where the choices follow what is typed. */
  onTyped?: (text: string) => void;
  /** Names of chosen ones that are not among the choices. */
  nameOf?: (id: string) => ReactNode;
  problem?: string | undefined;
}) {
  const styles = useStyles();
  const [typed, setTyped] = useState("");
  const type = (text: string) => {
    setTyped(text);
    onTyped?.(text);
  };
  if (chosen === null)
    return (
      <Field label={label} hint="Written in a way that this form does not know; see the JSON.">
        <Combobox className={styles.box} disabled placeholder="See the JSON" />
      </Field>
    );
  const words = typed.trim().toLowerCase();
  const fitting = onTyped
    ? choices
    : choices.filter((each) => !words || `${each.words} ${each.value}`.toLowerCase().includes(words));
  const known = new Map(choices.map((each) => [each.value.toLowerCase(), each.words]));
  const name = (id: string) => known.get(id.toLowerCase());
  return (
    <div className={styles.root}>
      <Field
        label={label}
        {...(hint ? { hint } : {})}
        {...(problem ? { validationMessage: problem, validationState: "warning" as const } : {})}
      >
        <Combobox
          className={styles.box}
          listbox={{ className: styles.list }}
          multiselect
          freeform
          value={typed}
          placeholder={placeholder}
          selectedOptions={[...chosen]}
          onChange={(event) => type(event.target.value)}
          onBlur={() => type("")}
          onOptionSelect={(_, data) => {
            type("");
            const id = data.optionValue;
            if (id) set(chosen.includes(id) ? chosen.filter((each) => each !== id) : [...chosen, id]);
          }}
        >
          {pickOptions(fitting.map((each) => ({ value: each.value, text: each.words })))}
        </Combobox>
      </Field>
      {chosen.length > 0 && (
        <TagGroup
          className={styles.tags}
          aria-label={label}
          size="small"
          onDismiss={(_, data) => set(chosen.filter((each) => each !== data.value))}
        >
          {chosen.map((id) => (
            <Tag
              key={id}
              value={id}
              className={styles.tag}
              dismissible
              title={id}
              dismissIcon={{ "aria-label": "Remove" }}
            >
              <bdi dir="auto">{cleanName(name(id) ?? "") || (nameOf?.(id) ?? id)}</bdi>
            </Tag>
          ))}
        </TagGroup>
      )}
    </div>
  );
}, alike);
