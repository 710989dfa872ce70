// What concerns every page: the audit log was tampered with, the clock is wrong. Said above the page until it is so no more.
import {
  Link,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
  makeStyles,
  tokens,
} from "@fluentui/react-components";
import { useGo } from "../address";
import { useAppStatus } from "../data/queries";

const useStyles = makeStyles({
  root: {
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalS,
    marginBottom: tokens.spacingVerticalL,
    flexShrink: 0,
  },
});

export function Notices() {
  const styles = useStyles();
  const go = useGo();
  const status = useAppStatus().data;
  if (!status?.auditBroken && !status?.clockOff) return null;
  return (
    <div className={styles.root}>
      {status.auditBroken && (
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>The audit log was tampered with.</MessageBarTitle> {status.auditBroken}
          </MessageBarBody>
          <MessageBarActions>
            <Link as="button" onClick={() => go("/audit")}>
              Open the audit log
            </Link>
          </MessageBarActions>
        </MessageBar>
      )}
      {status.clockOff && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>{status.clockOff.what}.</MessageBarTitle> {status.clockOff.nextStep}
          </MessageBarBody>
        </MessageBar>
      )}
    </div>
  );
}
