// The break-glass page's one question and its acts. Planning and settling a drill fail inside their dialog, so their failures are not told twice.
import { useQuery } from "@tanstack/react-query";
import { commands, type DrillInput } from "../bindings";
import { useSay } from "../components/say";
import { useDoing } from "./actions";
import { ask } from "./ipc";

export const useBreakGlass = (tenant: string) =>
  useQuery({ queryKey: [tenant, "breakGlass"] as const, queryFn: () => ask(commands.breakGlassGet(tenant)) });

export function usePlanDrill(done: () => void) {
  const say = useSay();
  return useDoing(
    (drill: DrillInput) => ask(commands.drillPlan(drill)),
    ({ tenant }) => [tenant],
    () => {
      say("The drill is planned");
      done();
    },
    { told: false },
  );
}

export function useFinishDrill(tenant: string, id: number, done: () => void) {
  const say = useSay();
  return useDoing(
    ({ worked, note }: { worked: boolean; note: string }) => ask(commands.drillFinish(id, worked, note)),
    () => [tenant],
    (_, { worked }) => {
      say(worked ? "Recorded: the drill worked" : "Recorded: the drill did not work");
      done();
    },
    { told: false },
  );
}

export function useCancelDrill(tenant: string, id: number, done: () => void) {
  const say = useSay();
  return useDoing(
    () => ask(commands.drillCancel(id)),
    () => [tenant],
    () => {
      say("The drill is cancelled");
      done();
    },
    { told: false },
  );
}
