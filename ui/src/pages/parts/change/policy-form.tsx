// A policy in words: who, what for, under which conditions, what is asked, and for how long it holds. It holds nothing itself: every field is
// read from the body and every edit makes the next body.
import {
  Dropdown,
  Field,
  Input,
  MessageBar,
  MessageBarBody,
  makeStyles,
  Option,
  tokens,
} from "@fluentui/react-components";
import type { ChangeChoices } from "../../../bindings";
import { cleanName } from "../../../components/names";
import { counted } from "../../../components/words";
import { policyStateWord } from "../state-words";
import { ConditionsForm } from "./conditions-form";
import { ControlsForm } from "./controls-form";
import { FilterField, FormSection, OneOf, PeoplePick, SomeOf } from "./form-parts";
import type { Body } from "./json-body";
import { ManyPick } from "./many-pick";
import { guestTypes, states, userActions, wellKnownApplications } from "./policy-choices";
import {
  APPLICATION_FILTER,
  filter,
  flags,
  guestTenants,
  list,
  otherSettings,
  setFilter,
  setFlags,
  setGuestTenants,
  setList,
  setName,
  setState,
  setTarget,
  setWho,
  type Target,
  target,
  text,
  toggle,
  who,
} from "./policy-words";

const useStyles = makeStyles({
  root: { display: "grid", gap: tokens.spacingVerticalM, minWidth: 0, border: "none", margin: 0, padding: 0 },
  two: { display: "grid", gridTemplateColumns: "minmax(0, 2fr) minmax(140px, 1fr)", gap: tokens.spacingHorizontalM },
  field: { minWidth: 0, width: "100%" },
});

export interface PartProps {
  tenant: string;
  body: Body;
  choices: ChangeChoices | undefined;
  /** Takes a step from the body as it is when the step is taken, so that a field need not be drawn anew for another one's edit. */
  edit: (step: (body: Body) => Body) => void;
}

/** `locked`: the JSON beside it cannot be read now, and an edit here would lose what is typed there. */
export function PolicyForm({ locked, ...props }: PartProps & { locked: boolean }) {
  const styles = useStyles();
  const { body, edit } = props;
  const others = otherSettings(body);
  const state = text(body, ["state"]);
  return (
    <fieldset className={styles.root} disabled={locked} aria-label="The policy in words" data-testid="words">
      <div className={styles.two}>
        <Field label="Name" required>
          <Input
            className={styles.field}
            value={text(body, ["displayName"])}
            onChange={(_, data) => edit((body) => setName(body, data.value))}
          />
        </Field>
        <Field label="State">
          <Dropdown
            className={styles.field}
            value={policyStateWord(state)}
            selectedOptions={[state]}
            onOptionSelect={(_, { optionValue }) => optionValue && edit((body) => setState(body, optionValue))}
          >
            {states.map((each) => (
              <Option key={each.value} value={each.value}>
                {each.words}
              </Option>
            ))}
          </Dropdown>
        </Field>
      </div>
      <PeopleForm {...props} />
      <TargetForm {...props} />
      <ConditionsForm {...props} />
      <ControlsForm {...props} />
      {others.length > 0 && (
        <MessageBar intent="info" layout="multiline">
          <MessageBarBody>
            {counted(others.length, "other setting")}, see JSON: {others.map(cleanName).join(", ")}. They stay as they
            are.
          </MessageBarBody>
        </MessageBar>
      )}
    </fieldset>
  );
}

const SPECIAL = [{ value: "GuestsOrExternalUsers", words: "All guests and external users" }];
const WORDS = new Set(["All", "None"]);

function PeopleForm({ tenant, body, choices, edit }: PartProps) {
  const included = who(body);
  const pick = (
    name: "includeGroups" | "excludeGroups" | "includeRoles" | "excludeRoles",
    label: string,
    from: ChangeChoices["groups"] | undefined,
  ) => (
    <ManyPick
      label={label}
      chosen={list(body, name)}
      choices={from ?? []}
      set={(ids) => edit((body) => setList(body, name, ids))}
    />
  );
  const people = (name: "includeUsers" | "excludeUsers", label: string) => {
    const members = list(body, name);
    const kept = (members ?? []).filter((each) => WORDS.has(each));
    return (
      <PeoplePick
        tenant={tenant}
        label={label}
        chosen={members?.filter((each) => !WORDS.has(each)) ?? null}
        extra={SPECIAL}
        set={(ids) => edit((body) => setList(body, name, [...kept, ...ids]))}
      />
    );
  };
  return (
    <>
      <FormSection title="People">
        <OneOf
          label="For whom"
          value={included}
          choices={[
            ["all", "Everybody"],
            ["chosen", "Chosen people"],
            ["none", "Nobody"],
          ]}
          choose={(next) => edit((body) => setWho(body, next))}
        />
        {included === "chosen" && (
          <>
            {people("includeUsers", "Users")}
            {pick("includeGroups", "Groups", choices?.groups)}
            {pick("includeRoles", "Roles", choices?.roles)}
            <Guests side="includeGuests" label="Guests and external users" body={body} edit={edit} />
          </>
        )}
      </FormSection>
      <FormSection title="Except">
        {people("excludeUsers", "Excluded users")}
        {pick("excludeGroups", "Excluded groups", choices?.groups)}
        {pick("excludeRoles", "Excluded roles", choices?.roles)}
        <Guests side="excludeGuests" label="Excluded guests and external users" body={body} edit={edit} />
      </FormSection>
    </>
  );
}

