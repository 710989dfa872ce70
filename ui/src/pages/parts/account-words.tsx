// What an account is, and whether it must do MFA, as icon and word.
import type { AccountClass, Enforcement } from "../../bindings";
import {
  BuildingRegular,
  CheckmarkCircleRegular,
  DismissCircleRegular,
  GuestRegular,
  KeyRegular,
  LockClosedRegular,
  MailInboxRegular,
  PersonRegular,
  SettingsRegular,
} from "../../components/icons";
import { ToneWord, unknownLook } from "../../components/tone-word";

export const classes: readonly AccountClass[] = [
  "person",
  "guest",
  "sharedMailbox",
  "serviceAccount",
  "breakGlass",
  "blocked",
];

export const classWord: Record<AccountClass, string> = {
  person: "Person",
  guest: "Guest",
  sharedMailbox: "Shared mailbox",
  serviceAccount: "Service account",
  breakGlass: "Break-glass",
  blocked: "Blocked",
};

/** More than one of them: "Guests". */
export const classWords: Record<AccountClass, string> = {
  person: "People",
  guest: "Guests",
  sharedMailbox: "Shared mailboxes",
  serviceAccount: "Service accounts",
  breakGlass: "Break-glass accounts",
  blocked: "Blocked accounts",
};

/** Within a sentence, one of them: "1 break-glass account". */
export const classOne: Record<AccountClass, string> = {
  ...classWord,
  breakGlass: "Break-glass account",
  blocked: "Blocked account",
};

const classIcons = {
  person: PersonRegular,
  guest: GuestRegular,
  sharedMailbox: MailInboxRegular,
  serviceAccount: SettingsRegular,
  breakGlass: KeyRegular,
  blocked: LockClosedRegular,
} as const;

export const ClassWord = ({ of }: { of: AccountClass }) => (
  <ToneWord look={[classIcons[of] ?? BuildingRegular, "quiet", classWord[of] ?? of]} plain />
);

export const enforcementWord: Record<Enforcement, string> = {
  conditionalAccess: "Conditional Access",
  securityDefaults: "Security defaults",
  perUser: "Per-user MFA",
  notEnforced: "Not enforced",
  unknown: "Unknown",
};

export const enforcementSentence: Record<Enforcement, string> = {
  conditionalAccess: "A Conditional Access policy demands MFA.",
  securityDefaults: "Security defaults demand MFA.",
  perUser: "Per-user MFA is switched on for this account.",
  notEnforced: "Nothing demands MFA from this account: the password alone is enough.",
  unknown: "Whether anything demands MFA from this account is not known.",
};

export function EnforcementWord({ of }: { of: Enforcement }) {
  if (of === "unknown" || !(of in enforcementWord)) return <ToneWord look={unknownLook} />;
  const [icon, tone] =
    of === "notEnforced" ? ([DismissCircleRegular, "bad"] as const) : ([CheckmarkCircleRegular, "good"] as const);
  return <ToneWord look={[icon, tone, enforcementWord[of]]} />;
}
