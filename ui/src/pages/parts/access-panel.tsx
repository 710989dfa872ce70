// One time-bound access whole: what the person is exempt from, when it ends, what can be done with it, and what was done.
import { Card, Checkbox, makeStyles, Spinner, Text, tokens } from "@fluentui/react-components";
import { useState } from "react";
import { part, useGo } from "../../address";
import type { AccessAct, AccessDetail } from "../../bindings";
import { FormDialog } from "../../components/form-dialog";
import { cleanName, PersonName } from "../../components/names";
import { ProblemBar } from "../../components/problem-view";
import { RelativeTime } from "../../components/relative-time";
import { sentence } from "../../components/words";
import { useAccess, useAccessSteps } from "../../data/access";
import { AccessEnd, AccessStateWord, onClock } from "./access-words";
import { ActButtons } from "./act-buttons";
import { AppLink } from "./app-link";
import { Fact, Facts } from "./facts";
import { PanelSection, SidePanel } from "./side-panel";

const useStyles = makeStyles({
  card: { padding: tokens.spacingHorizontalL, gap: tokens.spacingVerticalS, overflowWrap: "anywhere" },
  quiet: { color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200 },
  list: { listStyle: "none", margin: 0, padding: 0, display: "grid", gap: tokens.spacingVerticalS },
  code: { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200, overflowWrap: "anywhere" },
});

const words: Record<AccessAct, string> = {
  approve: "Approve",
  takeOver: "Take over the removal",
  cancel: "Take back",
  endNow: "End now",
  remove: "Take out now",
  extend: "Extend",
};

export function AccessPanel({ id, close }: { id: number; close: () => void }) {
  const read = useAccess(id);
  return (
    <SidePanel
      label="Time-bound access"
      size="large"
      read={read}
      close={close}
      title={({ row }) => <bdi dir="auto">{cleanName(row.person.displayName || row.person.upn)}</bdi>}
      facts={({ row }) => (
        <>
          in <bdi dir="auto">{cleanName(row.group.displayName)}</bdi>, until {onClock(row.endsAt, row.timeZone)}
        </>
      )}
    >
      {(detail) => <Inside detail={detail} />}
    </SidePanel>
  );
}

function Inside({ detail }: { detail: AccessDetail }) {
  const styles = useStyles();
  const { row } = detail;
  return (
    <>
      <Card className={styles.card} role="group" aria-label="State">
        <AccessStateWord row={row} />
        {row.note && <Text>{sentence(row.note)}</Text>}
        {row.extendTo && (
          <Text>
            {row.extendBy} asked for a later end: {onClock(row.extendTo, row.timeZone)}.
          </Text>
        )}
        {row.problem && <ProblemBar problem={row.problem} intent="warning" />}
        <Acts detail={detail} />
      </Card>
      <PanelSection title="What it does">
        {detail.exempt.map((line) => (
          <Text key={line}>{sentence(cleanName(line))}</Text>
        ))}
      </PanelSection>
      <Facts label="Facts">
        <Fact label="Person">
          <AppLink to={`/tenants/${part(row.tenant.id)}/users/${part(row.person.id)}`}>
            <PersonName person={row.person} />
          </AppLink>
        </Fact>
        <Fact label="Why">{cleanName(row.reason)}</Fact>
        <Fact label="Ticket">{row.ticket ? cleanName(row.ticket) : "None"}</Fact>
        <Fact label="Ends">
          <AccessEnd row={row} />
        </Fact>
        <Fact label="Asked by">
          {row.requestedBy}, <RelativeTime at={row.requestedAt} />
        </Fact>
        <Fact label="Approved by">{row.approvedBy ?? "Nobody yet"}</Fact>
        {detail.signIn && (
          <Fact label="Asked from">
            <AppLink to={`/tenants/${part(row.tenant.id)}/sign-ins?open=${part(detail.signIn)}`}>A sign-in</AppLink>
          </Fact>
        )}
      </Facts>
      <PanelSection title="History">
        <ol className={styles.list} aria-label="History">
          {[...detail.history].reverse().map((event, index) => (
            <li key={`${event.at} ${index}`}>
              <Text weight="semibold">{event.what}</Text> by {event.who},{" "}
              <span className={styles.quiet}>
                <RelativeTime at={event.at} timeZone={row.timeZone} />
              </span>
              {event.note && <Text block>{sentence(cleanName(event.note))}</Text>}
            </li>
          ))}
        </ol>
      </PanelSection>
      {detail.writes.length > 0 && (
        <PanelSection title="Written to Entra">
          <ul className={styles.list} aria-label="Written to Entra">
            {detail.writes.map((write) => (
              <li key={write.begunAt + write.request}>
                <span className={styles.code}>{write.request}</span>
                <Text block className={styles.quiet}>
                  {outcomeWords[write.outcome] ?? write.outcome}
                  {write.answer && `: ${cleanName(write.answer)}`}, <RelativeTime at={write.endedAt ?? write.begunAt} />
                </Text>
              </li>
            ))}
          </ul>
        </PanelSection>
      )}
    </>
  );
}

