// Says above a page which of its data could not be read, since when what is shown is true, and what to do. Nothing to say: nothing shown.
import { makeStyles, tokens } from "@fluentui/react-components";
import type { DataHealth, Problem, TenantOverview } from "../../bindings";
import { ConnectAgainButton, consentMissing, signInLost } from "../../components/connect-again";
import { ConsentButton } from "../../components/consent-button";
import { ProblemBar } from "../../components/problem-view";
import { useNow } from "../../components/relative-time";
import { relative, sentence } from "../../components/words";
import { useTenant } from "../../data/queries";

const useStyles = makeStyles({
  root: {
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalS,
    marginBottom: tokens.spacingVerticalM,
    flexShrink: 0,
  },
});

/** The lines of the tenant's data health that a page stands on and that are not as they should be. */
export function unread(overview: TenantOverview | undefined, kinds: readonly string[]): DataHealth[] {
  return (overview?.data ?? []).filter((line) => kinds.includes(line.kind) && line.status !== "read");
}

export function DataNotice({ tenant, kinds }: { tenant: string; kinds: readonly string[] }) {
  const styles = useStyles();
  const now = useNow();
  const overview = useTenant(tenant).data;
  const lines = unread(overview, kinds);
  if (lines.length === 0 || !overview) return null;
  // Four kinds of data that fail for one reason are one sentence.
  const grouped = new Map<string, DataHealth[]>();
  for (const line of lines) {
    const why = `${line.problem?.code ?? line.status} ${line.problem?.what ?? ""} ${line.readAt ?? ""}`;
    grouped.set(why, [...(grouped.get(why) ?? []), line]);
  }
  return (
    <div className={styles.root}>
      {[...grouped].map(([why, group]) => (
        <ProblemBar
          key={why}
          intent="warning"
          problem={notice(group, now)}
          actions={
            group.some((line) => line.status !== "noLicence") ? (
              <>
                {consentMissing(overview.tenant) && <ConsentButton tenant={tenant} />}
                {signInLost(overview.tenant) && <ConnectAgainButton tenant={tenant} />}
              </>
            ) : undefined
          }
        />
      ))}
    </div>
  );
}

/** What the engine's answers stand on. */
const JUDGED_FROM = [
  "policies",
  "users",
  "groups",
  "roles",
  "namedLocations",
  "authenticationStrengths",
  "securityDefaults",
] as const;

/** Above a page that shows what the engine says of the tenant. */
export const EngineNotice = ({ tenant }: { tenant: string }) => <DataNotice tenant={tenant} kinds={JUDGED_FROM} />;

function notice(lines: readonly DataHealth[], now: Date): Problem {
  const [line] = lines;
  const what = list(lines.map((each, index) => (index === 0 ? each.title : lowerFirst(each.title))));
  const known = line?.readAt
    ? `${what}: what is shown was read ${relative(new Date(line.readAt), now)}`
    : `${what}: unknown`;
  const problem = line?.problem;
  return {
    code: problem?.code ?? "data.never_read",
    what: problem ? `${known}. ${sentence(problem.what)}` : `${known}, because it was never read.`,
    nextStep: problem?.nextStep ?? "Resync the tenant.",
    details: problem?.details ?? null,
  };
}

/** A word of its own begins small within a sentence; an abbreviation and Conditional Access stay as they are. */
const lowerFirst = (text: string) =>
  /^[A-Z][a-z]+(?! [A-Z])\b/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;

function list(words: readonly string[]): string {
  if (words.length < 2) return words.join();
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
