// The form of a what-if: who, for what, from where, on which device. Every field may stay open; what is open is said in the answer.
import {
  Accordion,
  AccordionHeader,
  AccordionItem,
  AccordionPanel,
  Button,
  Card,
  Combobox,
  Dropdown,
  Input,
  Field as Labelled,
  makeStyles,
  Option,
  OptionGroup,
  Subtitle2,
  tokens,
} from "@fluentui/react-components";
import { useEffect, useRef, useState } from "react";
import type { Choice, PersonRef, WhatIfChoices } from "../../bindings";
import { cleanName } from "../../components/names";
import { UserPick } from "./user-pick";
import { clients, deviceStates, type Field, flows, insiderRisks, platforms, risks, trusts } from "./what-if-request";

const useStyles = makeStyles({
  card: { padding: tokens.spacingHorizontalL, gap: tokens.spacingVerticalM },
  head: { display: "flex", justifyContent: "space-between", alignItems: "center", gap: tokens.spacingHorizontalS },
  two: {
    display: "grid",
    gridTemplateColumns: "repeat(auto-fit, minmax(140px, 1fr))",
    gap: tokens.spacingVerticalM,
  },
  control: { minWidth: 0, width: "100%" },
  more: { marginInline: `calc(-1 * ${tokens.spacingHorizontalM})` },
  panel: { display: "grid", gap: tokens.spacingVerticalM, paddingTop: tokens.spacingVerticalS },
  list: { maxHeight: "320px" },
});

export type SetFields = (patch: Partial<Record<Field, string | undefined>>) => void;
type Values = Record<string, string | undefined>;

export function WhatIfForm({
  tenant,
  values,
  choices,
  person,
  set,
  fromSignIn,
  clear,
}: {
  tenant: string;
  values: Values;
  choices: WhatIfChoices | undefined;
  /** The chosen user by name, once it is known. */
  person: PersonRef | null;
  set: SetFields;
  fromSignIn: () => void;
  clear: () => void;
}) {
  const styles = useStyles();
  const pick = (field: Field, label: string, list: readonly Choice[], open = "Not said") => (
    <Pick label={label} value={values[field]} list={list} open={open} choose={(value) => set({ [field]: value })} />
  );
  const type = (field: Field, label: string, placeholder: string) => (
    <Typed label={label} value={values[field]} placeholder={placeholder} choose={(text) => set({ [field]: text })} />
  );
  const details = ["trust", "device", "maker", "model", "os", "osVersion"].some((field) => values[field]);
  const further = ["signInRisk", "userRisk", "insiderRisk", "flow"].some(
    (field) => values[field] && values[field] !== "none",
  );
  const [opened, setOpened] = useState<string[]>([...(details ? ["device"] : []), ...(further ? ["risk"] : [])]);
  // What was filled from elsewhere is not hidden.
  useEffect(() => {
    setOpened((now) => [
      ...now,
      ...(details && !now.includes("device") ? ["device"] : []),
      ...(further && !now.includes("risk") ? ["risk"] : []),
    ]);
  }, [details, further]);
  return (
    <Card className={styles.card} role="form" aria-label="Sign-in">
      <div className={styles.head}>
        <Subtitle2 as="h2">Sign-in</Subtitle2>
        <span>
          <Button size="small" onClick={fromSignIn}>
            As a real sign-in
          </Button>{" "}
          <Button size="small" appearance="subtle" onClick={clear}>
            Clear
          </Button>
        </span>
      </div>
      <UserPick
        key={values.user ?? "none"}
        tenant={tenant}
        chosen={values.user ?? null}
        person={person}
        choose={(user) => set({ user })}
      />
      <TargetPick values={values} choices={choices} set={set} />
      {pick("client", "Client", clients)}
      <div className={styles.two}>
        <Suggest
          label="IP address"
          value={values.ip}
          list={choices?.addresses ?? []}
          placeholder="203.0.113.7"
          choose={(ip) => set({ ip })}
        />
        <Suggest
          label="Country"
          value={values.country}
          list={choices?.countries ?? []}
          placeholder="Two letters"
          choose={(country) => set({ country: country?.toUpperCase() })}
        />
      </div>
      <div className={styles.two}>
        {pick("platform", "Platform", platforms)}
        {pick("state", "Device", deviceStates)}
      </div>
      <Accordion
        className={styles.more}
        multiple
        collapsible
        openItems={opened}
        onToggle={(_, data) => setOpened(data.openItems as string[])}
      >
        <AccordionItem value="device">
          <AccordionHeader size="small">The device in detail</AccordionHeader>
          <AccordionPanel className={styles.panel}>
            {pick("trust", "Join", trusts)}
            <div className={styles.two}>
              {type("device", "Name", "LAPTOP-0042")}
              {type("os", "Operating system", "Windows")}
              {type("osVersion", "Version", "10.0.26100")}
              {type("maker", "Manufacturer", "Lenovo")}
              {type("model", "Model", "ThinkPad X1")}
            </div>
          </AccordionPanel>
        </AccordionItem>
        <AccordionItem value="risk">
          <AccordionHeader size="small">Risk and way of signing in</AccordionHeader>
          <AccordionPanel className={styles.panel}>
            <div className={styles.two}>
              {pick("signInRisk", "Sign-in risk", risks)}
              {pick("userRisk", "User risk", risks)}
              {pick("insiderRisk", "Insider risk", insiderRisks)}
              {pick("flow", "Special flow", flows)}
            </div>
          </AccordionPanel>
        </AccordionItem>
      </Accordion>
    </Card>
  );
}

