// What can be done to baselines, with what it makes stale: a changed baseline changes every judgement, so everything is read again.
import { useCallback } from "react";
import { part, useGo } from "../../address";
import { commands, type Severity } from "../../bindings";
import { cleanName } from "../../components/names";
import { useSay } from "../../components/say";
import { counted } from "../../components/words";
import { useDoing } from "../../data/actions";
import { ask } from "../../data/ipc";

const EVERYTHING = () => [null];

export function useImportBaseline() {
  const say = useSay();
  const go = useGo();
  const doing = useDoing(
    (paths: string[]) => ask(commands.baselineImport(paths, null)),
    EVERYTHING,
    (made) => {
      say(`Imported ${cleanName(made.row.name)}`, {
        body:
          made.remarks.length === 0
            ? counted(made.row.controls, "control")
            : `${counted(made.row.controls, "control")}, ${counted(made.remarks.length, "remark")}`,
      });
      go(`/baselines/${part(made.row.id)}`);
    },
  );
  const { mutate } = doing;
  const importPaths = useCallback((paths: string[]) => mutate(paths), [mutate]);
  return { importPaths, busy: doing.isPending };
}

export function useTakeBaseline(done: () => void) {
  const say = useSay();
  const go = useGo();
  return useDoing(
    ({ tenant, name }: { tenant: string; name: string }) => ask(commands.baselineFromTenant(tenant, name || null)),
    EVERYTHING,
    (made) => {
      done();
      say(`${cleanName(made.row.name)} is a baseline now`, { body: counted(made.row.controls, "control") });
      go(`/baselines/${part(made.row.id)}`);
    },
  );
}

export const useSetControl = (baseline: string) =>
  useDoing(
    ({ control, severity, on }: { control: string; severity?: Severity; on?: boolean }) =>
      ask(commands.baselineControlSet(baseline, control, severity ?? null, on ?? null)),
    EVERYTHING,
  );

export const useRenameBaseline = (baseline: string, done: () => void) =>
  useDoing((name: string) => ask(commands.baselineRename(baseline, name)), EVERYTHING, done);

export function useAssignBaseline(baseline: string, done: () => void) {
  const say = useSay();
  return useDoing(
    (tenants: string[]) => ask(commands.baselineAssign(baseline, tenants)),
    EVERYTHING,
    (changed) => {
      done();
      say(
        changed === 0
          ? "They were held to it already"
          : `${counted(changed, "tenant")} held to this baseline from now on`,
        { intent: "info" },
      );
    },
  );
}

export function useRemoveBaseline(baseline: string, done: () => void) {
  const go = useGo();
  return useDoing(
    () => ask(commands.baselineRemove(baseline)),
    EVERYTHING,
    () => {
      done();
      go("/baselines");
    },
  );
}
