// The changes that need no editor: a policy's state, its deletion, an older version, a location's deletion, a member of a group.
import {
  Field,
  MessageBar,
  MessageBarBody,
  makeStyles,
  Radio,
  RadioGroup,
  Text,
  tokens,
} from "@fluentui/react-components";
import type { ChangeChoices, Draft } from "../../../bindings";
import { cleanName } from "../../../components/names";
import { Pick } from "../../../components/pick";
import { useNow } from "../../../components/relative-time";
import { dayAndTime } from "../../../components/words";
import { usePolicies, usePolicy, useUser } from "../../../data/queries";
import { policyStateWord } from "../state-words";
import { UserPick } from "../user-pick";
import { states } from "./policy-choices";

const useStyles = makeStyles({
  root: { display: "grid", gap: tokens.spacingVerticalL, justifyItems: "start", minWidth: 0 },
  wide: { width: "min(100%, 420px)" },
  quiet: { color: tokens.colorNeutralForeground3 },
  name: { overflowWrap: "anywhere" },
});

export type SmallDraft = Exclude<Draft, { body: string }>;
interface Props<D> {
  tenant: string;
  draft: D;
  set: (draft: Draft) => void;
}

export function SmallForm({ tenant, draft, set, choices }: Props<SmallDraft> & { choices: ChangeChoices | undefined }) {
  switch (draft.what) {
    case "policyState":
      return <StateForm tenant={tenant} draft={draft} set={set} />;
    case "restorePolicy":
      return <RestoreForm tenant={tenant} draft={draft} set={set} />;
    case "deletePolicy":
      return <DeletePolicyForm tenant={tenant} draft={draft} />;
    case "deleteLocation":
      return <DeleteLocationForm draft={draft} choices={choices} />;
    default:
      return <MemberForm tenant={tenant} draft={draft} set={set} choices={choices} />;
  }
}

export function PolicyName({ tenant, policy }: { tenant: string; policy: string }) {
  const name = usePolicy(tenant, policy).data?.row.displayName;
  return <bdi dir="auto">{cleanName(name ?? "the policy")}</bdi>;
}

function StateForm({ tenant, draft, set }: Props<Extract<Draft, { what: "policyState" }>>) {
  const styles = useStyles();
  const now = usePolicy(tenant, draft.policy).data?.row.state;
  return (
    <div className={styles.root}>
      <Text className={styles.name}>
        <PolicyName tenant={tenant} policy={draft.policy} />
        {now && <span className={styles.quiet}> is {policyStateWord(now).toLowerCase()} now.</span>}
      </Text>
      <Field label="It shall be">
        <RadioGroup value={draft.state} onChange={(_, data) => set({ ...draft, state: data.value })}>
          {states.map((each) => (
            <Radio key={each.value} value={each.value} label={each.words} disabled={each.value === now} />
          ))}
        </RadioGroup>
      </Field>
    </div>
  );
}

function DeletePolicyForm({
  tenant,
  draft,
}: Pick<Props<Extract<Draft, { what: "deletePolicy" }>>, "tenant" | "draft">) {
  return (
    <MessageBar intent="warning" layout="multiline">
      <MessageBarBody>
        <PolicyName tenant={tenant} policy={draft.policy} /> is to be deleted. Gatehouse keeps its versions and can
        bring it back.
      </MessageBarBody>
    </MessageBar>
  );
}

function DeleteLocationForm({
  draft,
  choices,
}: {
  draft: Extract<Draft, { what: "deleteLocation" }>;
  choices: ChangeChoices | undefined;
}) {
  const name = choices?.locations.find((each) => each.value === draft.location)?.words;
  return (
    <MessageBar intent="warning" layout="multiline">
      <MessageBarBody>
        The named location <bdi dir="auto">{cleanName(name ?? draft.location)}</bdi> is to be deleted. Entra refuses
        that while a policy names it.
      </MessageBarBody>
    </MessageBar>
  );
}

function RestoreForm({ tenant, draft, set }: Props<Extract<Draft, { what: "restorePolicy" }>>) {
  const styles = useStyles();
  const now = useNow();
  const policy = usePolicy(tenant, draft.policy).data;
  const versions = (policy?.versions ?? []).filter((each) => !each.deleted);
  const newest = policy?.row.deleted ? undefined : versions[0]?.version;
  return (
    <div className={styles.root}>
      <Text className={styles.name}>
        <PolicyName tenant={tenant} policy={draft.policy} />
        {policy?.row.deleted && <span className={styles.quiet}> is deleted; it comes back with a new id.</span>}
      </Text>
      <Field label="To how it was in">
        <RadioGroup
          value={String(draft.version)}
          onChange={(_, data) => set({ ...draft, version: Number(data.value) })}
        >
          {versions.map((each) => (
            <Radio
              key={each.version}
              value={String(each.version)}
              disabled={each.version === newest}
              label={`Version ${each.version}, ${dayAndTime(new Date(each.changedAt ?? each.seenAt), now)}${each.version === newest ? " (now)" : ""}`}
            />
          ))}
        </RadioGroup>
      </Field>
    </div>
  );
}

function MemberForm({
  tenant,
  draft,
  set,
  choices,
}: Props<Extract<Draft, { what: "addMember" | "removeMember" }>> & { choices: ChangeChoices | undefined }) {
  const styles = useStyles();
  const user = useUser(tenant, draft.user, draft.user !== "").data?.row;
  const known = choices?.groups.some((each) => each.value === draft.group);
  return (
    <div className={styles.root}>
      <Field
        label={draft.what === "addMember" ? "Into the group" : "Out of the group"}
        required
        className={styles.wide}
      >
        <Pick
          label={draft.what === "addMember" ? "Into the group" : "Out of the group"}
          any="Group"
          choices={[
            ...(choices?.groups ?? []).map((each) => ({ value: each.value, text: each.words })),
            ...(draft.group && !known ? [{ value: draft.group, text: draft.group }] : []),
          ]}
          chosen={draft.group || null}
          onPick={(group) => set({ ...draft, group: group ?? "" })}
        />
      </Field>
      <div className={styles.wide}>
        <UserPick
          key={draft.user || "none"}
          tenant={tenant}
          chosen={draft.user || null}
          person={user ?? null}
          choose={(chosen) => set({ ...draft, user: chosen ?? "" })}
        />
      </div>
      <Text size={200} className={styles.quiet}>
        For access that ends by itself use time-bound access instead.
      </Text>
    </div>
  );
}

/** The tenant's policies to choose from, in words. */
export function usePolicyChoices(tenant: string, deleted: boolean) {
  const rows = usePolicies(tenant).data?.policies ?? [];
  return rows
    .filter((row) => deleted || !row.deleted)
    .map((row) => ({
      value: row.id,
      text: `${cleanName(row.displayName)} (${policyStateWord(row.state, row.deleted).toLowerCase()})`,
    }));
}
