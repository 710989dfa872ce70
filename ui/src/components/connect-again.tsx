// Where Gatehouse can no longer sign in to a tenant: the way to the form that connects it again, with everything kept.
import { Button } from "@fluentui/react-components";
import { part, useGo } from "../address";
import type { TenantRow } from "../bindings";

export const connectAgain = (tenant: string) => `/connect?tenant=${part(tenant)}`;

/** Nothing can be read until somebody signs in anew. A demo tenant has nobody to sign in as. */
export const signInLost = ({ demo, consent, consentProblem }: TenantRow) =>
  !demo && (consentProblem !== null || consent === "revoked" || consent === "noSignIn");

/** Consent is what is missing, not a sign-in that consent would not bring back. */
export const consentMissing = ({ consent }: TenantRow) => consent !== "granted" && consent !== "noSignIn";

export function ConnectAgainButton({ tenant }: { tenant: string }) {
  const go = useGo();
  return (
    <Button size="small" onClick={() => go(connectAgain(tenant))}>
      Connect again
    </Button>
  );
}
