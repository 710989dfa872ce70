// One person of a tenant, found by typing a name or a UPN.
import { Combobox, Field as Labelled, makeStyles, Option } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { commands, type PersonRef } from "../../bindings";
import { cleanName, PersonName } from "../../components/names";
import { ask } from "../../data/ipc";

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
  const [asked, setAsked] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setAsked(typed ?? ""), 80);
    return () => clearTimeout(timer);
  }, [typed]);
  const found = useQuery({
    queryKey: [tenant, "userPick", asked],
    queryFn: () =>
      ask(
        commands.usersList({
          tenant,
          text: asked || null,
          window: { offset: 0, limit: 30, sort: "displayName", descending: false },
        }),
      ),
    placeholderData: (before) => before,
  });
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
        {(found.data?.rows ?? []).map((row) => (
          <Option key={row.id} value={row.id} text={cleanName(row.displayName || row.upn)}>
            <PersonName person={row} />
          </Option>
        ))}
      </Combobox>
    </Labelled>
  );
}
