// A sentence in a list's cell: up to two lines of it, the whole on hover.
import { makeStyles, tokens } from "@fluentui/react-components";
import { cleanName } from "../../components/names";
import { twoLines } from "../../components/style-parts";

const useStyles = makeStyles({
  root: { ...twoLines, whiteSpace: "normal" },
  small: { fontSize: tokens.fontSizeBase200 },
});

export function TwoLines({ text }: { text: string }) {
  const styles = useStyles();
  const clean = cleanName(text);
  return (
    <span className={`${styles.root} ${clean.length > 20 ? styles.small : ""}`} title={clean} dir="auto">
      {clean}
    </span>
  );
}
