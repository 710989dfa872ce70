import { describe, expect, it } from "vitest";
import { type Body, get, parseBody, print } from "./json-body";
import * as words from "./policy-words";

/** As Graph gives it back, with a field and members that no form knows. */
const POLICY = `{
  "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#x",
  "id": "11111111-1111-4111-8111-111111111111",
  "futureTop": { "a": [1, 2, { "b": null }] },
  "state": "enabled",
  "displayName": "CA003 شرط",
  "conditions": {
    "agentIdRiskLevels": "high",
    "userRiskLevels": [],
    "clientAppTypes": ["browser", "quantumApps"],
    "platforms": null,
    "users": {
      "includeUsers": ["All"],
      "excludeUsers": ["u1"],
      "includeGroups": [],
      "excludeGroups": ["g1"],
      "includeRoles": [],
      "excludeRoles": [],
      "futureUsers": ["x"],
      "excludeGuestsOrExternalUsers": {
        "guestOrExternalUserTypes": "internalGuest,martianGuest",
        "externalTenants": { "@odata.type": "#microsoft.graph.conditionalAccessAllExternalTenants", "membershipKind": "all" }
      }
    },
    "applications": { "includeApplications": ["All"], "excludeApplications": [], "includeUserActions": [] }
  },
  "grantControls": {
    "operator": "OR",
    "builtInControls": ["mfa", "oath"],
    "customAuthenticationFactors": ["duo"],
    "termsOfUse": []
  },
  "sessionControls": null
}`;
const policy = (): Body => {
  const { body } = parseBody(POLICY);
  if (!body) throw new Error("the sample does not parse");
  return body;
};

const STEPS: readonly (readonly [string, (body: Body) => Body])[] = [
  ["the name", (body) => words.setName(body, "Other")],
  ["the state", (body) => words.setState(body, "disabled")],
  ["everybody", (body) => words.setWho(body, "all")],
  ["chosen people", (body) => words.setWho(body, "chosen")],
  ["an excluded group", (body) => words.setList(body, "excludeGroups", ["g1", "g2"])],
  ["a role", (body) => words.setList(body, "includeRoles", ["r"])],
  ["guests", (body) => words.setFlags(body, "includeGuests", ["internalGuest"])],
  ["no excluded guests", (body) => words.setFlags(body, "excludeGuests", [])],
  ["guests of one tenant", (body) => words.setGuestTenants(body, "excludeGuests", ["t"])],
  ["an application", (body) => words.setTarget(body, "applications", "a")],
  ["a user action", (body) => words.setTarget(body, "actions", "urn:user:registerdevice")],
  ["every application", (body) => words.setTarget(body, "all")],
  ["an application filter", (body) => words.setFilter(body, words.APPLICATION_FILTER, { mode: "include", rule: "r" })],
  ["clients", (body) => words.setClients(body, ["browser"])],
  ["platforms", (body) => words.setExtent(body, "platforms", "any", "windows")],
  ["chosen platforms", (body) => words.setExtent(body, "platforms", "chosen", "windows")],
  ["locations", (body) => words.setExtent(body, "locations", "chosen", "AllTrusted")],
  ["no locations", (body) => words.setExtent(body, "locations", "notAsked", "")],
  ["sign-in risk", (body) => words.setList(body, "signInRisk", ["high"])],
  ["insider risk", (body) => words.setFlags(body, "insiderRisk", ["minor", "elevated"])],
  ["flows", (body) => words.setFlags(body, "flows", ["deviceCodeFlow"])],
  [
    "a device filter",
    (body) => words.setFilter(body, words.DEVICE_FILTER, { mode: "exclude", rule: "device.isCompliant -eq True" }),
  ],
  ["block", (body) => words.setGrant(body, "block")],
  ["controls", (body) => words.setControls(body, ["compliantDevice"])],
  ["AND", (body) => words.setOperator(body, "AND")],
  ["a strength", (body) => words.setStrength(body, "00000000-0000-0000-0000-000000000004")],
  ["terms", (body) => words.setList(body, "terms", ["t"])],
  ["a frequency", (body) => words.setFrequency(body, { kind: "time", value: 12, unit: "hours" })],
  ["every time", (body) => words.setFrequency(body, { kind: "everyTime" })],
  ["no frequency", (body) => words.setFrequency(body, { kind: "off" })],
  ["a browser that forgets", (body) => words.setSessionWord(body, "persistentBrowser", "never")],
  ["restrictions of the app", (body) => words.setSessionSwitch(body, "applicationEnforcedRestrictions", true)],
  ["no resilience", (body) => words.setSessionSwitch(body, "disableResilienceDefaults", true)],
];

