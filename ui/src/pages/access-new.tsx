// The form that asks for time-bound access: who, which exclusion group, why, until when. Beside it, while it is filled, what it means.
import {
  Button,
  Card,
  Checkbox,
  Dropdown,
  Field,
  Input,
  MessageBar,
  MessageBarBody,
  makeStyles,
  Option,
  Radio,
  RadioGroup,
  Subtitle2,
  Text,
  Textarea,
  tokens,
} from "@fluentui/react-components";
import { useEffect, useState } from "react";
import { part, useFilters, useGo, useParam } from "../address";
import type { AccessForm, AccessGroup, AccessInput, AccessPreview, EndInput, EndPreset } from "../bindings";
import { cleanName } from "../components/names";
import { PageHead } from "../components/page-head";
import { PageSkeleton } from "../components/page-skeleton";
import { ProblemBar, ProblemView } from "../components/problem-view";
import { useSay } from "../components/say";
import { counted, sentence } from "../components/words";
import { useAccessForm, useAccessPreview, useRequestAccess } from "../data/access";
import { problemOf } from "../data/ipc";
import { AppLink } from "./parts/app-link";
import { useTenantCrumbs } from "./parts/tenant-crumbs";
import { UserPick } from "./parts/user-pick";

const useStyles = makeStyles({
  columns: {
    display: "grid",
    gridTemplateColumns: "minmax(320px, 460px) minmax(0, 1fr)",
    gap: tokens.spacingHorizontalL,
    alignItems: "start",
    paddingBottom: tokens.spacingVerticalXL,
    "@media (max-width: 860px)": { gridTemplateColumns: "minmax(0, 1fr)" },
  },
  card: { padding: tokens.spacingHorizontalL, gap: tokens.spacingVerticalM, overflowWrap: "anywhere" },
  form: { display: "grid", gap: tokens.spacingVerticalM },
  control: { minWidth: 0, width: "100%" },
  option: { display: "flex", flexDirection: "column", minWidth: 0 },
  small: { fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground3, whiteSpace: "normal" },
  actions: { display: "flex", gap: tokens.spacingHorizontalS },
  quiet: { color: tokens.colorNeutralForeground3 },
});

const presets: readonly [EndPreset, string][] = [
  ["endOfDay", "End of the day"],
  ["day", "24 hours"],
  ["threeDays", "3 days"],
  ["sevenDays", "7 days"],
];
const TYPING_MS = 150;

function useRested<T>(value: T, key: string): T {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), TYPING_MS);
    return () => clearTimeout(timer);
  }, [key]);
  return rested;
}

export default function AccessNewPage() {
  const tenant = useParam("tenant");
  const { base, crumbs } = useTenantCrumbs(tenant);
  const [search] = useFilters();
  const form = useAccessForm(tenant, search.user ?? null);
  return (
    <>
      <PageHead
        title="New time-bound access"
        crumbs={[...crumbs, { title: "Time-bound access", to: `${base}/time-bound-access` }]}
        facts="Somebody is in an exclusion group until an end. Nothing is written to Entra until it is approved."
      />
      {form.data ? (
        <Filled tenant={tenant} form={form.data} />
      ) : form.error ? (
        <ProblemView problem={problemOf(form.error)} retry={() => void form.refetch()} />
      ) : (
        <PageSkeleton />
      )}
    </>
  );
}

