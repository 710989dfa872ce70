// A policy's history: every version that was seen, newest first, with what changed in words.
import { Button, makeStyles, mergeClasses, Text, tokens } from "@fluentui/react-components";
import type { PolicyVersion } from "../../bindings";
import { FieldChanges } from "../../components/field-changes";
import { cleanName } from "../../components/names";
import { RelativeTime } from "../../components/relative-time";

const useStyles = makeStyles({
  root: { listStyle: "none", margin: 0, padding: 0 },
  version: {
    position: "relative",
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalS,
    paddingInlineStart: "28px",
    paddingBottom: tokens.spacingVerticalXL,
    "::before": {
      content: '""',
      position: "absolute",
      insetInlineStart: "6px",
      top: "16px",
      bottom: 0,
      width: "2px",
      backgroundColor: tokens.colorNeutralStroke2,
    },
    ":last-child": { paddingBottom: 0 },
    ":last-child::before": { display: "none" },
  },
  dot: {
    position: "absolute",
    insetInlineStart: "1px",
    top: "4px",
    width: "12px",
    height: "12px",
    boxSizing: "border-box",
    borderRadius: tokens.borderRadiusCircular,
    border: `2px solid ${tokens.colorBrandStroke1}`,
    backgroundColor: tokens.colorNeutralBackground1,
  },
  weaker: {
    borderTopColor: tokens.colorStatusDangerBorder2,
    borderRightColor: tokens.colorStatusDangerBorder2,
    borderBottomColor: tokens.colorStatusDangerBorder2,
    borderLeftColor: tokens.colorStatusDangerBorder2,
  },
  quiet: { color: tokens.colorNeutralForeground3 },
  weakens: { color: tokens.colorStatusDangerForeground1 },
});

export function PolicyVersions({
  versions,
  deleted = false,
  restore,
}: {
  versions: readonly PolicyVersion[];
  /** The policy is gone: then also its newest version can be brought back. */
  deleted?: boolean;
  restore?: (version: number) => void;
}) {
  const styles = useStyles();
  if (versions.length === 0) return <Text className={styles.quiet}>No version is kept.</Text>;
  return (
    <ol className={styles.root}>
      {versions.map((version, index) => {
        const weakens = version.changes.some((change) => change.effect === "weakens");
        return (
          <li key={version.version} className={styles.version}>
            <span className={mergeClasses(styles.dot, weakens && styles.weaker)} aria-hidden />
            <div>
              <Text weight="semibold">
                {version.deleted ? "Deleted" : `Version ${version.version}`}
                {index === 0 && !version.deleted && " (now)"}
              </Text>{" "}
              {weakens && <span className={styles.weakens}>Weakens protection</span>}
              <Text block size={200} className={styles.quiet}>
                <Story version={version} first={index === versions.length - 1} />
              </Text>
            </div>
            {restore && !version.deleted && (index > 0 || deleted) && (
              <div>
                <Button
                  size="small"
                  aria-label={`Restore version ${version.version}`}
                  onClick={() => restore(version.version)}
                >
                  Restore this version
                </Button>
              </div>
            )}
            {version.changes.length > 0 && <FieldChanges changes={version.changes} />}
            {version.changes.length === 0 && index < versions.length - 1 && !version.deleted && (
              <Text className={styles.quiet}>No field differs in meaning from the version before.</Text>
            )}
          </li>
        );
      })}
    </ol>
  );
}

function Story({ version, first }: { version: PolicyVersion; first: boolean }) {
  const who = version.byGatehouse ? (
    "through Gatehouse"
  ) : version.changedBy ? (
    <>
      by <bdi dir="auto">{cleanName(version.changedBy)}</bdi>, outside Gatehouse
    </>
  ) : (
    "by whom is not known"
  );
  return (
    <>
      {version.changedAt ? (
        <>
          Changed <RelativeTime at={version.changedAt} />, {who}
        </>
      ) : first ? (
        "Found when the tenant was first read; when and by whom it was made is not known"
      ) : (
        <>Changed at a time not known, {who}</>
      )}
      . Seen <RelativeTime at={version.seenAt} />.
    </>
  );
}
