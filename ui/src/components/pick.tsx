// One of many, found by typing: applications, countries, people. The list may be long; what is typed narrows it.
import { Combobox, makeStyles, mergeClasses, Option } from "@fluentui/react-components";
import { useState } from "react";
import type { TenantRef } from "../bindings";
import { cleanName } from "./names";
import { counted } from "./words";

export interface Choice {
  value: string;
  text: string;
}

const useStyles = makeStyles({
  root: {
    width: "168px",
    minWidth: 0,
    gridTemplateColumns: "minmax(0, 1fr) auto",
    "& > input": { minWidth: 0, textOverflow: "ellipsis" },
  },
  wide: { width: "100%" },
  list: { maxHeight: "min(360px, 50vh)" },
});

/** More would be slow to draw and nobody reads them; typing finds the rest. */
const MOST = 100;

/** The options of a box that is typed into: those that fit, and how many more there are. Fluent wants options as its direct children, so this is no component. */
export const pickOptions = (fitting: readonly Choice[]) => [
  ...fitting.slice(0, MOST).map((choice) => (
    <Option key={choice.value} value={choice.value} text={cleanName(choice.text)}>
      <bdi dir="auto">{cleanName(choice.text)}</bdi>
    </Option>
  )),
  fitting.length === 0 && (
    <Option key="none" disabled text="">
      Nothing matches
    </Option>
  ),
  fitting.length > MOST && (
    <Option key="more" disabled text="">
      {counted(fitting.length - MOST, "more", "more")}, type to find them
    </Option>
  ),
];

/** The options of a box that chooses a customer; no component for the same reason. */
export const tenantOptions = (tenants: readonly TenantRef[]) =>
  tenants.map((tenant) => (
    <Option key={tenant.id} value={tenant.id} text={cleanName(tenant.displayName)}>
      <bdi dir="auto">{cleanName(tenant.displayName)}</bdi>
    </Option>
  ));

export function Pick({
  label,
  any,
  choices,
  chosen,
  wide = false,
  onPick,
}: {
  label: string;
  /** What stands there while nothing is chosen: "Any application". */
  any: string;
  choices: readonly Choice[];
  chosen: string | null;
  /** As wide as the form it stands in. */
  wide?: boolean;
  onPick: (value: string | null) => void;
}) {
  const styles = useStyles();
  const [typed, setTyped] = useState<string | null>(null);
  const now = choices.find((choice) => choice.value === chosen);
  const words = (typed ?? "").trim().toLowerCase();
  const fitting = choices.filter((choice) => !words || choice.text.toLowerCase().includes(words));
  return (
    <Combobox
      className={mergeClasses(styles.root, wide && styles.wide)}
      listbox={{ className: styles.list }}
      aria-label={label}
      placeholder={any}
      clearable
      value={typed ?? (now ? cleanName(now.text) : "")}
      selectedOptions={chosen ? [chosen] : []}
      onChange={(event) => setTyped(event.target.value)}
      onOpenChange={(_, data) => !data.open && setTyped(null)}
      // What was typed and not chosen does not stay as if it were.
      onBlur={() => setTyped(null)}
      onOptionSelect={(_, data) => {
        setTyped(null);
        onPick(data.optionValue && data.optionValue !== chosen ? data.optionValue : null);
      }}
    >
      {pickOptions(fitting)}
    </Combobox>
  );
}

/** "Netherlands (NL)"; a code that no country has stays as it is. */
export function countryName(code: string): string {
  try {
    const name = new Intl.DisplayNames(["en"], { type: "region", fallback: "none" }).of(code);
    return name ? `${name} (${code})` : code;
  } catch {
    return code;
  }
}
