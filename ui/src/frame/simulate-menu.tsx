// Makes something happen in the demo fleet, so that every kind of alert can be seen to work. Only there while the fleet is a demo.
import {
  Button,
  Menu,
  MenuDivider,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
  makeStyles,
  tokens,
} from "@fluentui/react-components";
import { Fragment } from "react";
import { commands } from "../bindings";
import { BeakerRegular } from "../components/icons";
import { useSay } from "../components/say";
import { useDoing } from "../data/actions";
import { ask } from "../data/ipc";

export const SIMULATIONS: readonly (readonly (readonly [string, string])[])[] = [
  [
    ["editPolicy", "Somebody edits a policy in the portal"],
    ["weakenPolicy", "Somebody weakens a policy in the portal"],
    ["dropExclusion", "A policy loses its break-glass exclusion"],
  ],
  [
    ["breakGlassSignIn", "A break-glass account signs in"],
    ["breakGlassMember", "The break-glass group changes"],
    ["legacySignIn", "A legacy-authentication sign-in succeeds"],
  ],
  [
    ["assignRole", "A privileged role is assigned"],
    ["adminLosesMfa", "An admin loses the last MFA method"],
  ],
  [
    ["throttleTenant", "A tenant is throttled"],
    ["revokeConsent", "A tenant revokes consent"],
    ["restoreConsent", "Consent is granted again"],
    ["missedDay", "A day passes without a sync"],
  ],
  [["manyCriticals", "Ten critical alerts at once"]],
];

const useStyles = makeStyles({ plain: { fontWeight: tokens.fontWeightRegular, whiteSpace: "nowrap", flexShrink: 0 } });

export function SimulateMenu() {
  const styles = useStyles();
  const say = useSay();
  const simulate = useDoing(
    (event: string) => ask(commands.simulate(event)),
    () => [],
    (sentence) => say("Simulated", { body: sentence, intent: "info" }),
  );
  return (
    <Menu>
      <MenuTrigger disableButtonEnhancement>
        <Button className={styles.plain} appearance="subtle" icon={<BeakerRegular />} disabled={simulate.isPending}>
          Simulate
        </Button>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {SIMULATIONS.map((group, index) => (
            <Fragment key={index}>
              {index > 0 && <MenuDivider />}
              {group.map(([event, title]) => (
                <MenuItem key={event} onClick={() => simulate.mutate(event)}>
                  {title}
                </MenuItem>
              ))}
            </Fragment>
          ))}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
