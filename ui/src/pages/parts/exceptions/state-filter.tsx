// Filters of the two lists of exceptions, kept in the page's address.
import { Dropdown, makeStyles, Option } from "@fluentui/react-components";
import { useFilters } from "../../../address";

const useStyles = makeStyles({ dropdown: { minWidth: "148px" } });

/** By the word in the address: what it is called, and which rows it leaves. */
export type Filters<T> = Record<string, readonly [string, (row: T) => boolean]>;

export const chosen = <T,>(of: Filters<T>, name: string | undefined) => (name !== undefined ? of[name] : undefined);

export function StateFilter<T>({ label, any, of }: { label: string; any: string; of: Filters<T> }) {
  const styles = useStyles();
  const [search, setSearch] = useFilters();
  return (
    <Dropdown
      className={styles.dropdown}
      aria-label={label}
      placeholder={any}
      value={chosen(of, search.state)?.[0] ?? ""}
      selectedOptions={[search.state ?? ""]}
      onOptionSelect={(_, data) => setSearch({ state: data.optionValue || undefined })}
    >
      <Option value="">{any}</Option>
      {Object.entries(of).map(([name, [words]]) => (
        <Option key={name} value={name}>
          {words}
        </Option>
      ))}
    </Dropdown>
  );
}
