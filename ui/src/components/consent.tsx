// A tenant's consent as icon, colour and word; what is missing on hover.
import { makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import type { TenantRow } from "../bindings";
import { CheckmarkCircleRegular, CircleRegular, DismissCircleRegular, WarningRegular } from "./icons";
import { sentence } from "./words";

const useStyles = makeStyles({
  root: {
    display: "inline-flex",
    alignItems: "center",
    gap: tokens.spacingHorizontalXS,
    whiteSpace: "nowrap",
    verticalAlign: "top",
  },
  granted: { color: tokens.colorStatusSuccessForeground1 },
  partly: { color: tokens.colorPaletteDarkOrangeForeground1 },
  revoked: { color: tokens.colorStatusDangerForeground1 },
  neverAsked: { color: tokens.colorNeutralForeground3 },
});

const looks = {
  granted: [CheckmarkCircleRegular, "Granted"],
  partly: [WarningRegular, "Partly"],
  revoked: [DismissCircleRegular, "Revoked"],
  neverAsked: [CircleRegular, "Never asked"],
} as const;

export function ConsentWord({
  tenant,
}: {
  tenant: Pick<TenantRow, "consent" | "missingPermissions" | "consentProblem">;
}) {
  const styles = useStyles();
  const [Icon, word] = looks[tenant.consent] ?? looks.neverAsked;
  const why = tenant.consentProblem
    ? sentence(tenant.consentProblem.what)
    : tenant.missingPermissions.length > 0
      ? `Missing: ${tenant.missingPermissions.join(", ")}`
      : undefined;
  return (
    <span className={mergeClasses(styles.root, styles[tenant.consent] ?? styles.neverAsked)} title={why}>
      <Icon aria-hidden />
      {word}
    </span>
  );
}
