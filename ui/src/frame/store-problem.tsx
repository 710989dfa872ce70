// The whole window when the store could not be opened: nothing is deleted, and there is a way out.
import { makeStyles, tokens } from "@fluentui/react-components";
import type { Problem } from "../bindings";
import { ProblemView } from "../components/problem-view";

const useStyles = makeStyles({
  root: {
    minHeight: "100%",
    display: "grid",
    placeItems: "center",
    padding: tokens.spacingHorizontalXXL,
    boxSizing: "border-box",
    backgroundColor: tokens.colorNeutralBackground2,
  },
});

export function StoreProblem({ problem, retry }: { problem: Problem; retry: () => void }) {
  const styles = useStyles();
  return (
    <main className={styles.root}>
      <ProblemView problem={problem} kept="Nothing was changed or deleted" retry={retry} />
    </main>
  );
}
