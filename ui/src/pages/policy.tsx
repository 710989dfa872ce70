// One Conditional Access policy: what it does in words, as JSON, and how it came to be so.
import {
  Button,
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
  makeStyles,
  Tab,
  TabList,
  Text,
  tokens,
} from "@fluentui/react-components";
import { part, useFilters, useGo, useParam } from "../address";
import type { PolicyDetail, PolicyPart } from "../bindings";
import { JsonText } from "../components/json-text";
import { Loaded } from "../components/loaded";
import { cleanName } from "../components/names";
import { PageHead } from "../components/page-head";
import { CopyButton } from "../components/problem-view";
import { RelativeTime } from "../components/relative-time";
import { counted, sentence } from "../components/words";
import { usePolicy } from "../data/queries";
import { ProposeMenu } from "./parts/change/propose";
import { DataNotice } from "./parts/data-notice";
import { PolicyVersions } from "./parts/policy-versions";
import { PolicyState } from "./parts/state-words";
import { useTenantCrumbs } from "./parts/tenant-crumbs";
import { PageCard } from "./parts/user-cards";

const useStyles = makeStyles({
  cards: { display: "grid", gap: tokens.spacingVerticalL, paddingBottom: tokens.spacingVerticalXL },
  facts: { display: "inline-flex", flexWrap: "wrap", columnGap: tokens.spacingHorizontalL, alignItems: "center" },
  sentence: {
    fontSize: tokens.fontSizeBase400,
    lineHeight: tokens.lineHeightBase400,
    maxWidth: "80ch",
    overflowWrap: "anywhere",
  },
  tabs: { marginInlineStart: "-8px" },
  parts: {
    display: "grid",
    gridTemplateColumns: "repeat(auto-fit, minmax(160px, 1fr))",
    gap: `${tokens.spacingVerticalL} ${tokens.spacingHorizontalXXL}`,
    margin: 0,
  },
  part: { minWidth: 0, borderTop: `2px solid ${tokens.colorNeutralStroke2}`, paddingTop: tokens.spacingVerticalS },
  partTitle: {
    color: tokens.colorNeutralForeground2,
    fontSize: tokens.fontSizeBase200,
    fontWeight: tokens.fontWeightSemibold,
    marginBottom: tokens.spacingVerticalXS,
  },
  lines: { listStyle: "none", margin: 0, padding: 0, display: "grid", gap: tokens.spacingVerticalXS },
  line: { overflowWrap: "anywhere" },
  quiet: { color: tokens.colorNeutralForeground3 },
});

export default function PolicyPage() {
  const tenant = useParam("tenant");
  const id = useParam("policy");
  const { base } = useTenantCrumbs(tenant);
  const policy = usePolicy(tenant, id);
  return (
    <Loaded asked={policy} back={["All policies", `${base}/policies`]}>
      {(data) => <PolicyView tenant={tenant} policy={data} />}
    </Loaded>
  );
}

function PolicyView({ tenant, policy }: { tenant: string; policy: PolicyDetail }) {
  const styles = useStyles();
  const go = useGo();
  const [search, setSearch] = useFilters();
  const { base, crumbs } = useTenantCrumbs(tenant);
  const { row } = policy;
  const shown = search.as === "json" ? "json" : "words";
  return (
    <>
      <PageHead
        title={row.displayName}
        crumbs={[...crumbs, { title: "Policies", to: `${base}/policies` }]}
        facts={
          <span className={styles.facts}>
            <PolicyState state={row.state} deleted={row.deleted} />
            <span>
              {row.changedAt ? (
                <>
                  {row.deleted ? "Deleted" : "Changed"} <RelativeTime at={row.changedAt} />
                  {row.changedBy ? (
                    <>
                      {" "}
                      by <bdi dir="auto">{cleanName(row.changedBy)}</bdi>
                    </>
                  ) : (
                    ", by whom is not known"
                  )}
                </>
              ) : (
                "When it was last changed is not known"
              )}
              , {counted(row.versions, "version")} kept
            </span>
          </span>
        }
        actions={
          <>
            <ProposeMenu tenant={tenant} policy={row} />
            <Button onClick={() => go(`${base}/sign-ins?policy=${part(row.id)}&result=failure&days=7`)}>
              Failed sign-ins, 7 days
            </Button>
          </>
        }
      />
      <DataNotice tenant={tenant} kinds={["policies", "namedLocations", "authenticationStrengths", "groups"]} />
      <div className={styles.cards}>
        {row.notUnderstood.length > 0 && (
          <MessageBar intent="warning" layout="multiline">
            <MessageBarBody>
              <MessageBarTitle>
                Gatehouse does not understand {counted(row.notUnderstood.length, "part")} of this policy.
              </MessageBarTitle>{" "}
              What it does in full is not known. Read {row.notUnderstood.map(cleanName).join(", ")} in the JSON or in
              the Entra admin centre.
            </MessageBarBody>
          </MessageBar>
        )}
        <PageCard
          title={row.deleted ? "What it did" : "What it does"}
          aside={shown === "json" ? <CopyButton text={policy.json} label="Copy JSON" /> : undefined}
        >
          <Text className={styles.sentence}>{sentence(cleanName(row.sentence))}</Text>
          <TabList
            size="small"
            className={styles.tabs}
            selectedValue={shown}
            onTabSelect={(_, data) => setSearch({ as: data.value === "json" ? "json" : undefined })}
          >
            <Tab value="words">In words</Tab>
            <Tab value="json">JSON</Tab>
          </TabList>
          {shown === "words" ? (
            <Parts parts={policy.parts} />
          ) : (
            <JsonText text={policy.json} label="The policy as JSON" />
          )}
        </PageCard>
        <PageCard title="Versions">
          <PolicyVersions
            versions={policy.versions}
            deleted={row.deleted}
            restore={(version) => go(`${base}/changes/new?do=restore&policy=${part(row.id)}&version=${version}`)}
          />
        </PageCard>
      </div>
    </>
  );
}

function Parts({ parts }: { parts: readonly PolicyPart[] }) {
  const styles = useStyles();
  if (parts.length === 0)
    return <Text className={styles.quiet}>This policy could not be put into words. Its JSON is as Graph sent it.</Text>;
  return (
    <div className={styles.parts}>
      {parts.map((each) => (
        <section key={each.title} className={styles.part} aria-label={each.title}>
          <div className={styles.partTitle} aria-hidden>
            {each.title}
          </div>
          <ul className={styles.lines}>
            {each.lines.map((line, index) => (
              <li key={index} className={styles.line}>
                <bdi dir="auto">{cleanName(line)}</bdi>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
