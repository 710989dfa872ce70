// The JSON side of the editor: a text with its line numbers, and the line of the first mistake in words.
import { Button, Field, makeStyles, mergeClasses, Text, Textarea, tokens } from "@fluentui/react-components";
import { useRef } from "react";
import { CopyButton } from "../../../components/problem-view";
import { count } from "../../../components/words";
import type { Held } from "./use-body";

const useStyles = makeStyles({
  root: { display: "grid", gap: tokens.spacingVerticalS, minWidth: 0, alignContent: "start" },
  area: {
    width: "100%",
    maxWidth: "none",
    "& > textarea": {
      fontFamily: tokens.fontFamilyMonospace,
      fontSize: tokens.fontSizeBase200,
      lineHeight: tokens.lineHeightBase200,
      height: "calc(100vh - 320px)",
      minHeight: "360px",
      maxHeight: "none",
      whiteSpace: "pre",
      overflowX: "auto",
      tabSize: 2,
    },
  },
  foot: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS, alignItems: "center", minHeight: "32px" },
  quiet: { color: tokens.colorNeutralForeground3 },
});

export function JsonField({ held, label = "The policy as JSON" }: { held: Held; label?: string }) {
  const styles = useStyles();
  const area = useRef<HTMLTextAreaElement>(null);
  const { mistake } = held;
  const show = () => {
    if (!mistake || !area.current) return;
    const lines = held.text.split("\n");
    const start = lines.slice(0, mistake.line - 1).reduce((sum, line) => sum + line.length + 1, 0);
    area.current.focus();
    area.current.setSelectionRange(start, start + (lines[mistake.line - 1]?.length ?? 0));
  };
  return (
    <div className={styles.root}>
      <Field
        label={label}
        {...(mistake
          ? {
              validationState: "error" as const,
              validationMessage: `Line ${count(mistake.line)}, column ${count(mistake.column)}: ${mistake.what}.`,
            }
          : {})}
      >
        <Textarea
          ref={area}
          className={mergeClasses(styles.area)}
          resize="vertical"
          value={held.text}
          data-testid="json"
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          dir="ltr"
          onChange={(_, data) => held.type(data.value)}
        />
      </Field>
      <div className={styles.foot}>
        {mistake ? (
          <>
            <Button size="small" onClick={show}>
              Show line {count(mistake.line)}
            </Button>
            <Button size="small" appearance="subtle" onClick={held.goBack}>
              Back to what could be read
            </Button>
          </>
        ) : (
          <>
            <CopyButton text={held.text} label="Copy JSON" />
            <Text size={200} className={styles.quiet}>
              Words and JSON are one: each follows the other.
            </Text>
          </>
        )}
      </div>
    </div>
  );
}
