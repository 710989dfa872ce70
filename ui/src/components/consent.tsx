// A tenant's consent as icon, colour and word; what is missing on hover.
import type { TenantRow } from "../bindings";
import { CheckmarkCircleRegular, CircleRegular, DismissCircleRegular, WarningRegular } from "./icons";
import { type Look, ToneWord } from "./tone-word";
import { sentence } from "./words";

const looks: Record<TenantRow["consent"], Look> = {
  granted: [CheckmarkCircleRegular, "good", "Granted"],
  partly: [WarningRegular, "warn", "Partly"],
  revoked: [DismissCircleRegular, "bad", "Revoked"],
  noSignIn: [DismissCircleRegular, "bad", "No sign-in"],
  neverAsked: [CircleRegular, "quiet", "Never asked"],
};

export function ConsentWord({
  tenant,
}: {
  tenant: Pick<TenantRow, "consent" | "missingPermissions" | "consentProblem">;
}) {
  const why = tenant.consentProblem
    ? sentence(tenant.consentProblem.what)
    : tenant.missingPermissions.length > 0
      ? `Missing: ${tenant.missingPermissions.join(", ")}`
      : undefined;
  return <ToneWord look={looks[tenant.consent] ?? looks.neverAsked} title={why} />;
}
