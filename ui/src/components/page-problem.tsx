// What stands in a page's place when it cannot be shown at all.
import { Button } from "@fluentui/react-components";
import { useGo } from "../address";
import { problemOf } from "../data/ipc";
import { EmptyState } from "./empty-state";
import { QuestionCircleRegular } from "./icons";
import { ProblemView } from "./problem-view";

export function PageFailed({ error, reset }: { error: unknown; reset?: () => void }) {
  return (
    <ProblemView
      problem={problemOf(error)}
      kept="What was synced is still stored"
      {...(reset ? { retry: reset } : {})}
    />
  );
}

export function NotFound() {
  const go = useGo();
  return (
    <EmptyState
      page
      icon={<QuestionCircleRegular />}
      title="There is no such page"
      text="The address may come from another version of Gatehouse."
      actions={<Button onClick={() => go("/")}>Open the dashboard</Button>}
    />
  );
}
