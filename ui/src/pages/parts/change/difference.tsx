// The difference in words beside the JSON of before and after.
import { makeStyles, Tab, TabList, Text, tokens } from "@fluentui/react-components";
import { useState } from "react";
import type { ChangeDetail } from "../../../bindings";
import { FieldChanges } from "../../../components/field-changes";
import { JsonText } from "../../../components/json-text";
import { CopyButton } from "../../../components/problem-view";
import { PageCard } from "../user-cards";

const useStyles = makeStyles({
  sides: {
    display: "grid",
    gridTemplateColumns: "repeat(auto-fit, minmax(min(100%, 420px), 1fr))",
    gap: tokens.spacingHorizontalXL,
    alignItems: "start",
  },
  gone: { color: tokens.colorNeutralForeground3 },
  tabs: { marginInlineStart: "-8px" },
});

export function DifferenceCard({ change }: { change: ChangeDetail }) {
  const styles = useStyles();
  const [side, setSide] = useState<"before" | "after">(change.after === null ? "before" : "after");
  const text = side === "before" ? change.before : change.after;
  return (
    <PageCard title="What it changes" aside={text ? <CopyButton text={text} label="Copy JSON" /> : undefined}>
      <div className={styles.sides}>
        <FieldChanges changes={change.differences} />
        <div>
          <TabList
            size="small"
            className={styles.tabs}
            selectedValue={side}
            onTabSelect={(_, data) => setSide(data.value === "before" ? "before" : "after")}
          >
            <Tab value="before">JSON before</Tab>
            <Tab value="after">JSON after</Tab>
          </TabList>
          {text === null ? (
            <Text className={styles.gone}>
              {side === "before" ? "It does not exist before." : "It does not exist afterwards."}
            </Text>
          ) : (
            <JsonText text={text} label={`JSON ${side}`} />
          )}
        </div>
      </div>
    </PageCard>
  );
}
