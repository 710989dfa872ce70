// Every policy against every break-glass account, the worst first. The reason stands in each cell, so that nobody needs a mouse to read it;
// the head and the policies' column stay while the rest moves.
import { Button, Card, makeStyles, mergeClasses, Subtitle2, Switch, Text, tokens } from "@fluentui/react-components";
import { useState } from "react";
import { part } from "../../../address";
import type { BreakGlassView, MatrixCell, MatrixRow, Reach } from "../../../bindings";
import { EmptyState } from "../../../components/empty-state";
import { ShieldQuestionRegular, ShieldTaskRegular } from "../../../components/icons";
import { cleanName } from "../../../components/names";
import { count, counted, sentence } from "../../../components/words";
import { AppLink } from "../app-link";
import { PolicyState } from "../state-words";
import { nameOf } from "./accounts";
import { excludable, ReachWord } from "./glass-words";

const useStyles = makeStyles({
  card: { padding: tokens.spacingHorizontalL, gap: tokens.spacingVerticalM },
  head: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    justifyContent: "space-between",
    gap: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalL}`,
  },
  quiet: { color: tokens.colorNeutralForeground2 },
  scroller: {
    maxHeight: "min(560px, 70vh)",
    overflow: "auto",
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusMedium,
    ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
  table: { borderCollapse: "separate", borderSpacing: 0, width: "100%" },
  caption: { position: "absolute", width: "1px", height: "1px", overflow: "hidden", clipPath: "inset(50%)" },
  cell: {
    textAlign: "start",
    verticalAlign: "top",
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}`,
    borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
    minWidth: "200px",
    overflowWrap: "anywhere",
    fontWeight: tokens.fontWeightRegular,
  },
  columnHead: {
    position: "sticky",
    top: 0,
    zIndex: 1,
    backgroundColor: tokens.colorNeutralBackground2,
    fontWeight: tokens.fontWeightSemibold,
    borderBottomColor: tokens.colorNeutralStroke1,
  },
  rowHead: {
    position: "sticky",
    insetInlineStart: 0,
    minWidth: "220px",
    maxWidth: "320px",
    backgroundColor: tokens.colorNeutralBackground1,
    borderInlineEndWidth: "1px",
    borderInlineEndStyle: "solid",
    borderInlineEndColor: tokens.colorNeutralStroke2,
  },
  corner: { zIndex: 2, backgroundColor: tokens.colorNeutralBackground2 },
  stack: { display: "flex", flexDirection: "column", alignItems: "flex-start", gap: tokens.spacingVerticalXXS },
});

/** More would be slow to draw at once. */
const MOST = 60;
/** These leave the account alone; what is not known is none of them. */
const calm: ReadonlySet<Reach> = new Set<Reach>(["sessionOnly", "excluded", "notIncluded"]);

/** "Of 6 policies 2 block an account or demand what it may lack in an emergency; 1 would reach one if turned on." */
export function matrixSentence(rows: readonly MatrixRow[]): string {
  const among = (...reaches: Reach[]) => rows.filter((row) => row.cells.some((cell) => reaches.includes(cell.reach)));
  const reach = among("reaches").length;
  const mfa = among("mfa").length;
  const would = among("reportOnly", "off").length;
  const unknown = among("unknown").length;
  const all = counted(rows.length, "policy", "policies");
  const parts = [
    reach === 0
      ? `Of ${all} none blocks an account or demands what it may lack`
      : `Of ${all} ${reach === 1 ? "1 blocks an account or demands" : `${count(reach)} block an account or demand`} what it may lack in an emergency`,
  ];
  if (mfa > 0) parts.push(`${count(mfa)} ${mfa === 1 ? "asks" : "ask"} for MFA`);
  if (would > 0) parts.push(`${count(would)} would reach one if turned on`);
  if (unknown > 0) parts.push(`${count(unknown)} ${unknown === 1 ? "is" : "are"} unknown`);
  return `${parts.join("; ")}.`;
}

