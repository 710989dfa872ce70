// Asks before a page is left with something typed that is kept nowhere: also when a notification's click or the search leads away.
import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
} from "@fluentui/react-components";
import { useBlocker } from "@tanstack/react-router";
import { type RefObject, useRef } from "react";

export function LeaveGuard({ unsaved, released }: { unsaved: boolean; released: RefObject<boolean> }) {
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => unsaved && !released.current && current.pathname !== next.pathname,
    enableBeforeUnload: false,
    withResolver: true,
  });
  if (blocker.status !== "blocked") return null;
  return (
    <Dialog open modalType="alert" onOpenChange={(_, data) => !data.open && blocker.reset()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>Leave without saving?</DialogTitle>
          <DialogContent>What you typed on this page is kept nowhere yet.</DialogContent>
          <DialogActions>
            <Button appearance="primary" onClick={blocker.reset}>
              Stay
            </Button>
            <Button onClick={blocker.proceed}>Leave</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

/** Set to true by whoever has saved and leaves on purpose. */
export const useReleased = (): RefObject<boolean> => useRef(false);
