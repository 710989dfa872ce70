// What a policy asks for and how long that holds, in words.
import { Dropdown, Field, Input, makeStyles, Option, Switch, tokens } from "@fluentui/react-components";
import { cleanName } from "../../../components/names";
import { FormSection, OneOf, SomeOf } from "./form-parts";
import { ManyPick } from "./many-pick";
import { builtInStrengths, cloudAppSecurity, grantControls, persistentBrowser } from "./policy-choices";
import type { PartProps } from "./policy-form";
import {
  type Frequency,
  frequency,
  grant,
  list,
  operator,
  SESSION_WORDS,
  type SessionSwitch,
  type SessionWord,
  sessionSwitch,
  sessionWord,
  setControls,
  setFrequency,
  setGrant,
  setList,
  setOperator,
  setSessionSwitch,
  setSessionWord,
  setStrength,
  strength,
  toggle,
} from "./policy-words";

const useStyles = makeStyles({
  row: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalM, alignItems: "end" },
  number: { width: "88px" },
  pick: { minWidth: "160px" },
});

const SWITCHES: readonly (readonly [SessionSwitch, string])[] = [
  ["applicationEnforcedRestrictions", "Restrictions that the application enforces"],
  ["secureSignInSession", "Token protection for sign-in sessions"],
  ["disableResilienceDefaults", "No sign-in from a kept session during an outage (resilience defaults off)"],
];
const WORDS: readonly (readonly [SessionWord, string, typeof persistentBrowser])[] = [
  ["persistentBrowser", "Persistent browser session", persistentBrowser],
  ["cloudAppSecurity", "Defender for Cloud Apps", cloudAppSecurity],
];

export function ControlsForm({ body, choices, edit }: PartProps) {
  const styles = useStyles();
  const now = grant(body);
  const controls = list(body, "controls");
  const strong = strength(body);
  const strengths = choices?.strengths.length ? choices.strengths : builtInStrengths;
  const terms = list(body, "terms");
  const rest = (controls ?? []).length + (strong ? 1 : 0) + (terms ?? []).length;
  return (
    <>
      <FormSection title="Controls">
        <OneOf
          label="Then"
          value={now}
          choices={[
            ["block", "Block"],
            ["grant", "Grant, and ask for"],
            ["nothing", "Ask for nothing"],
          ]}
          choose={(next) => edit((body) => setGrant(body, next))}
        />
        {now === "grant" && (
          <>
            <SomeOf
              label="What is asked for"
              chosen={controls}
              choices={grantControls}
              toggle={(value, on) => edit((body) => setControls(body, toggle(controls ?? [], value, on)))}
            />
            <Field label="Authentication strength" hint="In place of MFA: Entra takes only one of the two.">
              <Dropdown
                className={styles.pick}
                value={strong ? cleanName(strengths.find((each) => each.value === strong)?.words ?? strong) : "None"}
                selectedOptions={[strong]}
                onOptionSelect={(_, data) => edit((body) => setStrength(body, data.optionValue || null))}
              >
                <Option value="">None</Option>
                {strengths.map((each) => (
                  <Option key={each.value} value={each.value} text={cleanName(each.words)}>
                    <bdi dir="auto">{cleanName(each.words)}</bdi>
                  </Option>
                ))}
              </Dropdown>
            </Field>
            {/* Terms of use are not read from tenants: an id in the JSON is shown and can be taken away. */}
            {(terms === null || terms.length > 0) && (
              <ManyPick
                label="Terms of use"
                chosen={terms}
                choices={[]}
                set={(ids) => edit((body) => setList(body, "terms", ids))}
              />
            )}
            {rest > 1 && (
              <OneOf
                label="Of these"
                value={operator(body)}
                choices={[
                  ["AND", "All of them"],
                  ["OR", "One of them"],
                  ...(["AND", "OR"].includes(operator(body))
                    ? []
                    : [[operator(body), `${cleanName(operator(body))} (not known)`] as const]),
                ]}
                choose={(next) => edit((body) => setOperator(body, next))}
              />
            )}
          </>
        )}
      </FormSection>
      <FormSection title="Session">
        <FrequencyField value={frequency(body)} set={(next) => edit((body) => setFrequency(body, next))} />
        {WORDS.map(([name, label, from]) => {
          const word = sessionWord(body, name);
          return (
            <Field key={SESSION_WORDS[name]} label={label}>
              <Dropdown
                className={styles.pick}
                value={
                  word
                    ? (from.find((each) => each.value === word)?.words ?? `${cleanName(word)} (not known)`)
                    : "Not set"
                }
                selectedOptions={[word]}
                onOptionSelect={(_, data) => edit((body) => setSessionWord(body, name, data.optionValue ?? ""))}
              >
                <Option value="">Not set</Option>
                {from.map((each) => (
                  <Option key={each.value} value={each.value}>
                    {each.words}
                  </Option>
                ))}
              </Dropdown>
            </Field>
          );
        })}
        <div>
          {SWITCHES.map(([name, label]) => (
            <Switch
              key={name}
              label={label}
              checked={sessionSwitch(body, name)}
              onChange={(_, data) => edit((body) => setSessionSwitch(body, name, data.checked))}
            />
          ))}
        </div>
      </FormSection>
    </>
  );
}

function FrequencyField({ value, set }: { value: Frequency; set: (next: Frequency) => void }) {
  const styles = useStyles();
  return (
    <div className={styles.row}>
      <OneOf
        label="Sign in again"
        value={value.kind}
        choices={[
          ["off", "Not set"],
          ["time", "After a time"],
          ["everyTime", "Every time"],
        ]}
        choose={(kind) => set(kind === "time" ? { kind, value: 12, unit: "hours" } : { kind })}
      />
      {value.kind === "time" && (
        <>
          <Field label="After">
            <Input
              className={styles.number}
              type="number"
              min={1}
              value={value.value > 0 ? String(value.value) : ""}
              onChange={(_, data) => set({ ...value, value: Math.max(0, Math.trunc(Number(data.value) || 0)) })}
            />
          </Field>
          <Field label="Unit">
            <Dropdown
              value={value.unit === "days" ? "Days" : "Hours"}
              selectedOptions={[value.unit]}
              onOptionSelect={(_, data) => set({ ...value, unit: data.optionValue === "days" ? "days" : "hours" })}
            >
              <Option value="hours">Hours</Option>
              <Option value="days">Days</Option>
            </Dropdown>
          </Field>
        </>
      )}
    </div>
  );
}
