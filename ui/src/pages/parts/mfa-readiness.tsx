// Passkey readiness, and people without a phone with what would suit them. What is not known is a count of its own.
import { makeStyles, Text, tokens } from "@fluentui/react-components";
import { useId } from "react";
import type { MfaPosture, PasskeyReadiness } from "../../bindings";
import { people } from "../../components/mfa";
import { counted, percent } from "../../components/words";
import { own } from "../../theme";
import { Pick } from "./mfa-pick";
import { type Picks, readinessWord, suitsWord } from "./mfa-picks";
import { PageCard } from "./user-cards";

const useStyles = makeStyles({
  quiet: { color: tokens.colorNeutralForeground3 },
  rows: { display: "grid", gap: tokens.spacingVerticalXXS },
  bar: { display: "block", width: "100%", borderRadius: tokens.borderRadiusMedium },
  key: {
    display: "inline-block",
    width: "10px",
    height: "10px",
    borderRadius: tokens.borderRadiusSmall,
    marginInlineEnd: tokens.spacingHorizontalS,
    border: `1px solid ${tokens.colorNeutralStroke1}`,
  },
  after: { color: tokens.colorNeutralForeground3, fontWeight: tokens.fontWeightRegular },
});

/** From done to nothing known, one hue growing paler: these are steps, not verdicts. */
const fill: Record<PasskeyReadiness, string> = {
  has: own.mfaStrong,
  ready: tokens.colorBrandBackground,
  needsPass: tokens.colorPaletteTealBorderActive,
  needsKey: tokens.colorPaletteMarigoldBackground3,
  tooOld: tokens.colorNeutralForeground3,
  unknown: tokens.colorNeutralBackground5,
};
/** Not known is hatched, as everywhere. */
const HATCH = `repeating-linear-gradient(45deg, ${tokens.colorNeutralForeground4} 0 1.5px, ${tokens.colorNeutralBackground5} 1.5px 5px)`;

export function PasskeyCard({ posture, picks }: { posture: MfaPosture; picks: Picks }) {
  const styles = useStyles();
  const whole = people(posture.people);
  const hatch = useId();
  let x = 0;
  const label = posture.passkeys.map((each) => `${readinessWord[each.readiness]} ${each.people}`).join(", ");
  return (
    <PageCard title="Passkey readiness">
      <svg className={styles.bar} height="12" role="img" aria-label={label}>
        <title>{label}</title>
        <defs>
          <pattern id={hatch} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect width="5" height="5" style={{ fill: tokens.colorNeutralBackground5 }} />
            <rect width="1.5" height="5" style={{ fill: tokens.colorNeutralForeground4 }} />
          </pattern>
        </defs>
        {posture.passkeys.map((each) => {
          const width = whole > 0 ? (each.people / whole) * 100 : 0;
          const at = x;
          x += width;
          return (
            <rect
              key={each.readiness}
              x={`${at}%`}
              width={`${width}%`}
              height="100%"
              style={{ fill: each.readiness === "unknown" ? `url(#${hatch})` : fill[each.readiness] }}
            />
          );
        })}
      </svg>
      <div className={styles.rows}>
        {posture.passkeys
          .filter((each) => each.people > 0 || each.readiness === "has" || each.readiness === "ready")
          .map((each) => (
            <Pick
              key={each.readiness}
              picked={picks.picked({ passkey: each.readiness })}
              onPick={() => picks.pick({ passkey: each.readiness })}
              value={each.people}
              after={<span className={styles.after}> ({percent(each.people, whole)})</span>}
            >
              <span
                className={styles.key}
                style={{ background: each.readiness === "unknown" ? HATCH : fill[each.readiness] }}
                aria-hidden
              />
              {readinessWord[each.readiness]}
            </Pick>
          ))}
      </div>
      <Text size={200} className={styles.quiet}>
        {counted(posture.phishingResistant, "person", "people")} {posture.phishingResistant === 1 ? "has" : "have"} a
        phishing-resistant method. A passkey takes iOS 17, Android 14, joined Windows, or a security key.
      </Text>
    </PageCard>
  );
}

export function WithoutPhoneCard({ posture, picks }: { posture: MfaPosture; picks: Picks }) {
  const styles = useStyles();
  const whole = posture.withoutPhone.reduce((sum, each) => sum + each.people, 0);
  return (
    <PageCard title="Without a phone">
      {whole === 0 ? (
        <Text className={styles.quiet}>
          {posture.phoneUnknown > 0
            ? "Nobody is known to have none."
            : "Everybody registered a phone, was seen to sign in from one, or has a mobile number in the directory."}
        </Text>
      ) : (
        <>
          <Pick picked={picks.picked({ phone: "none" })} onPick={() => picks.pick({ phone: "none" })} value={whole}>
            People of whom nothing says that they have one
          </Pick>
          <div className={styles.rows}>
            <Text size={200} className={styles.quiet}>
              What would suit them
            </Text>
            {posture.withoutPhone.map((each) => (
              <Pick
                key={each.suits}
                picked={picks.picked({ suits: each.suits })}
                onPick={() => picks.pick({ suits: each.suits })}
                value={each.people}
              >
                {each.suits === "nothing" ? "Nothing more: what they have works without" : suitsWord[each.suits]}
              </Pick>
            ))}
          </div>
        </>
      )}
      {posture.phoneUnknown > 0 && (
        <Text size={200} className={styles.quiet}>
          Of {counted(posture.phoneUnknown, "person", "people")} it is not known.
        </Text>
      )}
    </PageCard>
  );
}
