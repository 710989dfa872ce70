// Sync N expired to Entra: first who will be taken out of which group, then what came of each.
import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  makeStyles,
  Spinner,
  Text,
  tokens,
} from "@fluentui/react-components";
import type { AccessRow } from "../../bindings";
import { cleanName, PersonName } from "../../components/names";
import { ProblemBar } from "../../components/problem-view";
import { TableHead } from "../../components/table-head";
import { counted, sentence } from "../../components/words";
import { useSyncExpired } from "../../data/access";
import { problemOf } from "../../data/ipc";
import { AccessEnd, OutcomeWord } from "./access-words";

const useStyles = makeStyles({
  content: { display: "grid", gap: tokens.spacingVerticalM },
  table: { width: "100%", borderCollapse: "collapse" },
  cell: {
    verticalAlign: "top",
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM} ${tokens.spacingVerticalS} 0`,
    borderTop: `1px solid ${tokens.colorNeutralStroke3}`,
    overflowWrap: "anywhere",
  },
  why: { display: "block", color: tokens.colorNeutralForeground2 },
});

export function SyncExpiredDialog({
  tenant,
  rows,
  close,
}: {
  tenant: string;
  rows: readonly AccessRow[];
  close: () => void;
}) {
  const styles = useStyles();
  const doing = useSyncExpired();
  const done = doing.data;
  const people = done ? done.results.length : rows.length;
  return (
    <Dialog open onOpenChange={(_, data) => !data.open && !doing.isPending && close()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{done ? "Result" : `Take ${counted(people, "user")} out of their groups?`}</DialogTitle>
          <DialogContent className={styles.content}>
            {done ? (
              <Text weight="semibold" role="status">
                {sentence(done.summary)}
              </Text>
            ) : (
              <Text>
                Their time is over. From then on the policies ask and block them again, at their next sign-in or token.
              </Text>
            )}
            {doing.error && <ProblemBar problem={problemOf(doing.error)} />}
            <table className={styles.table} aria-label={done ? "Results" : "Who is taken out"}>
              <TableHead titles={["Person", "Group", done ? "Result" : "Ended"]} />
              <tbody>
                {done
                  ? done.results.map((each) => (
                      <tr key={each.id}>
                        <td className={styles.cell}>
                          <PersonName person={each.person} />
                        </td>
                        <td className={styles.cell}>
                          <bdi dir="auto">{cleanName(each.group.displayName)}</bdi>
                        </td>
                        <td className={styles.cell}>
                          <OutcomeWord outcome={each.outcome} />
                          {each.problem && (
                            <span className={styles.why}>
                              {sentence(each.problem.what)} {sentence(each.problem.nextStep)}
                            </span>
                          )}
                        </td>
                      </tr>
                    ))
                  : rows.map((row) => (
                      <tr key={row.id}>
                        <td className={styles.cell}>
                          <PersonName person={row.person} />
                        </td>
                        <td className={styles.cell}>
                          <bdi dir="auto">{cleanName(row.group.displayName)}</bdi>
                        </td>
                        <td className={styles.cell}>
                          <AccessEnd row={row} />
                        </td>
                      </tr>
                    ))}
              </tbody>
            </table>
          </DialogContent>
          <DialogActions>
            {!done && (
              <Button
                appearance="primary"
                disabled={doing.isPending}
                icon={doing.isPending ? <Spinner size="tiny" /> : null}
                onClick={() => doing.mutate(tenant)}
              >
                {doing.isPending ? "Syncing" : `Sync ${counted(people, "user")} to Entra`}
              </Button>
            )}
            <Button onClick={close} disabled={doing.isPending} {...(done ? { appearance: "primary" } : {})}>
              {done ? "Close" : "Cancel"}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
