// A policy's body (Graph's "conditionalAccessPolicy resource type") as the form reads and writes it. Every edit is a pure step from body to
// body that keeps unknown fields, unknown members and the order in which they stand. How it looks is the form's.
import { type Body, get, isObject, type Json, type Path, says, set } from "./json-body";

/** The lists that the form edits, by name. */
export const LISTS = {
  includeUsers: ["conditions", "users", "includeUsers"],
  excludeUsers: ["conditions", "users", "excludeUsers"],
  includeGroups: ["conditions", "users", "includeGroups"],
  excludeGroups: ["conditions", "users", "excludeGroups"],
  includeRoles: ["conditions", "users", "includeRoles"],
  excludeRoles: ["conditions", "users", "excludeRoles"],
  includeApplications: ["conditions", "applications", "includeApplications"],
  excludeApplications: ["conditions", "applications", "excludeApplications"],
  userActions: ["conditions", "applications", "includeUserActions"],
  contexts: ["conditions", "applications", "includeAuthenticationContextClassReferences"],
  clients: ["conditions", "clientAppTypes"],
  includePlatforms: ["conditions", "platforms", "includePlatforms"],
  excludePlatforms: ["conditions", "platforms", "excludePlatforms"],
  includeLocations: ["conditions", "locations", "includeLocations"],
  excludeLocations: ["conditions", "locations", "excludeLocations"],
  userRisk: ["conditions", "userRiskLevels"],
  signInRisk: ["conditions", "signInRiskLevels"],
  controls: ["grantControls", "builtInControls"],
  terms: ["grantControls", "termsOfUse"],
} as const satisfies Record<string, Path>;
export type ListName = keyof typeof LISTS;

/** Lists that Graph writes as one text with commas: multi-valued enumerations. */
export const FLAGS = {
  insiderRisk: ["conditions", "insiderRiskLevels"],
  flows: ["conditions", "authenticationFlows", "transferMethods"],
  includeGuests: ["conditions", "users", "includeGuestsOrExternalUsers", "guestOrExternalUserTypes"],
  excludeGuests: ["conditions", "users", "excludeGuestsOrExternalUsers", "guestOrExternalUserTypes"],
} as const satisfies Record<string, Path>;
export type FlagName = keyof typeof FLAGS;

const texts = (value: Json | undefined): string[] | null => {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) && value.every((each) => typeof each === "string") ? (value as string[]) : null;
};

/** The members of a list; null where it is written in a way that the form does not know. */
export const list = (body: Body, name: ListName) =>
  readable(body, LISTS[name]) ? texts(get(body, LISTS[name])) : null;

/** Whether everything on the way to a field is an object or absent. */
function readable(body: Body, path: Path): boolean {
  for (let deep = 1; deep < path.length; deep++) {
    const value = get(body, path.slice(0, deep));
    if (value === undefined || value === null) return true;
    if (!isObject(value)) return false;
  }
  return true;
}

export const setList = (body: Body, name: ListName, members: readonly string[]): Body => {
  const path = LISTS[name];
  // A part that was never there stays away while it would say nothing.
  if (members.length === 0 && get(body, path) === undefined) return body;
  const next = set(body, path, [...members]);
  return WHOLE_OR_NOTHING.has(name) ? withoutEmptyPart(next, path.slice(0, -1)) : next;
};

/** Conditions that Graph wants as null rather than with an empty include. */
const WHOLE_OR_NOTHING = new Set<ListName>([
  "includePlatforms",
  "excludePlatforms",
  "includeLocations",
  "excludeLocations",
]);
function withoutEmptyPart(body: Body, path: Path): Body {
  return says(get(body, path)) ? body : set(body, path, null);
}

export const toggle = (members: readonly string[], member: string, on: boolean): string[] =>
  on ? (members.includes(member) ? [...members] : [...members, member]) : members.filter((each) => each !== member);

export function flags(body: Body, name: FlagName): string[] | null {
  if (!readable(body, FLAGS[name])) return null;
  const value = get(body, FLAGS[name]);
  if (value === undefined || value === null) return [];
  if (typeof value !== "string") return texts(value);
  return value
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each && each !== "none");
}

export function setFlags(body: Body, name: FlagName, members: readonly string[]): Body {
  const path = FLAGS[name];
  const before = get(body, path);
  if (members.length === 0) {
    if (before === undefined) return body;
    return set(body, name === "insiderRisk" ? path : path.slice(0, -1), null);
  }
  const next = set(body, path, Array.isArray(before) ? [...members] : members.join(","));
  const tenants = [...path.slice(0, -1), "externalTenants"];
  if (!name.endsWith("Guests") || says(get(next, tenants))) return next;
  // Guests are guests of some tenant: without this Graph refuses the policy.
  return set(next, tenants, {
    "@odata.type": "#microsoft.graph.conditionalAccessAllExternalTenants",
    membershipKind: "all",
  });
}