function Filled({ tenant, form }: { tenant: string; form: AccessForm }) {
  const styles = useStyles();
  const go = useGo();
  const say = useSay();
  const [search, setSearch] = useFilters();
  const [reason, setReason] = useState("");
  const [ticket, setTicket] = useState("");
  const [preset, setPreset] = useState<EndPreset | "at">("day");
  const [at, setAt] = useState("");
  const [takeOver, setTakeOver] = useState(false);
  const end: EndInput = preset === "at" ? { how: "local", at: at || form.nowThere } : { how: "preset", preset };
  const input: AccessInput = {
    tenant,
    user: search.user ?? "",
    group: search.group ?? "",
    reason: reason.trim(),
    ticket: ticket.trim() || null,
    end,
    signIn: search.signIn ?? null,
    takeOver,
  };
  const asked = { ...input, reason: "", takeOver: false };
  const rested = useRested(asked, JSON.stringify(asked));
  const preview = useAccessPreview(rested);
  const meant = preview.data;
  const list = `/tenants/${part(tenant)}/time-bound-access`;
  const request = useRequestAccess(({ row }) => {
    say(row.state === "active" ? "The end is later now" : "Requested", {
      body: row.state === "requested" || row.extendTo ? "It waits for approval." : undefined,
    });
    go(`${list}?open=${row.id}`, { replace: true });
  });
  const ready =
    input.user !== "" &&
    input.group !== "" &&
    input.reason !== "" &&
    (!form.ticketPattern || ticket.trim() !== "") &&
    (preset !== "at" || at !== "") &&
    (meant?.problems.length ?? 0) === 0;
  return (
    <div className={styles.columns}>
      <Card className={styles.card}>
        <form
          className={styles.form}
          aria-label="Time-bound access"
          onSubmit={(event) => {
            event.preventDefault();
            if (ready && !request.isPending) request.mutate(input);
          }}
        >
          <UserPick
            key={search.user ?? "none"}
            tenant={tenant}
            label="Person"
            chosen={search.user ?? null}
            person={form.person}
            choose={(user) => setSearch({ user })}
          />
          <PolicyPick
            groups={form.groups}
            chosen={search.policy ?? null}
            choose={(policy) => {
              const [only, ...others] = usable(form.groups, policy);
              setSearch({ policy, ...(only && others.length === 0 ? { group: only.group.id } : {}) });
            }}
          />
          <GroupPick
            groups={search.policy ? form.groups.filter((each) => exempts(each, search.policy)) : form.groups}
            chosen={search.group ?? null}
            choose={(group) => setSearch({ group })}
          />
          <Field label="Why" required>
            <Textarea
              value={reason}
              rows={2}
              placeholder="New phone arrives on Monday"
              onChange={(_, data) => setReason(data.value)}
            />
          </Field>
          <Field
            label="Ticket"
            required={form.ticketPattern !== null}
            hint={form.ticketPattern ? `This tenant demands one that looks like ${form.ticketPattern}` : undefined}
          >
            <Input value={ticket} onChange={(_, data) => setTicket(data.value)} />
          </Field>
          <Field label="Until">
            <RadioGroup value={preset} onChange={(_, data) => setPreset(data.value as EndPreset | "at")}>
              {presets.map(([value, label]) => (
                <Radio key={value} value={value} label={label} />
              ))}
              <Radio value="at" label="Date and time" />
            </RadioGroup>
          </Field>
          {preset === "at" && (
            <Field
              label="Date and time"
              hint={`On the customer's clock (${form.timeZone}), where it is ${said(form.nowThere)} now`}
            >
              <Input type="datetime-local" value={at} min={form.nowThere} onChange={(_, data) => setAt(data.value)} />
            </Field>
          )}
          {meant?.alreadyMember && (
            <Checkbox
              checked={takeOver}
              onChange={(_, data) => setTakeOver(data.checked === true)}
              label="They are in the group already: take them out at the end all the same"
            />
          )}
          <div className={styles.actions}>
            <Button appearance="primary" type="submit" disabled={!ready || request.isPending}>
              {meant?.extends != null ? "Request the later end" : "Request"}
            </Button>
            <Button onClick={() => go(list)}>Cancel</Button>
          </div>
        </form>
      </Card>
      <Meaning form={form} meant={meant} chosen={input.user !== "" && input.group !== ""} list={list} />
    </div>
  );
}

const said = (local: string) => local.replace("T", " ");

const exempts = (group: AccessGroup, policy: string | undefined) => group.policies.some((each) => each.id === policy);

/** The groups that can be taken for a policy without a second thought. */
const usable = (groups: readonly AccessGroup[], policy: string | undefined) =>
  policy ? groups.filter((each) => exempts(each, policy) && !each.breakGlass && each.refused === null) : [];

