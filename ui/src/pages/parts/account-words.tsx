// What an account is, and whether it must do MFA, as icon and word.
import { makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
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
  QuestionCircleRegular,
  SettingsRegular,
} from "../../components/icons";

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

const useStyles = makeStyles({
  root: { display: "inline-flex", alignItems: "center", gap: tokens.spacingHorizontalXS, whiteSpace: "nowrap" },
  icon: { fontSize: "16px", flexShrink: 0, color: tokens.colorNeutralForeground3 },
  good: { color: tokens.colorStatusSuccessForeground1 },
  bad: { color: tokens.colorStatusDangerForeground1 },
  unknown: { color: tokens.colorNeutralForeground3 },
});

export function ClassWord({ of }: { of: AccountClass }) {
  const styles = useStyles();
  const Icon = classIcons[of] ?? BuildingRegular;
  return (
    <span className={styles.root}>
      <Icon className={styles.icon} aria-hidden />
      {classWord[of] ?? of}
    </span>
  );
}

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
  const styles = useStyles();
  const [Icon, tone] =
    of === "notEnforced"
      ? ([DismissCircleRegular, styles.bad] as const)
      : of === "unknown" || !(of in enforcementWord)
        ? ([QuestionCircleRegular, styles.unknown] as const)
        : ([CheckmarkCircleRegular, styles.good] as const);
  return (
    <span className={mergeClasses(styles.root, tone)}>
      <Icon className={mergeClasses(styles.icon, tone)} aria-hidden />
      {enforcementWord[of] ?? enforcementWord.unknown}
    </span>
  );
}
