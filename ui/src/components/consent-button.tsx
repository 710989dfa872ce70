// Asks an administrator for consent, in the browser. What becomes of it is followed by the room above the pages.
import { Button } from "@fluentui/react-components";
import { useConsent } from "./consent-room";

export function ConsentButton({ tenant }: { tenant: string }) {
  const { askFor, isAsking } = useConsent();
  return (
    <Button size="small" onClick={() => askFor(tenant)} disabled={isAsking}>
      Ask for consent
    </Button>
  );
}