export function Matrix({ view }: { view: BreakGlassView }) {
  const styles = useStyles();
  const [risky, setRisky] = useState(false);
  const [all, setAll] = useState(false);
  if (view.accounts.length === 0) return null;
  const fitting = risky ? view.matrix.filter((row) => row.cells.some((cell) => !calm.has(cell.reach))) : view.matrix;
  const shown = all ? fitting : fitting.slice(0, MOST);
  return (
    <Card className={styles.card} role="region" aria-label="Policies against accounts">
      <div className={styles.head}>
        <div>
          <Subtitle2 as="h2">What each policy does to them</Subtitle2>
          {view.matrix.length > 0 && (
            <Text block size={200} className={styles.quiet} data-testid="matrix-sentence">
              {matrixSentence(view.matrix)}
            </Text>
          )}
        </div>
        {view.matrix.length > 0 && (
          <Switch
            checked={risky}
            onChange={(_, data) => setRisky(data.checked)}
            label="Hide policies that leave every account alone"
          />
        )}
      </div>
      {view.unreadable ? (
        <EmptyState
          icon={<ShieldQuestionRegular />}
          title="What policies do to them is unknown"
          text={sentence(cleanName(view.unreadable.reason))}
        />
      ) : view.matrix.length === 0 ? (
        <EmptyState icon={<ShieldTaskRegular />} title="The tenant has no policy" />
      ) : fitting.length === 0 ? (
        <Text>Every policy leaves every account alone.</Text>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be scrollable by keyboard
        <section className={styles.scroller} tabIndex={0} aria-label="Policies and accounts, to scroll">
          <table className={styles.table}>
            <caption className={styles.caption}>
              What each policy does to each break-glass account, the worst first
            </caption>
            <thead>
              <tr>
                <th scope="col" className={mergeClasses(styles.cell, styles.columnHead, styles.rowHead, styles.corner)}>
                  Policy
                </th>
                {view.accounts.map(({ person }) => (
                  <th key={person.id} scope="col" className={mergeClasses(styles.cell, styles.columnHead)}>
                    <bdi dir="auto" title={cleanName(person.upn)}>
                      {nameOf(person)}
                    </bdi>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {shown.map((row) => (
                <Row key={row.policy.id} view={view} row={row} />
              ))}
            </tbody>
          </table>
        </section>
      )}
      {fitting.length > shown.length && (
        <div>
          <Button onClick={() => setAll(true)}>Show all {counted(fitting.length, "policy", "policies")}</Button>
        </div>
      )}
    </Card>
  );
}

function Row({ view, row }: { view: BreakGlassView; row: MatrixRow }) {
  const styles = useStyles();
  const name = cleanName(row.policy.displayName) || "(no name)";
  return (
    <tr>
      <th scope="row" className={mergeClasses(styles.cell, styles.rowHead)}>
        <span className={styles.stack}>
          <AppLink to={`/tenants/${part(view.tenant)}/policies/${part(row.policy.id)}`}>
            <bdi dir="auto">{name}</bdi>
          </AppLink>
          <PolicyState state={row.policy.state} />
        </span>
      </th>
      {view.accounts.map(({ person }) => (
        <td key={person.id} className={styles.cell}>
          <Cell
            view={view}
            row={row}
            cell={row.cells.find((cell) => cell.account === person.id)}
            words={`Propose exclusion of ${nameOf(person)} from ${name}`}
          />
        </td>
      ))}
    </tr>
  );
}

function Cell({
  view,
  row,
  cell,
  words,
}: {
  view: BreakGlassView;
  row: MatrixRow;
  cell: MatrixCell | undefined;
  words: string;
}) {
  const styles = useStyles();
  if (!cell) return <ReachWord reach="unknown" />;
  const why = sentence(cleanName(cell.why));
  return (
    <span className={styles.stack}>
      <ReachWord reach={cell.reach} title={why} />
      <Text size={200} className={styles.quiet}>
        {why}
      </Text>
      {excludable.has(cell.reach) && (
        <AppLink
          to={`/tenants/${part(view.tenant)}/changes/new?account=${part(cell.account)}&policy=${part(row.policy.id)}`}
          label={words}
        >
          Propose exclusion
        </AppLink>
      )}
    </span>
  );
}
