// From what the address says to the draft that the editor opens with, and whether a draft says enough to be saved.
import type { ChangeInput, Draft } from "../../../bindings";
import { parseBody, print } from "./json-body";
import { emptyLocation } from "./location-words";
import { emptyPolicy } from "./policy-words";

export type Doing =
  | "create"
  | "edit"
  | "state"
  | "delete"
  | "restore"
  | "addresses"
  | "countries"
  | "editLocation"
  | "deleteLocation"
  | "add"
  | "remove";

export interface Act {
  key: Doing;
  title: string;
  text: string;
  needs?: "policy" | "location";
}
/** What can be done from scratch, in the order in which it is offered. */
export const ACTS: readonly Act[] = [
  { key: "edit", title: "Edit a policy", text: "People, applications, conditions, controls, session", needs: "policy" },
  {
    key: "state",
    title: "Turn a policy on, off or to report-only",
    text: "Nothing else of it changes",
    needs: "policy",
  },
  { key: "create", title: "New policy", text: "It begins in report-only" },
  { key: "restore", title: "Bring back an older version", text: "Also of a policy that was deleted", needs: "policy" },
  { key: "delete", title: "Delete a policy", text: "Its versions stay in Gatehouse", needs: "policy" },
  { key: "add", title: "Add somebody to a group", text: "Such as an exclusion group" },
  { key: "remove", title: "Take somebody out of a group", text: "Such as an exclusion group" },
  { key: "addresses", title: "New named location of addresses", text: "IP ranges, trusted or not" },
  { key: "countries", title: "New named location of countries", text: "Countries and regions" },
  { key: "editLocation", title: "Edit a named location", text: "Its name, addresses or countries", needs: "location" },
  { key: "deleteLocation", title: "Delete a named location", text: "Where no policy names it", needs: "location" },
];
export const actOf = (key: string | undefined): Act | undefined => ACTS.find((each) => each.key === key);

type Search = Record<string, string | undefined>;

/** `body` is the present one of the policy or location, where the act needs it. */
export function draftOf(act: Doing, search: Search, body: string): Draft {
  const policy = search.policy ?? "";
  const location = search.location ?? "";
  switch (act) {
    case "create":
      return { what: "createPolicy", body: print(emptyPolicy()) };
    case "edit":
      return { what: "updatePolicy", policy, body };
    case "state":
      return { what: "policyState", policy, state: search.state ?? "" };
    case "delete":
      return { what: "deletePolicy", policy };
    case "restore":
      return { what: "restorePolicy", policy, version: Number(search.version) || 0 };
    case "addresses":
    case "countries":
      return { what: "createLocation", body: print(emptyLocation(act)) };
    case "editLocation":
      return { what: "updateLocation", location, body };
    case "deleteLocation":
      return { what: "deleteLocation", location };
    case "add":
      return { what: "addMember", group: search.group ?? "", user: search.user ?? "" };
    case "remove":
      return { what: "removeMember", group: search.group ?? "", user: search.user ?? "" };
  }
}

/** Why a draft cannot be saved yet, in a sentence; null: it can. */
export function lacking(
  input: Pick<ChangeInput, "draft" | "reason" | "ticket">,
  ticketPattern: string | null,
): string | null {
  const { draft } = input;
  switch (draft.what) {
    case "createPolicy":
    case "updatePolicy":
    case "createLocation":
    case "updateLocation": {
      const name = parseBody(draft.body).body?.displayName;
      if (typeof name !== "string" || !name.trim()) return "It needs a name.";
      break;
    }
    case "policyState":
      if (!draft.state) return "Choose the state it shall have.";
      break;
    case "restorePolicy":
      if (!draft.version) return "Choose the version to bring back.";
      break;
    case "addMember":
    case "removeMember":
      if (!draft.group) return "Choose the group.";
      if (!draft.user) return "Choose the person.";
      break;
    default:
  }
  if (!input.reason.trim()) return "Say why: the reason goes into the audit log.";
  if (ticketPattern && !fits(ticketPattern, input.ticket ?? ""))
    return `This tenant demands a ticket number that looks like ${ticketPattern}.`;
  return null;
}

/** The shell decides; a pattern that this language cannot read is left to it. */
export function fits(pattern: string, ticket: string): boolean {
  if (!ticket.trim()) return false;
  try {
    return new RegExp(`^(?:${pattern})$`, "u").test(ticket.trim());
  } catch {
    return true;
  }
}
