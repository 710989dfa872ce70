// The conditions of a policy in words. What is not asked says nothing in the JSON either.

import { FilterField, FormSection, OneOf, SomeOf } from "./form-parts";
import { ManyPick } from "./many-pick";
import {
  clientApps,
  insiderRiskLevels,
  platforms,
  riskLevels,
  transferMethods,
  userRiskLevels,
  wellKnownLocations,
} from "./policy-choices";
import type { PartProps } from "./policy-form";
import {
  clients,
  DEVICE_FILTER,
  extent,
  type FlagName,
  filter,
  flags,
  type ListName,
  list,
  setClients,
  setExtent,
  setFilter,
  setFlags,
  setList,
  toggle,
} from "./policy-words";

const EXTENTS = [
  ["notAsked", "Not asked"],
  ["any", "Any"],
  ["chosen", "Chosen"],
] as const;

export function ConditionsForm({ body, choices, edit }: PartProps) {
  const places = [...wellKnownLocations, ...(choices?.locations ?? [])];
  const some = (name: ListName, label: string, from: typeof riskLevels) => (
    <SomeOf
      label={label}
      chosen={list(body, name)}
      choices={from}
      toggle={(value, on) => edit((body) => setList(body, name, toggle(list(body, name) ?? [], value, on)))}
    />
  );
  const flag = (name: FlagName, label: string, from: typeof riskLevels) => (
    <SomeOf
      label={label}
      chosen={flags(body, name)}
      choices={from}
      toggle={(value, on) => edit((body) => setFlags(body, name, toggle(flags(body, name) ?? [], value, on)))}
    />
  );
  const platform = extent(body, "platforms");
  const location = extent(body, "locations");
  const asked = clients(body);
  return (
    <FormSection title="Conditions" note="A condition without a choice is not asked.">
      <OneOf
        label="Platforms"
        value={platform}
        choices={EXTENTS}
        choose={(next) => edit((body) => setExtent(body, "platforms", next, "windows"))}
      />
      {platform === "chosen" && some("includePlatforms", "Chosen platforms", platforms)}
      {platform !== "notAsked" && some("excludePlatforms", "Excluded platforms", platforms)}
      <OneOf
        label="Locations"
        value={location}
        choices={EXTENTS}
        choose={(next) => edit((body) => setExtent(body, "locations", next, "AllTrusted"))}
      />
      {location === "chosen" && (
        <ManyPick
          label="Chosen locations"
          chosen={list(body, "includeLocations")}
          choices={places}
          set={(ids) => edit((body) => setList(body, "includeLocations", ids))}
        />
      )}
      {location !== "notAsked" && (
        <ManyPick
          label="Excluded locations"
          chosen={list(body, "excludeLocations")}
          choices={places}
          set={(ids) => edit((body) => setList(body, "excludeLocations", ids))}
        />
      )}
      <SomeOf
        label="Client apps"
        chosen={asked}
        choices={clientApps}
        toggle={(value, on) => edit((body) => setClients(body, toggle(asked ?? [], value, on)))}
      />
      {some("signInRisk", "Sign-in risk", riskLevels)}
      {some("userRisk", "User risk", userRiskLevels)}
      {flag("insiderRisk", "Insider risk", insiderRiskLevels)}
      {flag("flows", "Authentication flows", transferMethods)}
      <FilterField
        label="Filter for devices"
        of="devices"
        example='device.trustType -eq "AzureAD"'
        now={filter(body, DEVICE_FILTER)}
        set={(next) => edit((body) => setFilter(body, DEVICE_FILTER, next))}
      />
    </FormSection>
  );
}
