// Chooses a real sign-in to start a what-if from: the newest first, filtered by words.
import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  makeStyles,
} from "@fluentui/react-components";
import { useState } from "react";
import { commands, type SignInRow } from "../../bindings";
import { type Column, DataList } from "../../components/data-list";
import { EmptyState } from "../../components/empty-state";
import { KeyRegular } from "../../components/icons";
import { cleanName } from "../../components/names";
import { ask } from "../../data/ipc";
import { usePagedRows } from "../../data/rows";
import { appColumn, placeColumn, resultColumn, timeColumn, userColumn } from "./sign-in-columns";
import { resultWord } from "./state-words";

const useStyles = makeStyles({
  surface: { maxWidth: "860px", width: "90vw" },
  list: { height: "60vh", minHeight: "260px", display: "flex" },
});

const columns: readonly Column<SignInRow>[] = [resultColumn, timeColumn, userColumn, appColumn, placeColumn];

export function SignInPick({
  tenant,
  user,
  close,
  choose,
}: {
  tenant: string;
  /** Only this user's, when one is chosen already. */
  user: string | null;
  close: () => void;
  choose: (id: string) => void;
}) {
  const styles = useStyles();
  const [text, setText] = useState("");
  const [only, setOnly] = useState(user);
  const [sort, setSort] = useState({ key: "at", descending: true });
  const filter = { tenant, text: text || null, userId: only };
  const source = usePagedRows(
    tenant,
    "whatIfSignIns",
    filter,
    { sort: sort.key, descending: sort.descending },
    (window) => ask(commands.signInsList({ ...filter, window })),
  );
  return (
    <Dialog open onOpenChange={(_, data) => !data.open && close()}>
      <DialogSurface className={styles.surface} aria-label="As a real sign-in">
        <DialogBody>
          <DialogTitle>As a real sign-in</DialogTitle>
          <DialogContent>
            <div className={styles.list}>
              <DataList
                name="Sign-ins to start from"
                unit={["sign-in", "sign-ins"]}
                columns={columns}
                source={source}
                rowId={(row) => row.id}
                rowName={(row) => `${resultWord[row.result]}: ${cleanName(row.userName)}, ${cleanName(row.app)}`}
                open={(row) => choose(row.id)}
                sort={sort}
                onSort={setSort}
                filter={{ text, onText: setText, placeholder: "Filter by user, application or address" }}
                chips={only ? [{ label: "The chosen user", remove: () => setOnly(null) }] : []}
                clearFilters={() => {
                  setText("");
                  setOnly(null);
                }}
                empty={
                  <EmptyState
                    icon={<KeyRegular />}
                    title="No sign-in is kept"
                    text="Sign-ins need Entra ID P1 and the permission to read them. Fill the form by hand."
                  />
                }
              />
            </div>
          </DialogContent>
          <DialogActions>
            <Button onClick={close}>Cancel</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