const outcomeWords: Record<string, string> = {
  begun: "Begun, and not ended yet",
  done: "Done",
  refused: "Refused",
  unknown: "Not known",
  notSent: "Not sent",
};

type Asking = "approve" | "takeOver" | "endNow" | "remove" | "cancel";

function Acts({ detail }: { detail: AccessDetail }) {
  const go = useGo();
  const [asking, setAsking] = useState<Asking | null>(null);
  const { row } = detail;
  const press = (act: AccessAct) => {
    if (act === "extend")
      go(
        `/tenants/${part(row.tenant.id)}/time-bound-access/new?user=${part(row.person.id)}&group=${part(row.group.id)}`,
      );
    else setAsking(act);
  };
  return (
    <>
      <ActButtons
        acts={detail.acts}
        word={(act) => (row.state === "adding" && act === "approve" ? "Try again" : words[act])}
        press={press}
      />
      {asking && <ActDialog act={asking} detail={detail} close={() => setAsking(null)} />}
    </>
  );
}

function ActDialog({ act, detail, close }: { act: Asking; detail: AccessDetail; close: () => void }) {
  const { row } = detail;
  const steps = useAccessSteps(close);
  const [takeOver, setTakeOver] = useState(row.takeOver);
  const busy = steps.approve.isPending || steps.cancel.isPending || steps.endNow.isPending || steps.remove.isPending;
  const person = cleanName(row.person.displayName || row.person.upn);
  const group = cleanName(row.group.displayName);
  const step = { id: row.id, revision: row.revision };
  const extending = row.state === "active" && row.extendTo !== null;
  const titles: Record<Asking, string> = {
    approve: extending ? "Approve the later end?" : `Put ${person} into ${group}?`,
    takeOver: `Take ${person} out at the end?`,
    endNow: `End ${person}'s access now?`,
    remove: `Take ${person} out of ${group}?`,
    cancel: "Take the request back?",
  };
  const run = {
    approve: () => steps.approve.mutate({ ...step, takeOver }),
    takeOver: () => steps.approve.mutate({ ...step, takeOver: true }),
    endNow: () => steps.endNow.mutate(step),
    remove: () => steps.remove.mutate(step),
    cancel: () => steps.cancel.mutate(step),
  };
  return (
    <FormDialog title={titles[act]} confirm={words[act]} busy={busy} close={close} run={run[act]}>
      {act === "approve" && !extending && (
        <>
          {detail.exempt.map((line) => (
            <Text key={line}>{sentence(cleanName(line))}</Text>
          ))}
          <Text>
            Until {onClock(row.endsAt, row.timeZone)}. Gatehouse marks the end and raises an alert; taking the user out
            is done by hand.
          </Text>
          <Checkbox
            checked={takeOver}
            onChange={(_, data) => setTakeOver(data.checked === true)}
            label="If they are in the group already: take them out at the end all the same"
          />
        </>
      )}
      {act === "approve" && extending && row.extendTo && (
        <Text>
          {row.extendBy} asked for it. The end becomes {onClock(row.extendTo, row.timeZone)} instead of{" "}
          {onClock(row.endsAt, row.timeZone)}.
        </Text>
      )}
      {act === "takeOver" && (
        <Text>
          Somebody else put them into the group, so Gatehouse would leave them there. Taking over is recorded under your
          name.
        </Text>
      )}
      {act === "endNow" && (
        <Text>
          {row.alreadyMember && !row.takeOver
            ? "They stay in the group, because somebody else put them there."
            : "They are taken out of the group at once; the policies ask and block them again."}
        </Text>
      )}
      {act === "remove" && <Text>Their time is over; the policies ask and block them again.</Text>}
      {act === "cancel" && <Text>Nothing was written to Entra, and nothing will be. The history keeps it.</Text>}
      {busy && <Spinner size="tiny" label="Writing to Entra, and reading back where no answer comes" />}
    </FormDialog>
  );
}
