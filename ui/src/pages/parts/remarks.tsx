// What a judgement had to leave out, said above it: one sentence, or a short list that opens.
import { Link, MessageBar, MessageBarBody, MessageBarTitle, makeStyles, tokens } from "@fluentui/react-components";
import { useState } from "react";
import { cleanName } from "../../components/names";
import { counted, sentence } from "../../components/words";

const useStyles = makeStyles({
  root: { marginBottom: tokens.spacingVerticalM, flexShrink: 0 },
  list: { margin: 0, paddingInlineStart: tokens.spacingHorizontalXL, overflowWrap: "anywhere" },
});

export function Remarks({ of, title }: { of: readonly string[]; title?: string }) {
  const styles = useStyles();
  const [open, setOpen] = useState(false);
  const [first] = of;
  if (first === undefined) return null;
  return (
    <MessageBar className={styles.root} intent="info" layout="multiline" data-testid="remarks">
      <MessageBarBody>
        {title && <MessageBarTitle>{title}</MessageBarTitle>}{" "}
        {of.length === 1 || !open ? sentence(cleanName(first)) : null}
        {of.length > 1 && !open && (
          <>
            {" "}
            <Link as="button" onClick={() => setOpen(true)}>
              And {counted(of.length - 1, "more remark")}
            </Link>
          </>
        )}
        {open && of.length > 1 && (
          <ul className={styles.list}>
            {of.map((remark, index) => (
              <li key={index}>{sentence(cleanName(remark))}</li>
            ))}
          </ul>
        )}
      </MessageBarBody>
    </MessageBar>
  );
}
