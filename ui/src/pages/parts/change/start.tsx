// A change from scratch: first what to do, then what it is about.
import { Button, Card, Field, makeStyles, Subtitle2, Text, tokens } from "@fluentui/react-components";
import { useFilters } from "../../../address";
import type { ChangeChoices } from "../../../bindings";
import { ChevronRightRegular } from "../../../components/icons";
import { Pick } from "../../../components/pick";
import { rowButton } from "../../../components/style-parts";
import { ACTS, type Act } from "./draft-of";
import { usePolicyChoices } from "./small-forms";

const useStyles = makeStyles({
  card: { padding: tokens.spacingHorizontalL, gap: tokens.spacingVerticalS, maxWidth: "760px" },
  list: { listStyle: "none", margin: 0, padding: 0 },
  act: {
    ...rowButton,
    display: "grid",
    gridTemplateColumns: "minmax(0, 1fr) 16px",
    minHeight: "52px",
    padding: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalS}`,
  },
  quiet: { color: tokens.colorNeutralForeground3 },
  field: { width: "min(100%, 420px)" },
});

export function WhatToDo() {
  const styles = useStyles();
  const [, setSearch] = useFilters();
  return (
    <Card className={styles.card} role="region" aria-label="What shall change?">
      <Subtitle2 as="h2">What shall change?</Subtitle2>
      <ul className={styles.list}>
        {ACTS.map((act) => (
          <li key={act.key}>
            <button type="button" className={styles.act} onClick={() => setSearch({ do: act.key }, { replace: false })}>
              <span>
                <Text block weight="semibold">
                  {act.title}
                </Text>
                <Text block size={200} className={styles.quiet}>
                  {act.text}
                </Text>
              </span>
              <ChevronRightRegular aria-hidden />
            </button>
          </li>
        ))}
      </ul>
    </Card>
  );
}

export function WhatAbout({ tenant, act, choices }: { tenant: string; act: Act; choices: ChangeChoices | undefined }) {
  const styles = useStyles();
  const [, setSearch] = useFilters();
  const policies = usePolicyChoices(tenant, act.key === "restore");
  const policy = act.needs === "policy";
  const label = policy ? "Policy" : "Named location";
  return (
    <Card className={styles.card} role="region" aria-label={act.title}>
      <Subtitle2 as="h2">{act.title}</Subtitle2>
      <Field label={label} className={styles.field} required>
        <Pick
          label={label}
          any={policy ? "Which policy" : "Which location"}
          choices={
            policy ? policies : (choices?.locations ?? []).map((each) => ({ value: each.value, text: each.words }))
          }
          chosen={null}
          onPick={(id) =>
            setSearch(policy ? { policy: id ?? undefined } : { location: id ?? undefined }, { replace: false })
          }
        />
      </Field>
      <div>
        <Button onClick={() => setSearch({ do: undefined })}>Something else</Button>
      </div>
    </Card>
  );
}
