// What the MFA list is narrowed to, as the address says it: a count that is clicked on the page shows whom it counts.
import { useFilters } from "../../address";
import type {
  AccountClass,
  AdminWay,
  Enforcement,
  MfaBucket,
  MfaFilter,
  PasskeyReadiness,
  WithoutPhone,
} from "../../bindings";
import { buckets, bucketWord } from "../../components/mfa";
import { classes, classWords, enforcementWord } from "./account-words";

export const ways: readonly AdminWay[] = ["active", "eligible", "throughGroup"];
export const wayWord: Record<AdminWay, string> = {
  active: "Active",
  eligible: "Eligible",
  throughGroup: "Through a group",
};
export const enforcements: readonly Enforcement[] = [
  "conditionalAccess",
  "securityDefaults",
  "perUser",
  "notEnforced",
  "unknown",
];
export const readinesses: readonly PasskeyReadiness[] = ["has", "ready", "needsPass", "needsKey", "tooOld", "unknown"];
export const readinessWord: Record<PasskeyReadiness, string> = {
  has: "Has a passkey",
  ready: "Could register one now",
  needsPass: "With a temporary access pass",
  needsKey: "Needs a security key",
  tooOld: "Devices too old",
  unknown: "Not known",
};
export const suitings: readonly WithoutPhone[] = ["windowsHello", "securityKey", "hardwareToken", "nothing"];
export const suitsWord: Record<WithoutPhone, string> = {
  windowsHello: "Windows Hello for Business",
  securityKey: "A security key",
  hardwareToken: "A hardware token",
  nothing: "Nothing more",
};
/** An address has no empty values. */
export const NO_DEPARTMENT = "(none)";

/** Admins are people, guests and service accounts that hold a privileged role; break-glass accounts are told apart. */
const ADMIN_CLASSES: readonly AccountClass[] = ["person", "guest", "serviceAccount"];

/** Everything that narrows the list besides its text; whoever picks one count gives up the others. */
const NOTHING = {
  mfa: undefined,
  class: undefined,
  admins: undefined,
  stale: undefined,
  way: undefined,
  enforced: undefined,
  passkey: undefined,
  phone: undefined,
  suits: undefined,
  department: undefined,
} as const;
type Patch = Partial<Record<keyof typeof NOTHING, string | undefined>>;

const listed = <T extends string>(text: string | undefined, known: readonly T[]): T[] =>
  (text ?? "").split(",").filter((each): each is T => known.includes(each as T));

export interface Picks {
  /** Shows these and nothing else; picked once more, everybody again. */
  pick: (patch: Patch) => void;
  picked: (patch: Patch) => boolean;
  /** One bucket more or less of the people, or of the admins. */
  bucket: (bucket: MfaBucket, of: "people" | "admins") => void;
  buckets: (of: "people" | "admins") => readonly MfaBucket[];
}

export function useMfaPicks(tenant: string, shown: () => void) {
  const [search, setSearch] = useFilters();
  const chosen = {
    buckets: listed(search.mfa, buckets),
    classes: listed(search.class, classes),
    ways: listed(search.way, ways),
    enforced: listed(search.enforced, enforcements),
    passkey: listed(search.passkey, readinesses),
    suits: listed(search.suits, suitings),
  };
  const all = search.class === "all";
  const stale = search.stale === "1";
  const admins = search.admins === "1" || stale || chosen.ways.length > 0;
  const phone = search.phone === "none" || chosen.suits.length > 0;
  const department = search.department;
  // What the bar counts is what the list shows first: people; of admins, everyone who counts as one.
  const shownClasses: readonly AccountClass[] = all
    ? []
    : chosen.classes.length > 0
      ? chosen.classes
      : admins
        ? ADMIN_CLASSES
        : ["person"];
  const filter: MfaFilter = {
    tenant,
    text: search.text ?? null,
    buckets: chosen.buckets,
    classes: [...shownClasses],
    adminsOnly: admins,
    staleOnly: stale,
    ways: chosen.ways,
    enforced: chosen.enforced,
    passkey: chosen.passkey,
    withoutPhone: phone,
    suits: chosen.suits,
    department: department === undefined ? null : department === NO_DEPARTMENT ? "" : department,
  };
  const show = (patch: Patch) => {
    setSearch({ ...NOTHING, ...patch }, { replace: false });
    shown();
  };
  const picked = (patch: Patch) =>
    (Object.keys(NOTHING) as (keyof typeof NOTHING)[]).every((key) => (search[key] ?? "") === (patch[key] ?? ""));
  const group = (of: "people" | "admins"): Patch => (of === "admins" ? { admins: "1" } : {});
  const bucketsOf = (of: "people" | "admins") => (picked({ ...group(of), mfa: search.mfa }) ? chosen.buckets : []);
  const picks: Picks = {
    pick: (patch) => show(picked(patch) ? {} : patch),
    picked,
    buckets: bucketsOf,
    bucket: (bucket, of) => {
      const on = bucketsOf(of);
      const next = on.includes(bucket) ? on.filter((each) => each !== bucket) : [...on, bucket];
      show({ ...group(of), mfa: next.join(",") || undefined });
    },
  };
  const chip = <T extends string>(key: keyof typeof NOTHING, of: readonly T[], word: (value: T) => string) =>
    of.map((value) => ({
      label: word(value),
      remove: () => setSearch({ [key]: of.filter((each) => each !== value).join(",") }),
    }));
  const chips = [
    ...chip("mfa", chosen.buckets, (bucket) => `MFA: ${bucketWord[bucket]}`),
    ...chip("enforced", chosen.enforced, (each) => `Enforced: ${enforcementWord[each]}`),
    ...chip("class", chosen.classes, (klass) => classWords[klass]),
    ...chip("way", chosen.ways, (way) => `Role held: ${wayWord[way].toLowerCase()}`),
    ...chip("passkey", chosen.passkey, (each) => `Passkey: ${readinessWord[each]}`),
    ...chip("suits", chosen.suits, (each) => `Without a phone: ${suitsWord[each]}`),
    ...(search.admins === "1" ? [{ label: "Admins", remove: () => setSearch({ admins: undefined }) }] : []),
    ...(stale ? [{ label: "Stale admins", remove: () => setSearch({ stale: undefined }) }] : []),
    ...(search.phone === "none" ? [{ label: "Without a phone", remove: () => setSearch({ phone: undefined }) }] : []),
    ...(department
      ? [
          {
            label: department === NO_DEPARTMENT ? "No department" : `Department: ${department}`,
            remove: () => setSearch({ department: undefined }),
          },
        ]
      : []),
  ];
  const title = stale
    ? "Stale admins"
    : admins
      ? "Admins"
      : phone
        ? "People without a phone"
        : all
          ? "All accounts"
          : chosen.classes.length > 0
            ? "Accounts"
            : "People";
  return {
    search,
    setSearch,
    filter,
    picks,
    chips,
    title,
    all,
    admins,
    stale,
    phone,
    classes: chosen.classes,
    passkey: chosen.passkey,
    clear: () => setSearch({ text: undefined, ...NOTHING }),
  };
}