function Guests({
  side,
  label,
  body,
  edit,
}: Pick<PartProps, "body" | "edit"> & { side: "includeGuests" | "excludeGuests"; label: string }) {
  const kinds = flags(body, side);
  const tenants = guestTenants(body, side);
  return (
    <>
      <SomeOf
        label={label}
        chosen={kinds}
        choices={guestTypes}
        toggle={(kind, on) => edit((body) => setFlags(body, side, toggle(kinds ?? [], kind, on)))}
      />
      {kinds !== null && kinds.length > 0 && (
        <>
          <OneOf
            label={`${label}: from`}
            value={tenants === null ? "all" : "some"}
            choices={[
              ["all", "Any tenant"],
              ["some", "Named tenants"],
            ]}
            choose={(next) => edit((body) => setGuestTenants(body, side, next === "all" ? null : (tenants ?? [])))}
          />
          {tenants !== null && (
            <Field label={`${label}: ids of their tenants`} hint="One after another, with commas">
              <Input
                defaultValue={tenants.join(", ")}
                onBlur={(event) =>
                  edit((body) =>
                    setGuestTenants(
                      body,
                      side,
                      event.target.value
                        .split(/[\s,;]+/)
                        .map((each) => each.trim())
                        .filter(Boolean),
                    ),
                  )
                }
              />
            </Field>
          )}
        </>
      )}
    </>
  );
}

const TARGETS: readonly (readonly [Target, string])[] = [
  ["all", "All applications"],
  ["applications", "Chosen applications"],
  ["actions", "User actions"],
  ["contexts", "Authentication contexts"],
  ["none", "None"],
];

function TargetForm({ body, choices, edit }: PartProps) {
  // A choice that has no member yet says the same as *chosen applications*; the first member is taken so that the words stay true.
  const now = target(body);
  const applications = [
    ...wellKnownApplications,
    ...(choices?.applications ?? []).filter(
      (each) => !wellKnownApplications.some((known) => known.value === each.value),
    ),
  ];
  const actions = choices?.userActions.length ? choices.userActions : userActions;
  const contexts = choices?.contexts ?? [];
  return (
    <FormSection title="Applications">
      <OneOf
        label="What for"
        value={now}
        choices={TARGETS.filter(([key]) => key !== "contexts" || contexts.length > 0 || now === "contexts")}
        choose={(next) =>
          edit((body) =>
            setTarget(
              body,
              next,
              next === "actions" ? actions[0]?.value : next === "contexts" ? contexts[0]?.value : undefined,
            ),
          )
        }
      />
      {now === "applications" && (
        <ManyPick
          label="Applications"
          placeholder="Name or id"
          chosen={list(body, "includeApplications")}
          choices={applications}
          set={(ids) => edit((body) => setList(body, "includeApplications", ids))}
        />
      )}
      {now === "actions" && (
        <SomeOf
          label="User actions"
          chosen={list(body, "userActions")}
          choices={actions}
          toggle={(value, on) =>
            edit((body) => setList(body, "userActions", toggle(list(body, "userActions") ?? [], value, on)))
          }
        />
      )}
      {now === "contexts" && (
        <SomeOf
          label="Authentication contexts"
          chosen={list(body, "contexts")}
          choices={contexts}
          toggle={(value, on) =>
            edit((body) => setList(body, "contexts", toggle(list(body, "contexts") ?? [], value, on)))
          }
        />
      )}
      {(now === "all" || now === "applications") && (
        <>
          <ManyPick
            label="Excluded applications"
            placeholder="Name or id"
            chosen={list(body, "excludeApplications")}
            choices={applications}
            set={(ids) => edit((body) => setList(body, "excludeApplications", ids))}
          />
          <FilterField
            label="Filter for applications"
            of="applications"
            example='CustomSecurityAttribute.Set_Name -eq "value"'
            now={filter(body, APPLICATION_FILTER)}
            set={(next) => edit((body) => setFilter(body, APPLICATION_FILTER, next))}
          />
        </>
      )}
    </FormSection>
  );
}
