// An attempt to connect or to get consent, from its start to its end: what to do in the browser, the code to type, or why it failed.
import { Button, makeStyles, Spinner, Text, Title3, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { type ConnectProgress, commands, type TenantRow } from "../bindings";
import { useOpenExternal } from "../data/actions";
import { ask, problemOf } from "../data/ipc";
import { OpenRegular } from "./icons";
import { CopyButton, ProblemView } from "./problem-view";
import { RelativeTime } from "./relative-time";

const useStyles = makeStyles({
  root: { display: "flex", flexDirection: "column", alignItems: "flex-start", gap: tokens.spacingVerticalM },
  code: {
    display: "flex",
    alignItems: "center",
    gap: tokens.spacingHorizontalM,
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalL}`,
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground3,
    fontFamily: tokens.fontFamilyMonospace,
    letterSpacing: "0.1em",
  },
  row: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS },
  quiet: { color: tokens.colorNeutralForeground2 },
});

const OVER = new Set<ConnectProgress["phase"]>(["connected", "failed", "cancelled"]);
const POLL_MS = 700;

export function ConnectAttempt({
  attempt,
  advice = "Sign in there with an account that may read the tenant.",
  connected,
  again,
}: {
  attempt: number;
  /** What to do on the page in the browser. */
  advice?: string;
  connected: (tenant: TenantRow) => void;
  again: () => void;
}) {
  const styles = useStyles();
  const progress = useQuery({
    queryKey: ["attempt", attempt],
    queryFn: () => ask(commands.connectProgress(attempt)),
    refetchInterval: ({ state }) => (state.error || (state.data && OVER.has(state.data.phase)) ? false : POLL_MS),
    refetchIntervalInBackground: true,
    gcTime: 0,
  });
  const told = useRef(false);
  const at = progress.data;
  useEffect(() => {
    if (at?.phase === "connected" && !told.current) {
      told.current = true;
      connected(at.tenant);
    }
  }, [at, connected]);
  const cancel = () =>
    void ask(commands.connectCancel(attempt)).then(
      () => progress.refetch(),
      () => undefined,
    );
  const retry = (
    <Button appearance="primary" onClick={again}>
      Back to the form
    </Button>
  );
  if (progress.error) return <ProblemView problem={problemOf(progress.error)} actions={retry} />;
  if (at?.phase === "failed")
    return <ProblemView problem={at.problem} kept="No tenant was added or changed" actions={retry} />;
  if (at?.phase === "cancelled")
    return (
      <div className={styles.root} role="status">
        <Text>Cancelled. Nothing was added or changed.</Text>
        {retry}
      </div>
    );
  return (
    <div className={styles.root} role="status" aria-live="polite">
      <Going progress={at ?? { phase: "checking" }} advice={advice} />
      {at?.phase !== "connected" && <Button onClick={cancel}>Cancel</Button>}
    </div>
  );
}

function Going({ progress, advice }: { progress: ConnectProgress; advice: string }) {
  const styles = useStyles();
  const openExternal = useOpenExternal();
  if (progress.phase === "waitingForBrowser")
    return (
      <>
        <Spinner size="small" labelPosition="after" label="Waiting for the sign-in in your browser" />
        <Text className={styles.quiet}>{advice} If no page opened, open it here or copy its address.</Text>
        <div className={styles.row}>
          <Button icon={<OpenRegular />} onClick={() => openExternal(progress.url)}>
            Open the page
          </Button>
          <CopyButton text={progress.url} label="Copy the address" size="medium" />
        </div>
      </>
    );
  if (progress.phase === "waitingForCode")
    return (
      <>
        <Text>Open the page below on any device, and type this code:</Text>
        <div className={styles.code}>
          <Title3 data-testid="device-code">{progress.code}</Title3>
          <CopyButton text={progress.code} label="Copy" />
        </div>
        <div className={styles.row}>
          <Button icon={<OpenRegular />} onClick={() => openExternal(progress.url)}>
            Open {progress.url.replace(/^https:\/\//, "")}
          </Button>
        </div>
        <Spinner size="small" labelPosition="after" label="Waiting for the code" />
        <Text className={styles.quiet}>
          The code expires <RelativeTime at={progress.expiresAt} />.
        </Text>
      </>
    );
  if (progress.phase === "connected") return <Text>Connected. Its sync has started.</Text>;
  return <Spinner size="small" labelPosition="after" label="Checking the tenant and its permissions" />;
}
