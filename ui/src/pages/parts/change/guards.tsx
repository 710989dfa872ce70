// What speaks against applying. What stops stands in red and cannot be clicked away; what asks has to be confirmed, each on its own.
import { Checkbox, makeStyles, mergeClasses, Text, tokens } from "@fluentui/react-components";
import type { Guard } from "../../../bindings";
import { CheckmarkCircleRegular } from "../../../components/icons";
import { cleanName } from "../../../components/names";
import { sentence } from "../../../components/words";
import { PageCard } from "../user-cards";
import { GuardWord } from "./change-words";

const useStyles = makeStyles({
  list: { listStyle: "none", margin: 0, padding: 0, display: "grid", gap: tokens.spacingVerticalS },
  guard: {
    display: "grid",
    gridTemplateColumns: "72px minmax(0, 1fr)",
    alignItems: "start",
    columnGap: tokens.spacingHorizontalM,
    rowGap: tokens.spacingVerticalXXS,
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}`,
    borderInlineStartWidth: "4px",
    borderInlineStartStyle: "solid",
    borderRadius: tokens.borderRadiusSmall,
    overflowWrap: "anywhere",
  },
  stops: {
    borderInlineStartColor: tokens.colorStatusDangerBorder2,
    backgroundColor: tokens.colorStatusDangerBackground1,
    "& *": { color: tokens.colorStatusDangerForeground1 },
  },
  asks: { borderInlineStartColor: tokens.colorStatusWarningBorder2, backgroundColor: tokens.colorNeutralBackground3 },
  words: { display: "flex", flexDirection: "column", minWidth: 0 },
  none: { display: "inline-flex", alignItems: "center", gap: tokens.spacingHorizontalS },
  good: { fontSize: "20px", color: tokens.colorStatusSuccessForeground1 },
});

/** Two guards of one code are about two things. */
export const guardKey = (guard: Guard) => `${guard.code} ${guard.what}`;
export const toConfirm = (guards: readonly Guard[]) => guards.filter((guard) => guard.weight === "asks");

export function Guards({
  guards,
  confirmed,
  confirm,
}: {
  guards: readonly Guard[];
  confirmed: ReadonlySet<string>;
  /** Undefined where nothing is to be applied any more. */
  confirm?: ((key: string, on: boolean) => void) | undefined;
}) {
  const styles = useStyles();
  return (
    <PageCard title="Guards">
      {guards.length === 0 ? (
        <Text className={styles.none}>
          <CheckmarkCircleRegular className={styles.good} aria-hidden />
          No guard speaks against it.
        </Text>
      ) : (
        <ul className={styles.list}>
          {guards.map((guard) => {
            const key = guardKey(guard);
            return (
              <li key={key} className={mergeClasses(styles.guard, styles[guard.weight])} data-code={guard.code}>
                <GuardWord weight={guard.weight} />
                <span className={styles.words}>
                  <Text weight="semibold">{sentence(cleanName(guard.what))}</Text>
                  <Text>{sentence(cleanName(guard.nextStep))}</Text>
                  {guard.weight === "asks" && confirm && (
                    <Checkbox
                      label="I have read this and it is meant so"
                      aria-label={`It is meant so: ${cleanName(guard.what)}`}
                      checked={confirmed.has(key)}
                      onChange={(_, data) => confirm(key, data.checked === true)}
                    />
                  )}
                </span>
              </li>
            );
          })}
        </ul>
      )}
    </PageCard>
  );
}
