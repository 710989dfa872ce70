// Admin consent asked for in the browser, followed to its end in a dialog of the window. It lives above the pages: what asked for it (a
// notice that a permission is missing) goes away by itself the moment consent is there, and the news must not go with it.
import { Dialog, DialogBody, DialogContent, DialogSurface, DialogTitle } from "@fluentui/react-components";
import { createContext, type ReactNode, useCallback, useContext, useState } from "react";
import { commands } from "../bindings";
import { useDoing, useResync } from "../data/actions";
import { ask } from "../data/ipc";
import { ConnectAttempt } from "./connect-progress";
import { useSay } from "./say";

interface Consent {
  askFor: (tenant: string) => void;
  /** The browser's page is being opened. */
  isAsking: boolean;
}

const ConsentContext = createContext<Consent>({ askFor: () => undefined, isAsking: false });

export const useConsent = () => useContext(ConsentContext);

export function ConsentRoom({ children }: { children: ReactNode }) {
  const say = useSay();
  const resync = useResync();
  // Kept while the dialog fades out.
  const [asked, setAsked] = useState<{ tenant: string; attempt: number } | null>(null);
  const [open, setOpen] = useState(false);
  const { mutate, isPending: isAsking } = useDoing(
    (tenant: string) => ask(commands.consentStart(tenant)),
    () => [],
    (attempt, tenant) => {
      setAsked({ tenant, attempt });
      setOpen(true);
    },
  );
  const askFor = useCallback((tenant: string) => mutate(tenant), [mutate]);
  const close = () => {
    if (asked) void ask(commands.connectCancel(asked.attempt)).catch(() => undefined);
    setOpen(false);
  };
  return (
    <ConsentContext value={{ askFor, isAsking }}>
      {children}
      <Dialog open={open} onOpenChange={(_, data) => !data.open && close()}>
        <DialogSurface>
          <DialogBody>
            <DialogTitle>Admin consent</DialogTitle>
            <DialogContent>
              {asked && (
                <ConnectAttempt
                  attempt={asked.attempt}
                  advice="Sign in there as an administrator of the customer, and accept."
                  again={close}
                  connected={() => {
                    setOpen(false);
                    say("Consent is granted");
                    resync.mutate({ tenants: [asked.tenant] });
                  }}
                />
              )}
            </DialogContent>
          </DialogBody>
        </DialogSurface>
      </Dialog>
    </ConsentContext>
  );
}
