// A failure as the technician reads it: what happened, what was kept, what to do next, and details for support.
import {
  Body1,
  Button,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
  makeStyles,
  Subtitle1,
  tokens,
} from "@fluentui/react-components";
import { type ReactNode, useState } from "react";
import type { Problem } from "../bindings";
import { CheckmarkRegular, CopyRegular, ErrorCircleRegular } from "./icons";
import { sentence } from "./words";

const useStyles = makeStyles({
  page: {
    display: "flex",
    flexDirection: "column",
    alignItems: "flex-start",
    gap: tokens.spacingVerticalM,
    maxWidth: "560px",
    padding: `${tokens.spacingVerticalXXL} 0`,
  },
  icon: { fontSize: "32px", color: tokens.colorStatusDangerForeground1 },
  actions: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS },
  quiet: { color: tokens.colorNeutralForeground2 },
  wrap: { overflowWrap: "anywhere" },
});

export function problemDetails(problem: Problem): string {
  return [
    `Code: ${problem.code}`,
    `What: ${problem.what}`,
    `Next step: ${problem.nextStep}`,
    problem.details && `Details: ${problem.details}`,
  ]
    .filter(Boolean)
    .join("\n");
}

export function CopyButton({
  text,
  label,
  size = "small",
}: {
  text: string;
  label: string;
  size?: "small" | "medium";
}) {
  const [copied, setCopied] = useState(false);
  return (
    <Button
      size={size}
      appearance="subtle"
      icon={copied ? <CheckmarkRegular /> : <CopyRegular />}
      onClick={async () => {
        await copyText(text);
        setCopied(true);
        setTimeout(() => setCopied(false), 2000);
      }}
    >
      {copied ? "Copied" : label}
    </Button>
  );
}

export async function copyText(text: string) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // A web view may refuse the clipboard API outside a secure context.
    const area = document.createElement("textarea");
    area.value = text;
    area.style.position = "fixed";
    area.style.opacity = "0";
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}

/** Instead of a page that could not be read. */
export function ProblemView({
  problem,
  kept,
  retry,
  actions,
}: {
  problem: Problem;
  kept?: string;
  retry?: () => void;
  actions?: ReactNode;
}) {
  const styles = useStyles();
  return (
    <div className={styles.page} role="alert" data-testid="problem" data-code={problem.code}>
      <ErrorCircleRegular className={styles.icon} aria-hidden />
      <Subtitle1 as="h2" className={styles.wrap}>
        {sentence(problem.what)}
      </Subtitle1>
      {kept && <Body1 className={styles.quiet}>{sentence(kept)}</Body1>}
      <Body1 className={styles.wrap}>{sentence(problem.nextStep)}</Body1>
      <div className={styles.actions}>
        {actions}
        {retry && <Button onClick={retry}>Try again</Button>}
        <CopyButton text={problemDetails(problem)} label="Copy details" size="medium" />
      </div>
    </div>
  );
}

/** Above a page or in a dialog, where the rest still stands. */
export function ProblemBar({
  problem,
  intent = "error",
  actions,
}: {
  problem: Problem;
  intent?: "error" | "warning";
  actions?: ReactNode;
}) {
  const styles = useStyles();
  return (
    <MessageBar intent={intent} layout="multiline" data-testid="problem" data-code={problem.code}>
      <MessageBarBody className={styles.wrap}>
        <MessageBarTitle>{sentence(problem.what)}</MessageBarTitle> {sentence(problem.nextStep)}
      </MessageBarBody>
      <MessageBarActions>
        {actions}
        <CopyButton text={problemDetails(problem)} label="Copy details" />
      </MessageBarActions>
    </MessageBar>
  );
}
