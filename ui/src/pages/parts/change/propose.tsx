// *Propose change*, wherever something is wrong: leads to the editor, which begins with what Gatehouse would do about it.
import { Button, Menu, MenuDivider, MenuItem, MenuList, MenuPopover, MenuTrigger } from "@fluentui/react-components";
import { part, useGo } from "../../../address";
import type { PolicyRow } from "../../../bindings";
import { BranchRequestRegular } from "../../../components/icons";
import { states } from "./policy-choices";

const turn: Record<string, string> = {
  enabled: "Turn on",
  disabled: "Turn off",
  enabledForReportingButNotEnforced: "Set to report-only",
};

/** `query`: where it begins, as the editor's address says it: "control=mfa-admins". */
export function ProposeButton({
  tenant,
  query,
  disabled = false,
}: {
  tenant: string;
  query: string;
  disabled?: boolean;
}) {
  const go = useGo();
  return (
    <Button
      appearance="primary"
      disabled={disabled}
      icon={<BranchRequestRegular />}
      onClick={() => go(`/tenants/${part(tenant)}/changes/new?${query}`)}
    >
      Propose change
    </Button>
  );
}

export function ProposeMenu({
  tenant,
  policy,
  size = "medium",
}: {
  tenant: string;
  policy: PolicyRow;
  size?: "small" | "medium";
}) {
  const go = useGo();
  const to = (query: string) => () => go(`/tenants/${part(tenant)}/changes/new?${query}&policy=${part(policy.id)}`);
  return (
    <Menu>
      <MenuTrigger disableButtonEnhancement>
        <Button size={size} appearance={size === "medium" ? "primary" : "secondary"} icon={<BranchRequestRegular />}>
          Propose change
        </Button>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {policy.deleted ? (
            <MenuItem onClick={to("do=restore")}>Bring it back</MenuItem>
          ) : (
            <>
              <MenuItem onClick={to("do=edit")}>Edit</MenuItem>
              {states
                .filter((each) => each.value !== policy.state)
                .map((each) => (
                  <MenuItem key={each.value} onClick={to(`do=state&state=${each.value}`)}>
                    {turn[each.value] ?? each.words}
                  </MenuItem>
                ))}
              <MenuItem onClick={to("do=restore")}>Bring back an older version</MenuItem>
              <MenuDivider />
              <MenuItem onClick={to("do=delete")}>Delete</MenuItem>
            </>
          )}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