/** The ids of the tenants that guests must come from; null: any tenant. */
export function guestTenants(body: Body, side: "includeGuests" | "excludeGuests"): string[] | null {
  const path = [...FLAGS[side].slice(0, -1), "externalTenants"];
  return get(body, [...path, "membershipKind"]) === "enumerated"
    ? (texts(get(body, [...path, "members"])) ?? [])
    : null;
}

export function setGuestTenants(
  body: Body,
  side: "includeGuests" | "excludeGuests",
  members: readonly string[] | null,
): Body {
  const path = [...FLAGS[side].slice(0, -1), "externalTenants"];
  return set(
    body,
    path,
    members === null
      ? { "@odata.type": "#microsoft.graph.conditionalAccessAllExternalTenants", membershipKind: "all" }
      : {
          "@odata.type": "#microsoft.graph.conditionalAccessEnumeratedExternalTenants",
          membershipKind: "enumerated",
          members: [...members],
        },
  );
}

export const text = (body: Body, path: Path): string => {
  const value = get(body, path);
  return typeof value === "string" ? value : "";
};
export const setName = (body: Body, name: string) => set(body, ["displayName"], name);
export const setState = (body: Body, state: string) => set(body, ["state"], state);

// --- Who

export type Who = "all" | "none" | "chosen";
export function who(body: Body): Who {
  const users = list(body, "includeUsers") ?? [];
  if (users.includes("All")) return "all";
  return users.includes("None") ? "none" : "chosen";
}
export function setWho(body: Body, next: Who): Body {
  if (who(body) === next) return body;
  if (next === "chosen") return setList(body, "includeUsers", []);
  // Everybody and nobody stand alone: groups or roles beside them would say something else than the words.
  let out = setList(body, "includeUsers", [next === "all" ? "All" : "None"]);
  out = setList(out, "includeGroups", []);
  out = setList(out, "includeRoles", []);
  return setFlags(out, "includeGuests", []);
}

// --- What for

export type Target = "all" | "none" | "applications" | "actions" | "contexts";
export function target(body: Body): Target {
  if ((list(body, "userActions") ?? []).length > 0) return "actions";
  if ((list(body, "contexts") ?? []).length > 0) return "contexts";
  const applications = list(body, "includeApplications") ?? [];
  if (applications.includes("All")) return "all";
  return applications.includes("None") ? "none" : "applications";
}
/** A policy is for applications, for user actions or for authentication contexts, never for two of them. */
export function setTarget(body: Body, next: Target, first?: string): Body {
  const members = (kind: Target) => (next === kind && first ? [first] : []);
  let out = setList(
    body,
    "includeApplications",
    next === "all" ? ["All"] : next === "none" ? ["None"] : members("applications"),
  );
  out = setList(out, "userActions", members("actions"));
  out = setList(out, "contexts", members("contexts"));
  if (next === "all" || next === "applications") return out;
  out = setList(out, "excludeApplications", []);
  return get(out, APPLICATION_FILTER) ? setFilter(out, APPLICATION_FILTER, null) : out;
}

export const APPLICATION_FILTER: Path = ["conditions", "applications", "applicationFilter"];
export const DEVICE_FILTER: Path = ["conditions", "devices", "deviceFilter"];
export interface Filter {
  mode: string;
  rule: string;
}
export function filter(body: Body, path: Path): Filter | null {
  const value = get(body, path);
  if (!isObject(value)) return null;
  return { mode: text(value, ["mode"]) || "include", rule: text(value, ["rule"]) };
}
export function setFilter(body: Body, path: Path, next: Filter | null): Body {
  if (next) return set(set(body, [...path, "mode"], next.mode), [...path, "rule"], next.rule);
  if (get(body, path) === undefined) return body;
  const out = set(body, path, null);
  return path === DEVICE_FILTER ? withoutEmptyPart(out, path.slice(0, -1)) : out;
}

// --- Conditions that are not asked, ask for any, or for chosen ones

export type Extent = "notAsked" | "any" | "chosen";
export const ANY = { platforms: "all", locations: "All" } as const;
const INCLUDE = { platforms: "includePlatforms", locations: "includeLocations" } as const;
const EXCLUDE = { platforms: "excludePlatforms", locations: "excludeLocations" } as const;
export function extent(body: Body, of: keyof typeof ANY): Extent {
  const included = list(body, INCLUDE[of]) ?? [];
  if (included.length === 0 && !says(get(body, ["conditions", of]))) return "notAsked";
  return included.includes(ANY[of]) ? "any" : "chosen";
}
export function setExtent(body: Body, of: keyof typeof ANY, next: Extent, first: string): Body {
  if (next === "notAsked")
    return get(body, ["conditions", of]) === undefined ? body : set(body, ["conditions", of], null);
  let out = setList(body, INCLUDE[of], [next === "any" ? ANY[of] : first]);
  if (get(out, LISTS[EXCLUDE[of]]) === undefined) out = set(out, LISTS[EXCLUDE[of]], []);
  return out;
}

