// The whole window when the store could not be opened: nothing is deleted, and there is a way out.
import {
  Body1,
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  DialogTrigger,
  makeStyles,
  Spinner,
  Subtitle1,
  tokens,
} from "@fluentui/react-components";
import { useState } from "react";
import { commands, type Problem } from "../bindings";
import { CheckmarkCircleRegular } from "../components/icons";
import { CopyButton, ProblemBar, ProblemView } from "../components/problem-view";
import { ask, problemOf } from "../data/ipc";

const useStyles = makeStyles({
  root: {
    minHeight: "100%",
    display: "grid",
    placeItems: "center",
    padding: tokens.spacingHorizontalXXL,
    boxSizing: "border-box",
    backgroundColor: tokens.colorNeutralBackground2,
  },
  done: {
    display: "flex",
    flexDirection: "column",
    alignItems: "flex-start",
    gap: tokens.spacingVerticalM,
    maxWidth: "560px",
  },
  icon: { fontSize: "32px", lineHeight: 0, color: tokens.colorStatusSuccessForeground1 },
  path: { overflowWrap: "anywhere", fontFamily: tokens.fontFamilyMonospace },
  actions: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS },
  words: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM },
});

/** What a fresh database helps against; a full disk or a busy file it does not. */
const SET_ASIDE = new Set(["store.corrupt", "store.newer_schema"]);

/** `retry` asks the shell to open the database again, and shows the app when that went well. */
export function StoreProblem({ problem, retry }: { problem: Problem; retry: () => void }) {
  const styles = useStyles();
  const [aside, setAside] = useState<string | null>(null);
  return (
    <main className={styles.root}>
      {aside === null ? (
        <ProblemView
          problem={problem}
          kept="Nothing was changed or deleted"
          retry={retry}
          actions={SET_ASIDE.has(problem.code) && <SetAside done={setAside} />}
        />
      ) : (
        <div className={styles.done} role="status">
          <CheckmarkCircleRegular className={styles.icon} aria-hidden />
          <Subtitle1 as="h1">A fresh database has begun.</Subtitle1>
          <Body1>The old one was renamed, not deleted. It lies here:</Body1>
          <Body1 className={styles.path}>{aside}</Body1>
          <div className={styles.actions}>
            <Button appearance="primary" onClick={retry}>
              Continue
            </Button>
            <Button onClick={() => void commands.reveal(aside)}>Show in folder</Button>
            <CopyButton text={aside} label="Copy the path" size="medium" />
          </div>
        </div>
      )}
    </main>
  );
}

function SetAside({ done }: { done: (path: string) => void }) {
  const styles = useStyles();
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<Problem | null>(null);
  const run = async () => {
    setBusy(true);
    setFailed(null);
    try {
      done(await ask(commands.storeSetAside()));
    } catch (error) {
      setFailed(problemOf(error));
      setBusy(false);
    }
  };
  return (
    <Dialog>
      <DialogTrigger disableButtonEnhancement>
        <Button appearance="primary">Set the database aside</Button>
      </DialogTrigger>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>Set the database aside?</DialogTitle>
          <DialogContent className={styles.words}>
            <Body1>
              The file is renamed and stays in its folder; nothing is deleted. Gatehouse begins a fresh database:
              tenants have to be connected again, and then sync anew. Acknowledgements, notes and the audit log remain
              in the old file.
            </Body1>
            {failed && <ProblemBar problem={failed} />}
          </DialogContent>
          <DialogActions>
            <DialogTrigger disableButtonEnhancement>
              <Button disabled={busy}>Cancel</Button>
            </DialogTrigger>
            <Button
              appearance="primary"
              disabled={busy}
              {...(busy ? { icon: <Spinner size="tiny" /> } : {})}
              onClick={() => void run()}
            >
              Set it aside
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
