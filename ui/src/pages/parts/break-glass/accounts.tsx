// The roster, a card an account with its health; and the accounts that look like one, for a person to decide.
import { Button, Card, makeStyles, Subtitle2, Text, tokens } from "@fluentui/react-components";
import { useState } from "react";
import { part } from "../../../address";
import type { BreakGlassView, GlassAccount, GlassCandidate } from "../../../bindings";
import { cleanName } from "../../../components/names";
import { RelativeTime, useNow } from "../../../components/relative-time";
import { daysAgo, fullTime, sentence } from "../../../components/words";
import { AppLink } from "../app-link";
import { Fact, Facts } from "../facts";
import { MarkDialog } from "../mark-account";
import { Checks } from "./checks";

const useStyles = makeStyles({
  cards: {
    display: "grid",
    gridTemplateColumns: "repeat(auto-fit, minmax(min(380px, 100%), 1fr))",
    gap: tokens.spacingHorizontalL,
    alignItems: "start",
  },
  card: { padding: tokens.spacingHorizontalL, gap: tokens.spacingVerticalM },
  head: {
    display: "flex",
    flexWrap: "wrap",
    justifyContent: "space-between",
    alignItems: "flex-start",
    gap: tokens.spacingHorizontalM,
  },
  who: { display: "flex", flexDirection: "column", minWidth: 0, flex: "1 1 200px", overflowWrap: "anywhere" },
  quiet: { color: tokens.colorNeutralForeground3 },
  list: { listStyle: "none", margin: 0, padding: 0 },
  candidate: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    justifyContent: "space-between",
    gap: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalL}`,
    padding: `${tokens.spacingVerticalS} 0`,
    borderTop: `1px solid ${tokens.colorNeutralStroke3}`,
  },
  buttons: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS },
});

export const nameOf = (person: { displayName: string; upn: string }) => cleanName(person.displayName || person.upn);

export function Accounts({ view }: { view: BreakGlassView }) {
  const styles = useStyles();
  const [taking, setTaking] = useState<GlassAccount | null>(null);
  return (
    <section className={styles.cards} aria-label="Accounts">
      {view.accounts.map((account) => (
        <AccountCard key={account.person.id} view={view} account={account} takeBack={() => setTaking(account)} />
      ))}
      {taking && <TakeBackDialog tenant={view.tenant} account={taking} close={() => setTaking(null)} />}
    </section>
  );
}

function AccountCard({
  view,
  account,
  takeBack,
}: {
  view: BreakGlassView;
  account: GlassAccount;
  takeBack: () => void;
}) {
  const styles = useStyles();
  const now = useNow();
  const name = nameOf(account.person);
  return (
    <Card className={styles.card} role="region" aria-label={name}>
      <div className={styles.head}>
        <div className={styles.who}>
          <Subtitle2 as="h3">
            <AppLink to={`/tenants/${part(view.tenant)}/users/${part(account.person.id)}`}>
              <bdi dir="auto">{name}</bdi>
            </AppLink>
          </Subtitle2>
          <Text size={200} className={styles.quiet}>
            <bdi dir="auto">{cleanName(account.person.upn)}</bdi>
          </Text>
        </div>
        {account.marked && (
          <Button size="small" onClick={takeBack} aria-label={`Not a break-glass account: ${name}`}>
            Not a break-glass account
          </Button>
        )}
      </div>
      <Facts label={`About ${name}`}>
        <Fact label="How">
          {account.how.map((how) => (
            <span key={how}>{sentence(cleanName(how))} </span>
          ))}
        </Fact>
        <Fact label="Last sign-in">
          <RelativeTime at={account.lastSignIn} timeZone={view.timeZone} none="Not seen in the log that is kept" />
        </Fact>
        <Fact label="Last drill">
          {account.lastDrill === null ? (
            "None that worked is recorded"
          ) : (
            <time dateTime={account.lastDrill} title={fullTime(new Date(account.lastDrill), view.timeZone)}>
              {daysAgo(new Date(account.lastDrill), now)}
            </time>
          )}
        </Fact>
      </Facts>
      <Checks checks={account.checks} label={`Health of ${name}`} />
    </Card>
  );
}

function TakeBackDialog({ tenant, account, close }: { tenant: string; account: GlassAccount; close: () => void }) {
  return (
    <MarkDialog tenant={tenant} person={account.person} mark={null} title="Not a break-glass account?" close={close}>
      It was confirmed as a break-glass account by a person.{" "}
      {account.how.length > 1
        ? "It stays one after that, because it is in the group too: to end that, take it out of the group in Entra."
        : "After that its sign-ins raise no critical alert, and it is not looked at here."}
    </MarkDialog>
  );
}

export function Candidates({ tenant, candidates }: { tenant: string; candidates: readonly GlassCandidate[] }) {
  const styles = useStyles();
  const [asking, setAsking] = useState<{ candidate: GlassCandidate; mark: "breakGlass" | "person" } | null>(null);
  if (candidates.length === 0) return null;
  return (
    <Card className={styles.card} role="region" aria-label="Candidates">
      <div>
        <Subtitle2 as="h2">Looks like a break-glass account</Subtitle2>
        <Text block size={200} className={styles.quiet}>
          Gatehouse only suggests: you say what they are. Confirmed, every sign-in of it raises a critical alert;
          nothing changes in Entra.
        </Text>
      </div>
      <ul className={styles.list}>
        {candidates.map((candidate) => {
          const name = nameOf(candidate.person);
          return (
            <li key={candidate.person.id} className={styles.candidate}>
              <span className={styles.who}>
                <span>
                  <AppLink to={`/tenants/${part(tenant)}/users/${part(candidate.person.id)}`}>
                    <bdi dir="auto">{name}</bdi>
                  </AppLink>{" "}
                  <Text size={200} className={styles.quiet}>
                    <bdi dir="auto">{cleanName(candidate.person.upn)}</bdi>
                  </Text>
                </span>
                <Text size={200}>{candidate.why.map((why) => sentence(cleanName(why))).join(" ")}</Text>
              </span>
              <span className={styles.buttons}>
                <Button
                  size="small"
                  aria-label={`Confirm ${name}`}
                  onClick={() => setAsking({ candidate, mark: "breakGlass" })}
                >
                  Confirm
                </Button>
                <Button
                  size="small"
                  appearance="subtle"
                  aria-label={`It is not one: ${name}`}
                  onClick={() => setAsking({ candidate, mark: "person" })}
                >
                  It is not one
                </Button>
              </span>
            </li>
          );
        })}
      </ul>
      {asking && (
        <MarkDialog
          tenant={tenant}
          person={asking.candidate.person}
          mark={asking.mark}
          {...(asking.mark === "person" ? { title: "It is not a break-glass account" } : {})}
          close={() => setAsking(null)}
        >
          {asking.mark === "person"
            ? "It is not suggested again, and it counts among people: somebody without MFA here is somebody to chase."
            : undefined}
        </MarkDialog>
      )}
    </Card>
  );
}
