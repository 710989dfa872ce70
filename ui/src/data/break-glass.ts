// The break-glass page's one question and its acts. Planning and settling a drill fail inside their dialog, so their failures are not told twice.
import { useQuery } from "@tanstack/react-query";
import { commands, type DrillInput } from "../bindings";
import { useSay } from "../components/say";
import { useDoing } from "./actions";
import { ask } from "./ipc";

export const useBreakGlass = (tenant: string) =>
  useQuery({ queryKey: [tenant, "breakGlass"] as const, queryFn: () => ask(commands.breakGlassGet(tenant)) });

/** What a person says of an account: it is one, it is none, or (null) Gatehouse judges again by itself. */
export type GlassMark = "breakGlass" | "person" | null;

export function useGlassMark(tenant: string, done?: () => void) {
  const say = useSay();
  return useDoing(
    ({ user, mark }: { user: string; name: string; mark: GlassMark }) =>
      ask(commands.userMark(tenant, user, mark, null)),
    () => [tenant],
    (_, { name, mark }) => {
      say(
        mark === "breakGlass"
          ? `${name} is a break-glass account: every sign-in of it raises a critical alert from now on`
          : mark === "person"
            ? `${name} is marked as a person and no longer suggested`
            : `The mark of ${name} is taken back`,
      );
      done?.();
    },
  );
}

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
