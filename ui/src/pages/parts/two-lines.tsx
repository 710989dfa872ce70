// A sentence in a list's cell: up to two lines of it, the whole on hover.
import { makeStyles } from "@fluentui/react-components";
import { cleanName } from "../../components/names";
import { twoLines } from "../../components/style-parts";

const useStyles = makeStyles({
  // One size whatever the length: a column of two sizes reads as if some rows mattered less.
  root: { ...twoLines, whiteSpace: "normal", lineHeight: "18px" },
});

export function TwoLines({ text }: { text: string }) {
  const styles = useStyles();
  const clean = cleanName(text);
  return (
    <span className={styles.root} title={clean} dir="auto">
      {clean}
    </span>
  );
}