function Pick({
  label,
  value,
  list,
  open,
  choose,
}: {
  label: string;
  value: string | undefined;
  list: readonly Choice[];
  open: string;
  choose: (value: string | undefined) => void;
}) {
  const styles = useStyles();
  const known = list.find((each) => each.value.toLowerCase() === value?.toLowerCase());
  return (
    <Labelled label={label}>
      <Dropdown
        className={styles.control}
        value={known?.words ?? value ?? open}
        selectedOptions={[known?.value ?? value ?? ""]}
        onOptionSelect={(_, data) => choose(data.optionValue || undefined)}
      >
        <Option value="">{open}</Option>
        {list.map((each) => (
          <Option key={each.value} value={each.value}>
            {each.words}
          </Option>
        ))}
      </Dropdown>
    </Labelled>
  );
}

/** Long enough to not ask for every letter, short enough to keep up with typing. */
const TYPING_MS = 120;

/**
 * A text that is typed: shown at once, said after a moment. The address is slower than fingers, so what is typed is not read back from it
 * until it rests.
 */
function useTyped(value: string | undefined, say: (text: string | undefined) => void) {
  const [typed, setTyped] = useState<string | null>(null);
  const saying = useRef(say);
  saying.current = say;
  useEffect(() => {
    if (typed === null) return;
    const timer = setTimeout(() => saying.current(typed.trim() || undefined), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  // What arrived is the address's again, and so is whatever else changes it.
  useEffect(() => {
    setTyped((now) => (now !== null && now.trim().toLowerCase() === (value ?? "").toLowerCase() ? null : now));
  }, [value]);
  return {
    text: typed ?? value ?? "",
    type: (text: string) => setTyped(text),
    take: (text: string | undefined) => {
      setTyped(null);
      saying.current(text);
    },
  };
}

function Typed({
  label,
  value,
  placeholder,
  choose,
}: {
  label: string;
  value: string | undefined;
  placeholder: string;
  choose: (value: string | undefined) => void;
}) {
  const styles = useStyles();
  const typed = useTyped(value, choose);
  return (
    <Labelled label={label}>
      <Input
        className={styles.control}
        value={typed.text}
        placeholder={placeholder}
        onChange={(_, data) => typed.type(data.value)}
      />
    </Labelled>
  );
}

/** Any text, with suggestions; taken over while it is typed. */
function Suggest({
  label,
  value,
  list,
  placeholder,
  choose,
}: {
  label: string;
  value: string | undefined;
  list: readonly Choice[];
  placeholder: string;
  choose: (value: string | undefined) => void;
}) {
  const styles = useStyles();
  const typed = useTyped(value, choose);
  const words = typed.text.toLowerCase();
  const matching = list
    .filter((each) => !words || `${each.value} ${each.words}`.toLowerCase().includes(words))
    .slice(0, 50);
  return (
    <Labelled label={label}>
      <Combobox
        className={styles.control}
        listbox={{ className: styles.list }}
        freeform
        clearable
        value={typed.text}
        selectedOptions={value ? [value] : []}
        placeholder={placeholder}
        onChange={(event) => typed.type(event.target.value)}
        onOptionSelect={(_, data) => typed.take(data.optionValue || undefined)}
      >
        {matching.map((each) => (
          <Option key={each.value} value={each.value} text={each.value}>
            {each.words === each.value ? each.value : `${each.value}, ${cleanName(each.words)}`}
          </Option>
        ))}
      </Combobox>
    </Labelled>
  );
}

function TargetPick({ values, choices, set }: { values: Values; choices: WhatIfChoices | undefined; set: SetFields }) {
  const styles = useStyles();
  const chosen = values.action
    ? `action:${values.action}`
    : values.context
      ? `context:${values.context}`
      : values.app
        ? `app:${values.app}`
        : "";
  const groups = [
    ["app", "Applications", choices?.applications ?? []],
    ["action", "User actions", choices?.userActions ?? []],
    ["context", "Authentication contexts", choices?.contexts ?? []],
  ] as const;
  const shown =
    groups.flatMap(([kind, , list]) => list.filter((each) => `${kind}:${each.value}` === chosen))[0]?.words ??
    values.app ??
    values.action ??
    values.context ??
    "";
  const [typed, setTyped] = useState<string | null>(null);
  const words = (typed ?? "").toLowerCase();
  return (
    <Labelled label="What for">
      <Combobox
        className={styles.control}
        listbox={{ className: styles.list }}
        clearable
        value={typed ?? cleanName(shown)}
        selectedOptions={[chosen]}
        placeholder="Any application: type its name or id"
        freeform
        onChange={(event) => setTyped(event.target.value)}
        onBlur={() => setTyped(null)}
        onOptionSelect={(_, data) => {
          setTyped(null);
          const [kind, ...rest] = (data.optionValue ?? "").split(":");
          const value = rest.join(":") || undefined;
          set({
            app: kind === "app" ? value : undefined,
            action: kind === "action" ? value : undefined,
            context: kind === "context" ? value : undefined,
          });
        }}
      >
        {groups.map(([kind, title, list]) => {
          const matching = list
            .filter((each) => !words || `${each.words} ${each.value}`.toLowerCase().includes(words))
            .slice(0, 60);
          return matching.length === 0 ? null : (
            <OptionGroup key={kind} label={title}>
              {matching.map((each) => (
                <Option key={each.value} value={`${kind}:${each.value}`} text={cleanName(each.words)}>
                  <bdi dir="auto">{cleanName(each.words)}</bdi>
                </Option>
              ))}
            </OptionGroup>
          );
        })}
        {/^[0-9a-f-]{36}$/i.test(words) && <Option value={`app:${words}`}>{`Application ${words}`}</Option>}
      </Combobox>
    </Labelled>
  );
}