describe("words and JSON", () => {
  it.each(STEPS)("stay one: setting %s keeps what the form does not know, and every field's place", (_, step) => {
    const before = policy();
    const after = step(before);
    // Printed and read again it is the same, so that either side can be edited next.
    expect(parseBody(print(after)).body).toEqual(after);
    expect(Object.keys(after).slice(0, 4)).toEqual(["@odata.context", "id", "futureTop", "state"]);
    expect(after.futureTop).toEqual(before.futureTop);
    expect(get(after, ["conditions", "agentIdRiskLevels"])).toBe("high");
    expect(get(after, ["conditions", "users", "futureUsers"])).toEqual(["x"]);
    expect(words.otherSettings(after)).toEqual(words.otherSettings(before));
    // A pure step: what was there before is untouched, and doing it twice is doing it once.
    expect(before).toEqual(policy());
    expect(step(after)).toEqual(after);
  });

  it("names what the form does not show, and nothing that says nothing", () => {
    expect(words.otherSettings(policy())).toEqual([
      "futureTop",
      "conditions.agentIdRiskLevels",
      "conditions.users.futureUsers",
      "grantControls.customAuthenticationFactors",
    ]);
    expect(words.otherSettings(words.emptyPolicy())).toEqual([]);
  });

  it("keeps members that no form knows while others come and go", () => {
    const controls = words.list(policy(), "controls") ?? [];
    expect(
      words.list(words.setControls(policy(), words.toggle(controls, "compliantDevice", true)), "controls"),
    ).toEqual(["mfa", "oath", "compliantDevice"]);
    const guests = words.flags(policy(), "excludeGuests") ?? [];
    const next = words.setFlags(policy(), "excludeGuests", words.toggle(guests, "internalGuest", false));
    expect(get(next, words.FLAGS.excludeGuests)).toBe("martianGuest");
  });

  it("everybody leaves no group or role beside it, which would say something else", () => {
    const chosen = words.setList(words.setWho(policy(), "chosen"), "includeGroups", ["g"]);
    const all = words.setWho(chosen, "all");
    expect(words.list(all, "includeUsers")).toEqual(["All"]);
    expect(words.list(all, "includeGroups")).toEqual([]);
    expect(words.list(all, "excludeGroups")).toEqual(["g1"]);
  });

  it("MFA and a strength never stand together, because Graph refuses that", () => {
    const strong = words.setStrength(policy(), "s");
    expect(words.list(strong, "controls")).toEqual(["oath"]);
    expect(words.strength(words.setControls(strong, ["mfa"]))).toBe("");
  });

  it("guests are guests of some tenant", () => {
    const body = words.setFlags(words.emptyPolicy(), "includeGuests", ["internalGuest"]);
    expect(
      get(body, ["conditions", "users", "includeGuestsOrExternalUsers", "externalTenants", "membershipKind"]),
    ).toBe("all");
    expect(words.guestTenants(words.setGuestTenants(body, "includeGuests", ["t"]), "includeGuests")).toEqual(["t"]);
  });

  it("does not guess at a list that is written in another way", () => {
    const odd = parseBody('{"conditions":{"users":{"includeUsers":"All"},"platforms":7}}').body as Body;
    expect(words.list(odd, "includeUsers")).toBeNull();
    expect(words.list(odd, "includePlatforms")).toBeNull();
  });
});

describe("JSON that cannot be read", () => {
  it.each([
    ['{\n  "a": 1,\n  "b" 2\n}', 3, "A colon is missing after “b”"],
    ['{\n  "a": [1, 2\n}', 3, "A comma or ] is expected, and “}” stands here"],
    ['{\n  "a": 1,\n}', 3, "A field's name in quotation marks is expected, and “}” stands here"],
    ['{ "a": 1,\n "a": 2 }', 2, "The field “a” is written twice"],
    ['{ "a": "x\n" }', 1, "A text is not closed by a quotation mark on its line"],
    ['{ "a": tru }', 1, "A value is expected, and “t” stands here"],
    ['{ "a": 1 } more', 1, "Something stands after the end"],
    ["", 1, "A value is expected, and the text ends here"],
    ["[]", 1, "An object is expected: it begins with { and ends with }"],
  ])("names the line of the mistake in %j", (text, line, what) => {
    expect(parseBody(text).mistake).toMatchObject({ line, what });
  });

  it("is refused exactly where the language's own reader refuses it", () => {
    const whole = print(policy());
    for (let at = 0; at < whole.length; at += 7) {
      const cut = whole.slice(0, at) + whole.slice(at + 1);
      let own = true;
      try {
        JSON.parse(cut);
      } catch {
        own = false;
      }
      const ours = parseBody(cut);
      // Only a field written twice is refused beyond the language.
      expect([cut, ours.mistake === undefined || /twice|object is expected/.test(ours.mistake.what)]).toEqual([
        cut,
        own,
      ]);
    }
  });

  it("a field may be called anything", () => {
    const body = parseBody('{"__proto__": {"x": 1}, "displayName": "n"}').body as Body;
    const after = words.setName(body, "m");
    expect(print(after)).toBe('{\n  "__proto__": {\n    "x": 1\n  },\n  "displayName": "m"\n}');
  });
});
