// Asks an administrator for consent, in the browser, and follows the attempt to its end.
import { Button, Dialog, DialogBody, DialogContent, DialogSurface, DialogTitle } from "@fluentui/react-components";
import { useState } from "react";
import { commands } from "../bindings";
import { useDoing, useResync } from "../data/actions";
import { ask } from "../data/ipc";
import { ConnectAttempt } from "./connect-progress";
import { useSay } from "./say";

export function ConsentButton({ tenant }: { tenant: string }) {
  const say = useSay();
  const resync = useResync();
  const [attempt, setAttempt] = useState<number | null>(null);
  const asking = useDoing(
    () => ask(commands.consentStart(tenant)),
    () => [],
    setAttempt,
  );
  const close = () => {
    if (attempt !== null) void ask(commands.connectCancel(attempt)).catch(() => undefined);
    setAttempt(null);
  };
  return (
    <>
      <Button size="small" onClick={() => asking.mutate(undefined)} disabled={asking.isPending}>
        Ask for consent
      </Button>
      <Dialog open={attempt !== null} onOpenChange={(_, data) => !data.open && close()}>
        <DialogSurface>
          <DialogBody>
            <DialogTitle>Admin consent</DialogTitle>
            <DialogContent>
              {attempt !== null && (
                <ConnectAttempt
                  attempt={attempt}
                  again={close}
                  connected={() => {
                    setAttempt(null);
                    say("Consent is granted");
                    resync.mutate({ tenants: [tenant] });
                  }}
                />
              )}
            </DialogContent>
          </DialogBody>
        </DialogSurface>
      </Dialog>
    </>
  );
}
