// Above the list of policies: which get in one another's way (conflicts, duplicates, near-duplicates) and what is odd about them.
import {
  Accordion,
  AccordionHeader,
  AccordionItem,
  AccordionPanel,
  Card,
  makeStyles,
  mergeClasses,
  tokens,
} from "@fluentui/react-components";
import type { PolicyFinding } from "../../bindings";
import { DeleteRegular, DismissCircleRegular, InfoRegular, WarningRegular } from "../../components/icons";
import { cleanName } from "../../components/names";
import { counted, sentence } from "../../components/words";
import { usePolicyFindings } from "../../data/engine";
import { PolicyLink } from "./gap-people";

const useStyles = makeStyles({
  card: {
    padding: `${tokens.spacingVerticalXXS} ${tokens.spacingHorizontalXS}`,
    marginBottom: tokens.spacingVerticalM,
    flexShrink: 0,
  },
  list: {
    listStyle: "none",
    margin: 0,
    padding: `0 0 ${tokens.spacingVerticalS}`,
    maxHeight: "240px",
    overflowY: "auto",
  },
  item: {
    display: "grid",
    gridTemplateColumns: "20px 132px minmax(0, 1fr)",
    columnGap: tokens.spacingHorizontalM,
    alignItems: "start",
    padding: `${tokens.spacingVerticalXS} 0`,
    borderTop: `1px solid ${tokens.colorNeutralStroke3}`,
    overflowWrap: "anywhere",
  },
  icon: { fontSize: "16px", lineHeight: tokens.lineHeightBase300 },
  bad: { color: tokens.colorStatusDangerForeground1 },
  warn: { color: tokens.colorPaletteDarkOrangeForeground1 },
  quiet: { color: tokens.colorNeutralForeground3 },
  links: { display: "flex", flexWrap: "wrap", columnGap: tokens.spacingHorizontalM },
});

const looks = {
  conflict: [DismissCircleRegular, "bad", "Conflict"],
  duplicate: [WarningRegular, "warn", "Duplicate"],
  nearDuplicate: [WarningRegular, "warn", "Near-duplicate"],
  moot: [InfoRegular, "quiet", "Changes nothing"],
  sameName: [InfoRegular, "quiet", "Same name"],
  deleted: [DeleteRegular, "warn", "Names what is gone"],
  empty: [InfoRegular, "quiet", "Empty"],
  broken: [WarningRegular, "warn", "Not readable"],
} as const satisfies Record<PolicyFinding["kind"], unknown>;

const UNITS: readonly (readonly [PolicyFinding["kind"], string, string])[] = [
  ["conflict", "conflict", "conflicts"],
  ["duplicate", "duplicate", "duplicates"],
  ["nearDuplicate", "near-duplicate", "near-duplicates"],
];

/** "1 conflict, 2 duplicates and 3 other remarks about these policies" */
function summary(found: readonly PolicyFinding[]): string {
  const parts = UNITS.map(([kind, one, many]) => {
    const many_ = found.filter((each) => each.kind === kind).length;
    return many_ > 0 ? counted(many_, one, many) : "";
  }).filter(Boolean);
  const rest = found.filter((each) => !UNITS.some(([kind]) => kind === each.kind)).length;
  if (rest > 0) parts.push(counted(rest, parts.length > 0 ? "other remark" : "remark"));
  const last = parts.pop() ?? "";
  return `${parts.length > 0 ? `${parts.join(", ")} and ${last}` : last} about these policies`;
}

export function PolicyFindings({ tenant }: { tenant: string }) {
  const styles = useStyles();
  // A page of policies stands without it: what cannot be found out is not worth a problem here.
  const found = usePolicyFindings(tenant).data ?? [];
  if (found.length === 0) return null;
  return (
    <Card className={styles.card} role="region" aria-label="Remarks about the policies">
      <Accordion collapsible>
        <AccordionItem value="findings">
          <AccordionHeader as="h2">{summary(found)}</AccordionHeader>
          <AccordionPanel>
            <ul className={styles.list}>
              {found.map((finding, index) => {
                const [Icon, tone, word] = looks[finding.kind] ?? looks.broken;
                return (
                  <li key={index} className={styles.item}>
                    <Icon className={mergeClasses(styles.icon, styles[tone])} aria-hidden />
                    <span className={styles[tone]}>{word}</span>
                    <span>
                      {sentence(cleanName(finding.what))}
                      <span className={styles.links}>
                        {finding.policies.map((policy) => (
                          <span key={policy.id}>
                            <PolicyLink tenant={tenant} policy={policy} />
                          </span>
                        ))}
                      </span>
                    </span>
                  </li>
                );
              })}
            </ul>
          </AccordionPanel>
        </AccordionItem>
      </Accordion>
    </Card>
  );
}