/** Client apps: `all` and an empty list both mean that the condition is not asked. */
export function clients(body: Body): string[] | null {
  const members = list(body, "clients");
  return members?.includes("all") ? [] : members;
}
export const setClients = (body: Body, members: readonly string[]): Body =>
  set(body, LISTS.clients, members.length > 0 ? [...members] : ["all"]);

// --- Grant

export type Grant = "block" | "grant" | "nothing";
export function grant(body: Body): Grant {
  const controls = list(body, "controls") ?? [];
  if (controls.includes("block")) return "block";
  return says(get(body, ["grantControls", "builtInControls"])) ||
    says(get(body, STRENGTH)) ||
    says(get(body, LISTS.terms)) ||
    says(get(body, ["grantControls", "customAuthenticationFactors"]))
    ? "grant"
    : "nothing";
}
export const STRENGTH: Path = ["grantControls", "authenticationStrength"];
const OPERATOR: Path = ["grantControls", "operator"];

export function setGrant(body: Body, next: Grant): Body {
  if (grant(body) === next) return body;
  if (next === "nothing") return set(body, ["grantControls"], null);
  const controls = next === "block" ? ["block"] : ["mfa"];
  let out = set(body, OPERATOR, "OR");
  out = set(out, LISTS.controls, controls);
  if (next === "grant") return out;
  // Block stands alone.
  for (const path of [STRENGTH]) if (get(out, path) !== undefined) out = set(out, path, null);
  return setList(out, "terms", []);
}
export const operator = (body: Body): string => text(body, OPERATOR) || "OR";
export const setOperator = (body: Body, value: string) => set(body, OPERATOR, value);

export function setControls(body: Body, members: readonly string[]): Body {
  let out = set(body, LISTS.controls, [...members]);
  // Graph refuses MFA beside an authentication strength ("authenticationStrengthPolicy: Update usage").
  if (members.includes("mfa") && strength(out)) out = set(out, STRENGTH, null);
  return get(out, OPERATOR) === undefined ? set(out, OPERATOR, "OR") : out;
}
export const strength = (body: Body): string => text(body, [...STRENGTH, "id"]);
export function setStrength(body: Body, id: string | null): Body {
  if (!id) return get(body, STRENGTH) === undefined ? body : set(body, STRENGTH, null);
  // What else stands in the old strength described the old one.
  let out = set(body, STRENGTH, { id });
  const controls = list(out, "controls") ?? [];
  if (controls.includes("mfa"))
    out = set(
      out,
      LISTS.controls,
      controls.filter((each) => each !== "mfa"),
    );
  return get(out, OPERATOR) === undefined ? set(out, OPERATOR, "OR") : out;
}

// --- Session

const session = (name: string): Path => ["sessionControls", name];
const isOn = (body: Body, path: Path) => get(body, [...path, "isEnabled"]) === true;
/** A control of its own object; switched off it is null, as Graph gives it back. */
function setSession(body: Body, name: string, value: Body | boolean | null): Body {
  const path = session(name);
  if (value === null && get(body, path) === undefined) return body;
  const before = get(body, path);
  const merged = isObject(before) && isObject(value) ? { ...before, ...value } : value;
  const out = set(body, path, merged);
  return says(get(out, ["sessionControls"])) ? out : set(out, ["sessionControls"], null);
}

export type Frequency =
  | { kind: "off" }
  | { kind: "everyTime" }
  | { kind: "time"; value: number; unit: "hours" | "days" };
export function frequency(body: Body): Frequency {
  const path = session("signInFrequency");
  if (!isOn(body, path)) return { kind: "off" };
  if (text(body, [...path, "frequencyInterval"]) === "everyTime") return { kind: "everyTime" };
  const value = get(body, [...path, "value"]);
  return {
    kind: "time",
    value: typeof value === "number" ? value : 0,
    unit: text(body, [...path, "type"]) === "days" ? "days" : "hours",
  };
}
export function setFrequency(body: Body, next: Frequency): Body {
  if (next.kind === "off") return setSession(body, "signInFrequency", null);
  const every = next.kind === "everyTime";
  return setSession(body, "signInFrequency", {
    value: every ? null : next.value,
    type: every ? null : next.unit,
    authenticationType:
      text(body, [...session("signInFrequency"), "authenticationType"]) || "primaryAndSecondaryAuthentication",
    frequencyInterval: every ? "everyTime" : "timeBased",
    isEnabled: true,
  });
}

