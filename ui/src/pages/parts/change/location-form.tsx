// A named location in words: addresses or countries.
import { Field, Input, makeStyles, Switch, Text, Textarea, tokens } from "@fluentui/react-components";
import { useMemo, useState } from "react";
import { countryName } from "../../../components/pick";
import { FormSection } from "./form-parts";
import type { Body } from "./json-body";
import { countries, flag, place, ranges, setCountries, setFlag, setRanges } from "./location-words";
import { ManyPick } from "./many-pick";
import { setName, text } from "./policy-words";

const useStyles = makeStyles({
  root: { display: "grid", gap: tokens.spacingVerticalM, minWidth: 0, border: "none", margin: 0, padding: 0 },
  quiet: { color: tokens.colorNeutralForeground3 },
});

/** Every code that the web view knows a country for. */
function allCountries() {
  const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
  return letters
    .flatMap((first) => letters.map((second) => first + second))
    .map((code) => ({ value: code, words: countryName(code) }))
    .filter((each) => each.words !== each.value)
    .sort((a, b) => a.words.localeCompare(b.words));
}

export function LocationForm({
  body,
  edit,
  locked,
}: {
  body: Body;
  edit: (step: (body: Body) => Body) => void;
  locked: boolean;
}) {
  const styles = useStyles();
  const kind = place(body);
  const all = useMemo(allCountries, []);
  return (
    <fieldset className={styles.root} disabled={locked} aria-label="The location in words">
      <Field label="Name" required>
        <Input value={text(body, ["displayName"])} onChange={(_, data) => edit((body) => setName(body, data.value))} />
      </Field>
      {kind === "addresses" && <Ranges body={body} edit={edit} />}
      {kind === "countries" && (
        <FormSection title="Countries">
          <ManyPick
            label="Countries and regions"
            chosen={countries(body)}
            choices={all}
            set={(codes) => edit((body) => setCountries(body, codes))}
          />
          <Switch
            label="Places that no country is known for belong to it"
            checked={flag(body, "includeUnknownCountriesAndRegions")}
            onChange={(_, data) => edit((body) => setFlag(body, "includeUnknownCountriesAndRegions", data.checked))}
          />
        </FormSection>
      )}
      {kind === "other" && (
        <Text className={styles.quiet}>A location of a kind that this form does not know. Edit its JSON.</Text>
      )}
    </fieldset>
  );
}

const linesOf = (text: string) =>
  text
    .split(/[\s,;]+/)
    .map((line) => line.trim())
    .filter(Boolean);

function Ranges({ body, edit }: { body: Body; edit: (step: (body: Body) => Body) => void }) {
  const styles = useStyles();
  const known = ranges(body);
  const [typed, setTyped] = useState<string | null>(null);
  const written = (known ?? []).join("\n");
  // What is typed stands while it says the same as the body; anything else came from the JSON.
  const shown = typed !== null && linesOf(typed).join("\n") === written ? typed : written;
  return (
    <FormSection title="Addresses">
      {known === null ? (
        <Text className={styles.quiet}>Ranges of a kind that this form does not know. Edit the JSON.</Text>
      ) : (
        <Field label="IP ranges" required hint="One a line, such as 203.0.113.0/24 or 2001:db8::/48">
          <Textarea
            rows={6}
            resize="vertical"
            dir="ltr"
            value={shown}
            onChange={(_, data) => {
              setTyped(data.value);
              edit((body) => setRanges(body, linesOf(data.value)));
            }}
          />
        </Field>
      )}
      <Switch
        label="Trusted"
        checked={flag(body, "isTrusted")}
        onChange={(_, data) => edit((body) => setFlag(body, "isTrusted", data.checked))}
      />
    </FormSection>
  );
}
