// The answer of a what-if: the verdict large, what it demands, what is left open, and every policy with its one reason.
import { Card, makeStyles, mergeClasses, Subtitle2, Text, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import type { WhatIfAnswer, WhatIfPolicy } from "../../bindings";
import { cleanName } from "../../components/names";
import { edge, listItem, plainList, quiet } from "../../components/style-parts";
import { counted, sentence } from "../../components/words";
import { accessLook, OutcomeWord } from "./engine-words";
import { PolicyLink } from "./gap-people";
import { PolicyState } from "./state-words";

const useStyles = makeStyles({
  root: { display: "grid", gap: tokens.spacingVerticalL, alignContent: "start", minWidth: 0 },
  thinking: { opacity: 0.6 },
  verdict: {
    padding: `${tokens.spacingVerticalXL} ${tokens.spacingHorizontalXL}`,
    gap: tokens.spacingVerticalS,
    borderInlineStartWidth: "6px",
    borderInlineStartStyle: "solid",
    borderInlineStartColor: tokens.colorNeutralStroke1,
  },
  head: { display: "flex", alignItems: "center", gap: tokens.spacingHorizontalM, minWidth: 0 },
  icon: { fontSize: "36px", lineHeight: 0, flexShrink: 0 },
  headline: {
    fontSize: tokens.fontSizeHero700,
    lineHeight: tokens.lineHeightHero700,
    fontWeight: tokens.fontWeightSemibold,
    overflowWrap: "anywhere",
    minWidth: 0,
  },
  good: { color: tokens.colorStatusSuccessForeground1 },
  bad: { color: tokens.colorStatusDangerForeground1 },
  amber: { color: tokens.colorPaletteMarigoldForeground2 },
  goodEdge: edge.good,
  badEdge: edge.bad,
  amberEdge: edge.warn,
  quiet,
  lists: { display: "grid", gap: tokens.spacingVerticalM, marginTop: tokens.spacingVerticalS },
  bullets: { margin: 0, paddingInlineStart: tokens.spacingHorizontalXL, overflowWrap: "anywhere" },
  card: { padding: tokens.spacingHorizontalL, gap: tokens.spacingVerticalS },
  policies: plainList,
  policy: listItem,
  policyHead: {
    display: "flex",
    flexWrap: "wrap",
    justifyContent: "space-between",
    columnGap: tokens.spacingHorizontalM,
  },
  words: { display: "inline-flex", gap: tokens.spacingHorizontalM },
});

export function Answer({ tenant, answer, thinking }: { tenant: string; answer: WhatIfAnswer; thinking: boolean }) {
  const styles = useStyles();
  const [Icon, tone] = accessLook[answer.access];
  const color = tone === "good" ? styles.good : tone === "bad" ? styles.bad : styles.amber;
  const edge = tone === "good" ? styles.goodEdge : tone === "bad" ? styles.badEdge : styles.amberEdge;
  const of = (outcome: WhatIfPolicy["outcome"]) => answer.policies.filter((each) => each.outcome === outcome);
  return (
    <section
      className={mergeClasses(styles.root, thinking && styles.thinking)}
      aria-label="Answer"
      aria-busy={thinking}
    >
      <Card className={mergeClasses(styles.verdict, edge)} role="group" aria-label="Verdict">
        <div className={mergeClasses(styles.head, color)} aria-live="polite">
          <Icon className={styles.icon} aria-hidden />
          <span className={styles.headline} data-testid="headline">
            {cleanName(answer.headline)}
          </span>
        </div>
        <Text size={400}>{sentence(cleanName(answer.reason))}</Text>
        {(answer.requires.length > 0 ||
          answer.session.length > 0 ||
          answer.reportOnly.length > 0 ||
          answer.open.length > 0) && (
          <div className={styles.lists}>
            <Lines title="Demands, every one of them" lines={answer.requires} />
            <Lines title="The session then" lines={answer.session} />
            <Lines title="Say this to get a surer answer" lines={answer.open} />
            <Lines title="If report-only policies were on" lines={answer.reportOnly} />
          </div>
        )}
        {answer.remarks.map((remark) => (
          <Text key={remark} size={200} className={styles.quiet}>
            {sentence(cleanName(remark))}
          </Text>
        ))}
      </Card>
      <Group
        title={(many) => `${counted(many, "policy applies", "policies apply")}`}
        none="No policy applies."
        tenant={tenant}
        policies={of("applies")}
      />
      {of("cannotSay").length > 0 && (
        <Group
          title={(many) => `${counted(many, "policy", "policies")} cannot be judged`}
          tenant={tenant}
          policies={of("cannotSay")}
        />
      )}
      {of("doesNotApply").length > 0 && (
        <Group
          title={(many) => `${counted(many, "policy does", "policies do")} not apply`}
          tenant={tenant}
          policies={of("doesNotApply")}
        />
      )}
    </section>
  );
}

function Lines({ title, lines }: { title: string; lines: readonly string[] }) {
  const styles = useStyles();
  if (lines.length === 0) return null;
  return (
    <div>
      <Text weight="semibold">{title}</Text>
      <ul className={styles.bullets}>
        {lines.map((line, index) => (
          <li key={index}>{cleanName(line)}</li>
        ))}
      </ul>
    </div>
  );
}

function Group({
  title,
  none,
  tenant,
  policies,
}: {
  title: (many: number) => ReactNode;
  none?: string;
  tenant: string;
  policies: readonly WhatIfPolicy[];
}) {
  const styles = useStyles();
  return (
    <Card className={styles.card} role="region" aria-label={String(title(policies.length))}>
      <Subtitle2 as="h2">{policies.length === 0 && none ? none : title(policies.length)}</Subtitle2>
      <ul className={styles.policies}>
        {policies.map((each) => (
          <li key={each.policy.id} className={styles.policy}>
            <div className={styles.policyHead}>
              <PolicyLink tenant={tenant} policy={{ ...each.policy, state: "" }} />
              <span className={styles.words}>
                {each.policy.state && each.policy.state !== "enabled" && <PolicyState state={each.policy.state} />}
                <OutcomeWord outcome={each.outcome} />
              </span>
            </div>
            <Text>{sentence(cleanName(each.reason))}</Text>
            {each.blocks && <Text size={200}>Blocks the sign-in.</Text>}
            {each.demands.length > 0 && <Text size={200}>Demands {each.demands.map(cleanName).join(", ")}.</Text>}
            {each.session.length > 0 && (
              <Text size={200} className={styles.quiet}>
                Session: {each.session.map(cleanName).join(", ")}.
              </Text>
            )}
            {each.more.length > 0 && (
              <Text size={200} className={styles.quiet}>
                {each.more.map((line) => sentence(cleanName(line))).join(" ")}
              </Text>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}
