// A page about one thing that has to be read first: a skeleton while it comes, the problem with a way back when it does not.
import { Button } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useGo } from "../address";
import { problemOf } from "../data/ipc";
import type { Asked } from "../data/queries";
import { PageSkeleton } from "./page-skeleton";
import { ProblemView } from "./problem-view";

export function Loaded<T>({
  asked,
  back,
  children,
}: {
  asked: Asked<T>;
  /** Where to go instead: "All alerts", "/alerts". */
  back?: readonly [string, string];
  children: (data: T) => ReactNode;
}) {
  const go = useGo();
  if (asked.data !== undefined) return children(asked.data);
  if (!asked.error) return <PageSkeleton />;
  return (
    <ProblemView
      problem={problemOf(asked.error)}
      retry={() => void asked.refetch()}
      actions={
        back && (
          <Button appearance="primary" onClick={() => go(back[1])}>
            {back[0]}
          </Button>
        )
      }
    />
  );
}
