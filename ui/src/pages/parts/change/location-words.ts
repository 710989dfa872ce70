// A named location's body (Graph's "ipNamedLocation" and "countryNamedLocation" resource types) as its small form reads and writes it, with
// the same promise as for a policy: what the form does not know stays.
import { type Body, get, isObject, type Json, set } from "./json-body";

export type Place = "addresses" | "countries" | "other";
const IP = "#microsoft.graph.ipNamedLocation";
const COUNTRY = "#microsoft.graph.countryNamedLocation";

export const emptyLocation = (place: "addresses" | "countries"): Body =>
  place === "addresses"
    ? { "@odata.type": IP, displayName: "", isTrusted: false, ipRanges: [] }
    : {
        "@odata.type": COUNTRY,
        displayName: "",
        countriesAndRegions: [],
        countryLookupMethod: "clientIpAddress",
        includeUnknownCountriesAndRegions: false,
      };

export function place(body: Body): Place {
  const type = get(body, ["@odata.type"]);
  if (type === IP) return "addresses";
  return type === COUNTRY ? "countries" : "other";
}

const address = (range: Json): string | null => {
  if (!isObject(range)) return null;
  const text = get(range, ["cidrAddress"]);
  return typeof text === "string" ? text : null;
};

/** One range a line; null where a range is of a kind that the form does not know. */
export function ranges(body: Body): string[] | null {
  const value = get(body, ["ipRanges"]);
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) return null;
  const lines = value.map(address);
  return lines.every((line) => line !== null) ? (lines as string[]) : null;
}

/** Ranges that stay keep their object whole; new ones are IPv6 where they hold a colon. */
export function setRanges(body: Body, lines: readonly string[]): Body {
  const before = get(body, ["ipRanges"]);
  const kept = new Map((Array.isArray(before) ? before : []).map((range) => [address(range), range]));
  return set(
    body,
    ["ipRanges"],
    lines.map(
      (line): Json =>
        kept.get(line) ?? {
          "@odata.type": line.includes(":") ? "#microsoft.graph.iPv6CidrRange" : "#microsoft.graph.iPv4CidrRange",
          cidrAddress: line,
        },
    ),
  );
}

export const flag = (body: Body, name: "isTrusted" | "includeUnknownCountriesAndRegions") => get(body, [name]) === true;
export const setFlag = (body: Body, name: "isTrusted" | "includeUnknownCountriesAndRegions", on: boolean) =>
  set(body, [name], on);

export function countries(body: Body): string[] | null {
  const value = get(body, ["countriesAndRegions"]);
  if (value === undefined || value === null) return [];
  return Array.isArray(value) && value.every((each) => typeof each === "string") ? (value as string[]) : null;
}
export const setCountries = (body: Body, codes: readonly string[]) => set(body, ["countriesAndRegions"], [...codes]);