/** Session controls that are one word: the field that holds it. */
export const SESSION_WORDS = {
  persistentBrowser: "mode",
  cloudAppSecurity: "cloudAppSecurityType",
} as const;
export type SessionWord = keyof typeof SESSION_WORDS;
export const sessionWord = (body: Body, name: SessionWord): string =>
  isOn(body, session(name)) ? text(body, [...session(name), SESSION_WORDS[name]]) : "";
export const setSessionWord = (body: Body, name: SessionWord, word: string): Body =>
  setSession(body, name, word ? { [SESSION_WORDS[name]]: word, isEnabled: true } : null);

export type SessionSwitch = "applicationEnforcedRestrictions" | "secureSignInSession" | "disableResilienceDefaults";
export const sessionSwitch = (body: Body, name: SessionSwitch): boolean =>
  name === "disableResilienceDefaults" ? get(body, session(name)) === true : isOn(body, session(name));
export const setSessionSwitch = (body: Body, name: SessionSwitch, on: boolean): Body =>
  setSession(body, name, on ? (name === "disableResilienceDefaults" ? true : { isEnabled: true }) : null);

// --- What the form does not know

type Known = { [key: string]: true | Known };
const leaf = (...names: string[]): Known => Object.fromEntries(names.map((name) => [name, true]));
const KNOWN: Known = {
  ...leaf("displayName", "state"),
  // Entra's own facts about the policy, which nobody writes.
  ...leaf("id", "createdDateTime", "modifiedDateTime", "deletedDateTime", "templateId"),
  conditions: {
    ...leaf("clientAppTypes", "userRiskLevels", "signInRiskLevels", "insiderRiskLevels"),
    users: {
      ...leaf("includeUsers", "excludeUsers", "includeGroups", "excludeGroups", "includeRoles", "excludeRoles"),
      includeGuestsOrExternalUsers: {
        ...leaf("guestOrExternalUserTypes"),
        externalTenants: leaf("membershipKind", "members"),
      },
      excludeGuestsOrExternalUsers: {
        ...leaf("guestOrExternalUserTypes"),
        externalTenants: leaf("membershipKind", "members"),
      },
    },
    applications: {
      ...leaf(
        "includeApplications",
        "excludeApplications",
        "includeUserActions",
        "includeAuthenticationContextClassReferences",
      ),
      applicationFilter: leaf("mode", "rule"),
    },
    platforms: leaf("includePlatforms", "excludePlatforms"),
    locations: leaf("includeLocations", "excludeLocations"),
    devices: { deviceFilter: leaf("mode", "rule") },
    authenticationFlows: leaf("transferMethods"),
  },
  grantControls: {
    ...leaf("operator", "builtInControls", "termsOfUse"),
    // Graph gives a strength back whole; its id is what a policy says.
    authenticationStrength: true,
  },
  sessionControls: {
    ...leaf("disableResilienceDefaults"),
    applicationEnforcedRestrictions: leaf("isEnabled"),
    secureSignInSession: leaf("isEnabled"),
    persistentBrowser: leaf("isEnabled", "mode"),
    cloudAppSecurity: leaf("isEnabled", "cloudAppSecurityType"),
    signInFrequency: leaf("isEnabled", "value", "type", "authenticationType", "frequencyInterval"),
  },
};

/** Fields that say something and that the form shows nowhere, as paths: "conditions.agentIdRiskLevels". */
export function otherSettings(body: Body): string[] {
  const found: string[] = [];
  const look = (value: Body, known: Known, before: string) => {
    for (const [key, inner] of Object.entries(value)) {
      if (key.includes("@odata.") || !says(inner)) continue;
      const here = Object.hasOwn(known, key) ? known[key] : undefined;
      const path = before ? `${before}.${key}` : key;
      if (here === undefined) found.push(path);
      else if (here !== true) {
        if (isObject(inner)) look(inner, here, path);
        else found.push(path);
      }
    }
  };
  look(body, KNOWN, "");
  return found;
}

/** A new policy: it only reports, and names nobody yet. */
export const emptyPolicy = (): Body => ({
  displayName: "",
  state: "enabledForReportingButNotEnforced",
  conditions: {
    users: {
      includeUsers: [],
      excludeUsers: [],
      includeGroups: [],
      excludeGroups: [],
      includeRoles: [],
      excludeRoles: [],
    },
    applications: { includeApplications: ["All"], excludeApplications: [], includeUserActions: [] },
    clientAppTypes: ["all"],
  },
  grantControls: { operator: "OR", builtInControls: ["mfa"] },
  sessionControls: null,
});