/** Somebody who thinks in policies finds the group through the policy. */
function PolicyPick({
  groups,
  chosen,
  choose,
}: {
  groups: readonly AccessGroup[];
  chosen: string | null;
  choose: (policy: string | undefined) => void;
}) {
  const policies = new Map(groups.flatMap((each) => each.policies).map((policy) => [policy.id, policy.displayName]));
  const choices = [...policies]
    .map(([value, text]) => ({ value, text: cleanName(text) }))
    .sort((a, b) => a.text.localeCompare(b.text));
  const styles = useStyles();
  if (choices.length === 0) return null;
  const many = usable(groups, chosen ?? undefined).length;
  return (
    <Field
      label="Exempt from the policy"
      hint={
        chosen && many !== 1
          ? many === 0
            ? "It excludes no group whose members can be written: propose a change that excludes one made for this"
            : `It excludes ${counted(many, "group")}: choose below, what else each exempts from differs`
          : "Leave it open to choose the group yourself. A policy that excludes no group is not listed"
      }
    >
      <Dropdown
        className={styles.control}
        placeholder="Any policy"
        clearable
        value={choices.find((each) => each.value === chosen)?.text ?? ""}
        selectedOptions={chosen ? [chosen] : []}
        onOptionSelect={(_, data) => choose(data.optionValue)}
      >
        {choices.map((each) => (
          <Option key={each.value} value={each.value} text={each.text}>
            <bdi dir="auto">{each.text}</bdi>
          </Option>
        ))}
      </Dropdown>
    </Field>
  );
}

function GroupPick({
  groups,
  chosen,
  choose,
}: {
  groups: readonly AccessGroup[];
  chosen: string | null;
  choose: (group: string | undefined) => void;
}) {
  const styles = useStyles();
  const known = groups.find((each) => each.group.id === chosen);
  return (
    <Field
      label="Exclusion group"
      hint={
        groups.length === 0 ? "No policy of this tenant excludes a group" : known && sentence(cleanName(known.exempts))
      }
    >
      <Dropdown
        className={styles.control}
        placeholder="Choose a group that policies exclude"
        value={known ? cleanName(known.group.displayName) : ""}
        selectedOptions={chosen ? [chosen] : []}
        onOptionSelect={(_, data) => choose(data.optionValue)}
      >
        {groups.map((each) => (
          <Option
            key={each.group.id}
            value={each.group.id}
            text={cleanName(each.group.displayName)}
            disabled={each.refused !== null}
          >
            <span className={styles.option}>
              <bdi dir="auto">{cleanName(each.group.displayName)}</bdi>
              <span className={styles.small}>
                {each.refused
                  ? sentence(each.refused.what)
                  : `${sentence(cleanName(each.exempts))}${each.members === null ? "" : ` ${counted(each.members, "member")}.`}${each.breakGlass ? " The break-glass group." : ""}`}
              </span>
            </span>
          </Option>
        ))}
      </Dropdown>
    </Field>
  );
}

function Meaning({
  form,
  meant,
  chosen,
  list,
}: {
  form: AccessForm;
  meant: AccessPreview | undefined;
  chosen: boolean;
  list: string;
}) {
  const styles = useStyles();
  return (
    <Card className={styles.card} role="region" aria-label="What it means">
      <Subtitle2 as="h2">What it means</Subtitle2>
      {form.cannotWrite && <ProblemBar problem={form.cannotWrite} intent="warning" />}
      {form.unknown && (
        <MessageBar intent="info" layout="multiline">
          <MessageBarBody>{sentence(cleanName(form.unknown.reason))}</MessageBarBody>
        </MessageBar>
      )}
      {!chosen && (
        <Text className={styles.quiet}>Choose the person and the group to see what they would be exempt from.</Text>
      )}
      {meant?.exempt.map((line) => (
        <Text key={line}>{sentence(cleanName(line))}</Text>
      ))}
      {meant?.endWords && (
        <Text>
          Until <b>{meant.endWords}</b>.
        </Text>
      )}
      {meant?.endNote && <Text>{sentence(meant.endNote)}</Text>}
      {meant?.extends != null && (
        <Text>
          They have this already:{" "}
          <AppLink to={`${list}?open=${meant.extends}`}>time-bound access {meant.extends}</AppLink> is extended, not
          doubled.
        </Text>
      )}
      {meant?.alreadyMember && meant.extends == null && (
        <Text>
          By the last resync they are in the group already. Gatehouse leaves them there at the end, unless you say
          otherwise.
        </Text>
      )}
      {meant?.warnings.map((line) => (
        <MessageBar key={line} intent="warning" layout="multiline">
          <MessageBarBody>{sentence(cleanName(line))}</MessageBarBody>
        </MessageBar>
      ))}
      {meant?.problems.map((problem) => (
        <ProblemBar key={problem.code} problem={problem} />
      ))}
      <Text className={styles.quiet}>
        {form.secondApproval
          ? "A second technician has to approve: this tenant demands it."
          : "Approve it on the next page; you can do so yourself."}{" "}
        When it ends, Gatehouse raises an alert; the user is taken out by hand.
      </Text>
    </Card>
  );
}
