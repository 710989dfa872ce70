// A cell or a gap opened: under which conditions what protects, who the people are, and why.
import { Button, Card, makeStyles, Text } from "@fluentui/react-components";
import { part } from "../../address";
import { type CoverageCell, type CoverageGap, commands, type GapPerson, type Page, type Window } from "../../bindings";
import { cleanName } from "../../components/names";
import { framed, large, listItem, plainList, quiet } from "../../components/style-parts";
import { counted, sentence } from "../../components/words";
import { useCell } from "../../data/engine";
import { ask } from "../../data/ipc";
import { ProposeButton } from "./change/propose";
import { ProtectionWord } from "./engine-words";
import { Fact, Facts } from "./facts";
import { Everybody, Names, PolicyLinks } from "./gap-people";
import { PanelSection, SidePanel } from "./side-panel";

const useStyles = makeStyles({
  verdict: framed,
  large,
  quiet,
  conditions: plainList,
  condition: listItem,
});

const where = (parts: readonly string[]) =>
  parts
    .map((text) => cleanName(text))
    .filter((text) => text && text.toLowerCase() !== "any")
    .join(", ") || "Every client, platform, location and device";

export function CellPanel({
  tenant,
  row,
  application,
  close,
  tryIt,
}: {
  tenant: string;
  row: string;
  application: string;
  close: () => void;
  tryIt: (user: string | null) => void;
}) {
  const read = useCell(tenant, row, application);
  return (
    <SidePanel
      label="Coverage of a cell"
      size="large"
      read={read}
      close={close}
      title={(cell) => (
        <>
          <bdi dir="auto">{cleanName(cell.row.title)}</bdi> at{" "}
          <bdi dir="auto">{cleanName(cell.application.displayName)}</bdi>
        </>
      )}
      facts={(cell) =>
        [
          cell.row.users === null ? "Users were never read" : counted(cell.row.users, "user"),
          cleanName(cell.row.explanation),
        ]
          .filter(Boolean)
          .join(", ")
      }
    >
      {(cell) => <Inside tenant={tenant} cell={cell} tryIt={tryIt} />}
    </SidePanel>
  );
}

function Inside({ tenant, cell, tryIt }: { tenant: string; cell: CoverageCell; tryIt: (user: string | null) => void }) {
  const styles = useStyles();
  const policies = new Map(cell.conditions.flatMap((each) => each.policies.map((policy) => [policy.id, policy])));
  return (
    <>
      <Card className={styles.verdict} role="group" aria-label="Least protection">
        <ProtectionWord protection={cell.protection} />
        <Text weight="semibold" className={styles.large}>
          {sentence(cleanName(cell.why))}
        </Text>
        <div>
          <Button size="small" onClick={() => tryIt(cell.people[0]?.id ?? null)}>
            Try it in What-if
          </Button>
        </div>
      </Card>
      <PanelSection title="By conditions">
        <ul className={styles.conditions}>
          {cell.conditions.map((each, index) => (
            <li key={index} className={styles.condition}>
              <Text weight="semibold">{where([each.client, each.platform, each.location, each.device])}</Text>
              <ProtectionWord protection={each.protection} />
              <Text size={200} className={styles.quiet}>
                {sentence(cleanName(each.why))}
              </Text>
            </li>
          ))}
        </ul>
      </PanelSection>
      {policies.size > 0 && (
        <PanelSection title="Policies">
          <PolicyLinks tenant={tenant} policies={[...policies.values()]} />
        </PanelSection>
      )}
      <PanelSection title="People">
        <Names tenant={tenant} people={cell.people} users={cell.row.users} />
        {cell.row.users !== null && cell.row.users > cell.people.length && (
          <Everybody
            tenant={tenant}
            name={`coverage:${cell.row.id}`}
            users={cell.row.users}
            read={(text, window) => ask(commands.coveragePeople({ tenant, of: cell.row.id, text, window }))}
          />
        )}
      </PanelSection>
    </>
  );
}

export function GapPanel({
  tenant,
  gap,
  read,
  close,
}: {
  tenant: string;
  gap: CoverageGap;
  read: (text: string | null, window: Window) => Promise<Page<GapPerson>>;
  close: () => void;
}) {
  const styles = useStyles();
  return (
    <SidePanel
      label="Gap"
      size="large"
      read={{ data: gap, error: null, refetch: () => undefined }}
      close={close}
      title={() => (
        <>
          {gap.users === null ? "People" : counted(gap.users, "user")} at{" "}
          <bdi dir="auto">{cleanName(gap.application.displayName)}</bdi>
        </>
      )}
    >
      {() => (
        <>
          <Card className={styles.verdict} role="group" aria-label="Why">
            <ProtectionWord protection={gap.protection} />
            <Text weight="semibold" className={styles.large}>
              {sentence(cleanName(gap.why))}
            </Text>
            <div>
              <ProposeButton
                tenant={tenant}
                query={`application=${part(gap.application.id)}&client=${part(gap.client)}`}
              />
            </div>
          </Card>
          <PanelSection title="Where">
            <Facts>
              <Fact label="Application">
                <bdi dir="auto">{cleanName(gap.application.displayName)}</bdi>
              </Fact>
              <Fact label="Client">{gap.client || "any"}</Fact>
              <Fact label="Platform">{gap.platform || "any"}</Fact>
              <Fact label="Location">{cleanName(gap.location) || "any"}</Fact>
              <Fact label="Device">{gap.device || "any"}</Fact>
            </Facts>
          </PanelSection>
          {gap.policies.length > 0 && (
            <PanelSection title="Policies that come close">
              <PolicyLinks tenant={tenant} policies={gap.policies} />
            </PanelSection>
          )}
          <PanelSection title="People">
            <Names tenant={tenant} people={gap.people} users={gap.users} />
            {gap.users !== null && gap.users > gap.people.length && (
              <Everybody tenant={tenant} name={`gap:${gap.id}`} users={gap.users} read={read} />
            )}
          </PanelSection>
        </>
      )}
    </SidePanel>
  );
}
