// A sentence in a list's cell: up to two lines of it, the whole on hover.
import { makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { cleanName } from "../../components/names";
import { twoLines } from "../../components/style-parts";

const useStyles = makeStyles({
  root: { ...twoLines, whiteSpace: "normal", lineHeight: "18px" },
  small: { fontSize: tokens.fontSizeBase200, lineHeight: tokens.lineHeightBase200 },
});

export function TwoLines({ text }: { text: string }) {
  const styles = useStyles();
  const clean = cleanName(text);
  return (
    <span className={mergeClasses(styles.root, clean.length > 34 && styles.small)} title={clean} dir="auto">
      {clean}
    </span>
  );
}
