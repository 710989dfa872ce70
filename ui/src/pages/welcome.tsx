// The first thing a technician sees: look around in a demo fleet, or connect a customer. And where the data will lie.
import { Body1, Button, Card, makeStyles, Subtitle1, Text, Title1, tokens } from "@fluentui/react-components";
import { useQueryClient } from "@tanstack/react-query";
import { type ReactElement, useEffect, useRef } from "react";
import { useGo } from "../address";
import { commands } from "../bindings";
import { BeakerRegular, LockClosedRegular, PlugConnectedRegular } from "../components/icons";
import { LateProgress } from "../components/late-progress";
import { ProblemBar } from "../components/problem-view";
import { useSay } from "../components/say";
import { counted, sentence } from "../components/words";
import { useDoing } from "../data/actions";
import { ask, problemOf } from "../data/ipc";
import { keys, useAppStatus } from "../data/queries";
import { Mark } from "../frame/top-bar";

const useStyles = makeStyles({
  root: {
    minHeight: "100%",
    display: "grid",
    placeItems: "center",
    boxSizing: "border-box",
    padding: tokens.spacingHorizontalXXL,
  },
  sheet: { width: "100%", maxWidth: "760px", display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXXL },
  head: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalS },
  title: { margin: 0, ":focus": { outline: "none" } },
  lead: {
    color: tokens.colorNeutralForeground2,
    fontSize: tokens.fontSizeBase400,
    lineHeight: tokens.lineHeightBase400,
    maxWidth: "60ch",
  },
  choices: {
    display: "grid",
    gridTemplateColumns: "repeat(auto-fit, minmax(280px, 1fr))",
    gap: tokens.spacingHorizontalL,
  },
  card: {
    padding: tokens.spacingHorizontalXL,
    gap: tokens.spacingVerticalM,
    justifyContent: "flex-start",
    minHeight: "180px",
  },
  cardHead: { display: "flex", alignItems: "center", gap: tokens.spacingHorizontalM },
  icon: { fontSize: "24px", lineHeight: 0, color: tokens.colorBrandForeground1 },
  quiet: { color: tokens.colorNeutralForeground2 },
  foot: {
    display: "flex",
    gap: tokens.spacingHorizontalM,
    color: tokens.colorNeutralForeground2,
    alignItems: "flex-start",
  },
  lock: { fontSize: "20px", flexShrink: 0 },
  button: { alignSelf: "flex-start", marginTop: "auto" },
});

export default function WelcomePage() {
  const styles = useStyles();
  const go = useGo();
  const say = useSay();
  const client = useQueryClient();
  const status = useAppStatus().data;
  // A fleet that comes up behind this page (started with --demo) is shown; who came here from the dashboard stays.
  const wasEmpty = useRef(false);
  useEffect(() => {
    if (status?.tenants === 0) wasEmpty.current = true;
    else if (status && wasEmpty.current) go("/", { replace: true });
  }, [status, go]);
  const opening = useDoing(
    async () => {
      const added = await ask(commands.demoOpen());
      // The dashboard leads back here while it believes that there is no tenant.
      await client.invalidateQueries({ queryKey: keys.status });
      return added;
    },
    () => [null],
    (added) => {
      go("/", { replace: true });
      say(added > 0 ? `The demo fleet is open: ${counted(added, "customer")}` : "The demo fleet is open", {
        body: "Its first sync is running.",
        intent: "info",
      });
    },
  );
  return (
    <div className={styles.root}>
      <div className={styles.sheet}>
        <header className={styles.head}>
          <Mark size={40} />
          <Title1 as="h1" className={styles.title} tabIndex={-1} data-page-head>
            Welcome to Gatehouse
          </Title1>
          <Text className={styles.lead}>
            It watches the front door of every customer's Microsoft 365: Conditional Access, MFA, break-glass accounts
            and sign-ins.
          </Text>
        </header>
        {opening.error && <ProblemBar problem={problemOf(opening.error)} />}
        <div className={styles.choices}>
          <Choice
            icon={<PlugConnectedRegular />}
            title="Connect a tenant"
            text="Sign in to a customer's Microsoft Entra ID, or use an app with a certificate. Gatehouse asks only to read."
            button={
              <Button appearance="primary" className={styles.button} onClick={() => go("/connect")}>
                Connect a tenant
              </Button>
            }
          />
          <Choice
            icon={<BeakerRegular />}
            title="Look around first"
            text="Eight fictional customers, served from inside Gatehouse. Nothing leaves this computer."
            button={
              <>
                {opening.isPending && <LateProgress label="Opening the demo fleet" />}
                <Button
                  className={styles.button}
                  onClick={() => opening.mutate(undefined)}
                  disabled={opening.isPending}
                >
                  Open the demo fleet
                </Button>
              </>
            }
          />
        </div>
        <div className={styles.foot}>
          <LockClosedRegular className={styles.lock} aria-hidden />
          <Body1>
            What is synced lies in one database on this computer and goes nowhere else.
            {status && (
              <>
                {" "}
                {status.secretsProtected
                  ? "Keys and tokens lie in the operating system's credential store:"
                  : "Keys and tokens are stored without the operating system's protection:"}{" "}
                {sentence(status.secrets)}
              </>
            )}
          </Body1>
        </div>
        {(status?.tenants ?? 0) > 0 && (
          <Button appearance="transparent" className={styles.button} onClick={() => go("/")}>
            Back to the dashboard
          </Button>
        )}
      </div>
    </div>
  );
}

function Choice({
  icon,
  title,
  text,
  button,
}: {
  icon: ReactElement;
  title: string;
  text: string;
  button: ReactElement;
}) {
  const styles = useStyles();
  return (
    <Card className={styles.card}>
      <div className={styles.cardHead}>
        <span className={styles.icon} aria-hidden>
          {icon}
        </span>
        <Subtitle1 as="h2">{title}</Subtitle1>
      </div>
      <Text className={styles.quiet}>{text}</Text>
      {button}
    </Card>
  );
}
