// The three ways out of a lockout with their buttons; one is marked where the facts speak for it. Only the first acts here: it writes down
// that the block is right. The other two lead to where a change is reviewed and an exception approved.
import {
  Badge,
  Button,
  Field,
  Menu,
  MenuButton,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
  makeStyles,
  Subtitle2,
  Text,
  Textarea,
  tokens,
} from "@fluentui/react-components";
import { type ReactNode, useState } from "react";
import { part, useGo } from "../../address";
import { commands, type ExclusionGroup, type FailureGroup, type Triage, type WayOut } from "../../bindings";
import { FormDialog } from "../../components/form-dialog";
import { CheckmarkRegular } from "../../components/icons";
import { cleanName } from "../../components/names";
import { useSay } from "../../components/say";
import { sentence } from "../../components/words";
import { useDoing } from "../../data/actions";
import { ask } from "../../data/ipc";
import { useCardStyles } from "./user-cards";

const useStyles = makeStyles({
  root: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalS },
  list: { listStyle: "none", margin: 0, padding: 0, display: "grid", gap: tokens.spacingVerticalS },
  way: {
    display: "grid",
    gap: tokens.spacingVerticalXS,
    justifyItems: "start",
    padding: tokens.spacingHorizontalM,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusMedium,
  },
  head: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: tokens.spacingHorizontalS },
});

const signInOf = (group: FailureGroup) => `signIn=${part(group.signIn)}`;

/** Where a change of the policy begins. */
export const changeAddress = (tenant: string, policy: string, group: FailureGroup) =>
  `/tenants/${part(tenant)}/changes/new?policy=${part(policy)}&${signInOf(group)}`;

/** Where an exception for a time is asked for, user and group filled in. */
export const exceptionAddress = (tenant: string, user: string, exclusion: string, group: FailureGroup) =>
  `/tenants/${part(tenant)}/time-bound-access/new?user=${part(user)}&group=${part(exclusion)}&${signInOf(group)}`;

export function WaysOut({ tenant, found, group }: { tenant: string; found: Triage; group: FailureGroup }) {
  const styles = useStyles();
  const card = useCardStyles();
  const go = useGo();
  const [noting, setNoting] = useState(false);
  const { ways } = group;
  const fits = (way: WayOut) => ways.recommended.includes(way);
  return (
    <section className={styles.root} aria-label="Ways out">
      <Subtitle2 as="h3">{group.policy ? "Three ways out" : "What to do"}</Subtitle2>
      <Text>{sentence(ways.why)}</Text>
      <ol className={styles.list}>
        <Way title={group.policy ? "The block is right" : "Nothing to do for Gatehouse"} fits={fits("genuineBlock")}>
          <Text size={200} className={card.quiet}>
            Nothing changes in Entra. The audit log keeps it, and the next technician sees it here.
          </Text>
          <Button size="small" onClick={() => setNoting(true)}>
            Nothing to do
          </Button>
        </Way>
        {group.policy && (
          <Way title="The policy is wrong" fits={fits("changePolicy")}>
            {ways.change ? (
              <>
                <Text size={200} className={card.quiet}>
                  A change request with its dry run shows whom it lets in before anything is written.
                </Text>
                <Button size="small" onClick={() => go(changeAddress(tenant, ways.change ?? "", group))}>
                  Propose change
                </Button>
              </>
            ) : (
              <Text size={200} className={card.quiet}>
                The tenant no longer has this policy, so there is nothing to change.
              </Text>
            )}
          </Way>
        )}
        {group.policy && (
          <Way title="The user needs an exception for a time" fits={fits("exception")}>
            <Exception tenant={tenant} user={found.user.id} group={group} />
          </Way>
        )}
      </ol>
      {noting && <GenuineDialog tenant={tenant} found={found} group={group} close={() => setNoting(false)} />}
    </section>
  );
}

function Way({ title, fits, children }: { title: string; fits: boolean; children: ReactNode }) {
  const styles = useStyles();
  return (
    <li className={styles.way}>
      <div className={styles.head}>
        <Text weight="semibold">{title}</Text>
        {fits && (
          <Badge appearance="tint" color="brand" icon={<CheckmarkRegular />}>
            Fits the facts
          </Badge>
        )}
      </div>
      {children}
    </li>
  );
}

function Exception({ tenant, user, group }: { tenant: string; user: string; group: FailureGroup }) {
  const card = useCardStyles();
  const go = useGo();
  const { groups, noGroup } = group.ways;
  const open = (exclusion: ExclusionGroup) => go(exceptionAddress(tenant, user, exclusion.id, group));
  const [only] = groups;
  if (!only)
    return (
      <Text size={200} className={card.quiet}>
        {sentence(cleanName(noGroup ?? "There is no group for it"))}
      </Text>
    );
  return (
    <>
      {groups.map((each) => (
        <Text key={each.id} size={200} className={card.quiet}>
          {about(each)}
        </Text>
      ))}
      {groups.length === 1 ? (
        <Button size="small" onClick={() => open(only)}>
          Time-bound access
        </Button>
      ) : (
        <Menu>
          <MenuTrigger disableButtonEnhancement>
            <MenuButton size="small">Time-bound access</MenuButton>
          </MenuTrigger>
          <MenuPopover>
            <MenuList>
              {groups.map((each) => (
                <MenuItem key={each.id} onClick={() => open(each)}>
                  <bdi dir="auto">{cleanName(each.displayName) || "A group without a name"}</bdi>
                </MenuItem>
              ))}
            </MenuList>
          </MenuPopover>
        </Menu>
      )}
    </>
  );
}

function about(group: ExclusionGroup): string {
  const name = cleanName(group.displayName) || "A group without a name";
  const inside =
    group.alreadyIn === true
      ? `The user is in ${name} already, so an exception by it changes nothing`
      : `The policy excludes ${name}; the user is added to it and taken out again at the end`;
  const opens =
    group.also.length > 0 ? ` It also opens ${group.also.map(cleanName).join(", ")}, which exclude it too.` : "";
  return `${sentence(inside)}${opens}`;
}

function GenuineDialog({
  tenant,
  found,
  group,
  close,
}: {
  tenant: string;
  found: Triage;
  group: FailureGroup;
  close: () => void;
}) {
  const say = useSay();
  const [note, setNote] = useState("");
  const name = cleanName(found.user.displayName || found.user.upn);
  const doing = useDoing(
    () => ask(commands.triageGenuineBlock(tenant, group.signIn, group.key, note.trim() || null)),
    () => [tenant],
    () => {
      say(`Kept: nothing to do for ${name}`);
      close();
    },
  );
  return (
    <FormDialog
      title="Nothing to do"
      confirm="Keep it"
      busy={doing.isPending}
      close={close}
      run={() => doing.mutate(undefined)}
    >
      <Text>
        <bdi dir="auto">{name}</bdi>, <bdi dir="auto">{cleanName(group.title)}</bdi>. You say that the block is right.
        Nothing changes in Entra; the audit log keeps that you decided it.
      </Text>
      <Field label="Note (optional)" hint="Who was called, what they said, which ticket.">
        <Textarea autoFocus value={note} maxLength={500} onChange={(_, data) => setNote(data.value)} rows={3} />
      </Field>
    </FormDialog>
  );
}
