// The form's fields as the address keeps them, and as the engine is asked. The address is the only place where they live.
import type { Choice, WhatIfRequest, WhatIfTarget } from "../../bindings";

type Search = Record<string, string | undefined>;

/** The fields that are plain texts, by their name in the address. */
const TEXTS = {
  user: "user",
  client: "client",
  platform: "platform",
  ip: "ip",
  country: "country",
  trust: "trust",
  device: "deviceName",
  maker: "manufacturer",
  model: "model",
  os: "operatingSystem",
  osVersion: "operatingSystemVersion",
  signInRisk: "signInRisk",
  userRisk: "userRisk",
  insiderRisk: "insiderRisk",
  flow: "flow",
} as const satisfies Record<string, keyof WhatIfRequest>;

export type Field = keyof typeof TEXTS | "app" | "action" | "context" | "state";
export const FIELDS: readonly Field[] = [
  ...(Object.keys(TEXTS) as (keyof typeof TEXTS)[]),
  "app",
  "action",
  "context",
  "state",
];

/** What is known of the device, in one choice. */
export const deviceStates: readonly Choice[] = [
  { value: "compliant", words: "Compliant" },
  { value: "registered", words: "Not compliant" },
  { value: "unregistered", words: "Unregistered" },
];

function targetOf(search: Search): WhatIfTarget | null {
  if (search.action) return { userAction: search.action };
  if (search.context) return { authenticationContext: search.context };
  return search.app ? { application: search.app } : null;
}

export function requestOf(tenant: string, search: Search): WhatIfRequest {
  const request: WhatIfRequest = { tenant, target: targetOf(search) };
  for (const [name, field] of Object.entries(TEXTS)) {
    const text = search[name]?.trim();
    if (text) Object.assign(request, { [field]: text });
  }
  if (search.state === "compliant") Object.assign(request, { registered: true, compliant: true });
  if (search.state === "registered") Object.assign(request, { registered: true, compliant: false });
  if (search.state === "unregistered") Object.assign(request, { registered: false, compliant: false });
  return request;
}

/** The same as an address; what the request leaves open is taken out of it. */
export function searchOf(request: WhatIfRequest): Record<Field, string | undefined> {
  const search = Object.fromEntries(FIELDS.map((field) => [field, undefined])) as Record<Field, string | undefined>;
  for (const [name, field] of Object.entries(TEXTS)) {
    const value = request[field];
    if (typeof value === "string" && value) search[name as Field] = value;
  }
  const target = request.target;
  if (target && "application" in target) search.app = target.application;
  if (target && "userAction" in target) search.action = target.userAction;
  if (target && "authenticationContext" in target) search.context = target.authenticationContext;
  if (request.compliant) search.state = "compliant";
  else if (request.registered) search.state = "registered";
  else if (request.registered === false) search.state = "unregistered";
  return search;
}

export const clients: readonly Choice[] = [
  { value: "browser", words: "Browser" },
  { value: "mobileAppsAndDesktopClients", words: "Mobile apps and desktop clients" },
  { value: "exchangeActiveSync", words: "Exchange ActiveSync (legacy)" },
  { value: "other", words: "Other clients (legacy)" },
];
export const platforms: readonly Choice[] = [
  { value: "windows", words: "Windows" },
  { value: "macOS", words: "macOS" },
  { value: "iOS", words: "iOS" },
  { value: "android", words: "Android" },
  { value: "linux", words: "Linux" },
  { value: "windowsPhone", words: "Windows Phone" },
];
export const risks: readonly Choice[] = [
  { value: "none", words: "None" },
  { value: "low", words: "Low" },
  { value: "medium", words: "Medium" },
  { value: "high", words: "High" },
];
export const insiderRisks: readonly Choice[] = [
  { value: "minor", words: "Minor" },
  { value: "moderate", words: "Moderate" },
  { value: "elevated", words: "Elevated" },
];
export const trusts: readonly Choice[] = [
  { value: "AzureAD", words: "Joined to Entra" },
  { value: "ServerAD", words: "Hybrid joined" },
  { value: "Workplace", words: "Registered" },
];
export const flows: readonly Choice[] = [
  { value: "none", words: "Neither of them" },
  { value: "deviceCodeFlow", words: "Device code" },
  { value: "authenticationTransfer", words: "Authentication transfer" },
];
