// A dialog that asks for a few fields and does one thing: Enter does it, Escape leaves, and while it runs it cannot be done twice.
import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  makeStyles,
  tokens,
} from "@fluentui/react-components";
import type { ReactNode } from "react";

const useStyles = makeStyles({ fields: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM } });

export function FormDialog({
  title,
  confirm,
  dismiss = "Cancel",
  ready = true,
  busy,
  close,
  run,
  children,
}: {
  title: ReactNode;
  /** The word on the button that does it. */
  confirm: string;
  /** The word on the button that leaves it, where "Cancel" could be taken for the deed. */
  dismiss?: string;
  /** Whether the fields suffice. */
  ready?: boolean;
  busy: boolean;
  close: () => void;
  run: () => void;
  children: ReactNode;
}) {
  const styles = useStyles();
  return (
    <Dialog open onOpenChange={(_, data) => !data.open && close()}>
      <DialogSurface>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (ready && !busy) run();
          }}
        >
          <DialogBody>
            <DialogTitle>{title}</DialogTitle>
            <DialogContent className={styles.fields}>{children}</DialogContent>
            <DialogActions>
              <Button appearance="primary" type="submit" disabled={!ready || busy}>
                {confirm}
              </Button>
              <Button onClick={close}>{dismiss}</Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
