// One sign-in with both explanations of every policy side by side.
import { Button, makeStyles, Subtitle2, Text, tokens } from "@fluentui/react-components";
import { part, useGo } from "../../address";
import type { Explanations, ReplayDetail } from "../../bindings";
import { cleanName } from "../../components/names";
import { useNow } from "../../components/relative-time";
import { counted, dayAndTime, sentence } from "../../components/words";
import { useDisagreement } from "../../data/engine";
import { OutcomeWord } from "./engine-words";
import { PolicyLink } from "./gap-people";
import { Remarks } from "./remarks";
import { SidePanel } from "./side-panel";
import { AppliedWord } from "./state-words";

const useStyles = makeStyles({
  section: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM, overflowWrap: "anywhere" },
  pair: {
    display: "grid",
    gridTemplateColumns: "1fr 1fr",
    columnGap: tokens.spacingHorizontalL,
    rowGap: tokens.spacingVerticalXS,
    padding: `${tokens.spacingVerticalM} 0`,
    borderTop: `1px solid ${tokens.colorNeutralStroke3}`,
  },
  whole: { gridColumn: "1 / -1" },
  side: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXS, minWidth: 0 },
  title: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
  actions: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS },
  facts: { color: tokens.colorNeutralForeground2 },
});

export function ReplayPanel({ tenant, id, close }: { tenant: string; id: string; close: () => void }) {
  const now = useNow();
  const read = useDisagreement(tenant, id);
  return (
    <SidePanel
      label="Disagreement"
      size="large"
      read={read}
      close={close}
      title={(detail) => <bdi dir="auto">{cleanName(detail.signIn.userName || detail.signIn.upn)}</bdi>}
      facts={(detail) => `${detail.signIn.app}, ${dayAndTime(new Date(detail.signIn.at), now)}`}
    >
      {(detail) => <Inside tenant={tenant} detail={detail} />}
    </SidePanel>
  );
}

function Inside({ tenant, detail }: { tenant: string; detail: ReplayDetail }) {
  const styles = useStyles();
  const go = useGo();
  const base = `/tenants/${part(tenant)}`;
  const { signIn } = detail;
  const differing = detail.policies.filter((each) => !each.agrees);
  const agreeing = detail.policies.filter((each) => each.agrees);
  return (
    <>
      <Text className={styles.facts}>
        {[signIn.place, signIn.ip, signIn.device, signIn.client].map(cleanName).filter(Boolean).join(", ")}.{" "}
        {sentence(cleanName(signIn.reason))}
      </Text>
      <div className={styles.actions}>
        <Button size="small" onClick={() => go(`${base}/what-if?like=${part(signIn.id)}&fill=1`)}>
          As this sign-in in What-if
        </Button>
        <Button size="small" onClick={() => go(`${base}/sign-ins?open=${part(signIn.id)}`)}>
          Open the sign-in
        </Button>
      </div>
      <Remarks of={detail.remarks} />
      <section className={styles.section} aria-label="Disagreement">
        <Subtitle2 as="h3">
          {differing.length === 0
            ? "They agree on every policy now"
            : `They disagree on ${counted(differing.length, "policy", "policies")}`}
        </Subtitle2>
        {differing.map((each) => (
          <Pair key={each.policy.id} tenant={tenant} both={each} />
        ))}
      </section>
      {agreeing.length > 0 && (
        <section className={styles.section} aria-label="Agreement">
          <Subtitle2 as="h3">They agree on {counted(agreeing.length, "policy", "policies")}</Subtitle2>
          {agreeing.map((each) => (
            <Pair key={each.policy.id} tenant={tenant} both={each} />
          ))}
        </section>
      )}
    </>
  );
}

function Pair({ tenant, both }: { tenant: string; both: Explanations }) {
  const styles = useStyles();
  return (
    <div className={styles.pair} role="group" aria-label={cleanName(both.policy.displayName)}>
      <Text className={styles.whole} weight="semibold">
        <PolicyLink tenant={tenant} policy={both.policy} />
      </Text>
      <div className={styles.side}>
        <span className={styles.title}>Entra recorded</span>
        {both.recorded && <AppliedWord result={both.recorded} />}
        <Text>{sentence(cleanName(both.entra))}</Text>
      </div>
      <div className={styles.side}>
        <span className={styles.title}>The engine says</span>
        {both.outcome && <OutcomeWord outcome={both.outcome} />}
        <Text>{sentence(cleanName(both.engine))}</Text>
      </div>
    </div>
  );
}
