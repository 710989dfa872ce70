// One person of a tenant, found by typing a name or a UPN.
import { Combobox, Field as Labelled, makeStyles, Option } from "@fluentui/react-components";
import { useState } from "react";
import type { PersonRef } from "../../bindings";
import { cleanName, PersonName } from "../../components/names";
import { usePeopleLike } from "../../data/queries";

const useStyles = makeStyles({ control: { minWidth: 0, width: "100%" }, list: { maxHeight: "320px" } });

export function UserPick({
  tenant,
  label = "Who",
  chosen,
  person,
  choose,
}: {
  tenant: string;
  label?: string;
  chosen: string | null;
  person: PersonRef | null;
  choose: (user: string | undefined) => void;
}) {
  const styles = useStyles();
  const [typed, setTyped] = useState<string | null>(null);
  const found = usePeopleLike(tenant, typed ?? "");
  return (
    <Labelled label={label}>
      <Combobox
        className={styles.control}
        listbox={{ className: styles.list }}
        clearable
        freeform
        value={typed ?? (person ? cleanName(person.displayName || person.upn) : "")}
        selectedOptions={chosen ? [chosen] : []}
        placeholder="Name or UPN"
        onChange={(event) => setTyped(event.target.value)}
        onBlur={() => setTyped(null)}
        onOptionSelect={(_, data) => {
          setTyped(null);
          choose(data.optionValue || undefined);
        }}
      >
        {found.map((row) => (
          <Option key={row.id} value={row.id} text={cleanName(row.displayName || row.upn)}>
            <PersonName person={row} />
          </Option>
        ))}
      </Combobox>
    </Labelled>
  );
}
