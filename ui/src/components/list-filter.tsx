// What a list is narrowed by where the choices are few: a box that takes one of them, or several. Which rows match is the page's.
import { Dropdown, makeStyles, Option } from "@fluentui/react-components";
import type { ReactNode } from "react";

const useStyles = makeStyles({ root: { minWidth: "132px" } });

interface Filter<T extends string> {
  label: string;
  choices: readonly T[];
  words: (choice: T) => string;
  /** How a choice looks in the open list, where that is more than its words. */
  draw?: (choice: T) => ReactNode;
}

const options = <T extends string>({ choices, words, draw }: Filter<T>) =>
  choices.map((each) => (
    <Option key={each} value={each} text={words(each)}>
      {draw ? draw(each) : words(each)}
    </Option>
  ));

export function FilterOne<T extends string>({
  any,
  chosen,
  choose,
  ...filter
}: Filter<T> & {
  /** The first choice, which keeps every row: "Any state". Without it one of the choices always holds. */
  any?: string;
  chosen: T | null;
  choose: (choice: T | undefined) => void;
}) {
  const styles = useStyles();
  return (
    <Dropdown
      className={styles.root}
      aria-label={filter.label}
      value={chosen === null ? (any ?? "") : filter.words(chosen)}
      selectedOptions={[chosen ?? ""]}
      onOptionSelect={(_, data) => choose(filter.choices.find((each) => each === data.optionValue))}
    >
      {any !== undefined && <Option value="">{any}</Option>}
      {options(filter)}
    </Dropdown>
  );
}

export function FilterSeveral<T extends string>({
  any,
  chosen,
  choose,
  said,
  ...filter
}: Filter<T> & {
  /** What stands there while nothing is chosen. */
  any: string;
  chosen: readonly T[];
  choose: (chosen: readonly string[]) => void;
  /** What is chosen, where all the words would be too long. */
  said?: string;
}) {
  const styles = useStyles();
  return (
    <Dropdown
      className={styles.root}
      aria-label={filter.label}
      placeholder={any}
      multiselect
      value={said ?? chosen.map(filter.words).join(", ")}
      selectedOptions={[...chosen]}
      onOptionSelect={(_, data) => choose(data.selectedOptions)}
    >
      {options(filter)}
    </Dropdown>
  );
}
