// What the pages of reports read and do, one hook a command.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import {
  type BrandingInput,
  commands,
  events,
  type OverrideInput,
  type PeriodInput,
  type ReportRequest,
  type ReportRun,
  type ReportState,
  type ScheduleInput,
} from "../bindings";
import { useSay } from "../components/say";
import { useDoing } from "./actions";
import { ask } from "./ipc";
import { FLEET } from "./queries";

export const reportKeys = {
  statements: (tenant: string, period: PeriodInput) => [tenant, "statements", JSON.stringify(period)] as const,
  schedules: [FLEET, "reportSchedules"] as const,
  branding: [FLEET, "branding"] as const,
};

export const useStatements = (tenant: string, period: PeriodInput) =>
  useQuery({
    queryKey: reportKeys.statements(tenant, period),
    queryFn: () => ask(commands.evidenceStatements(tenant, period)),
    placeholderData: keepPreviousData,
  });
export const useSchedules = () =>
  useQuery({ queryKey: reportKeys.schedules, queryFn: () => ask(commands.reportSchedulesList()) });
export const useBranding = () =>
  useQuery({ queryKey: reportKeys.branding, queryFn: () => ask(commands.brandingGet()) });

const everything = () => [null];

export const useWriteReports = (done: (run: ReportRun) => void) =>
  useDoing((request: ReportRequest) => ask(commands.reportsWrite(request)), everything, done);

/** How far the batch is that runs now; null where none does. */
export function useReportProgress(running: boolean): ReportState | null {
  const [state, setState] = useState<ReportState | null>(null);
  useEffect(() => {
    if (!running) {
      setState(null);
      return;
    }
    let over = false;
    const listening = events.reportProgress.listen(({ payload }) => {
      if (!over) setState(payload);
    });
    return () => {
      over = true;
      listening.then(
        (stop) => stop(),
        () => undefined,
      );
    };
  }, [running]);
  return state;
}

export function useOverride(done: () => void) {
  const say = useSay();
  const set = useDoing(
    (input: OverrideInput) => ask(commands.evidenceOverrideSet(input)),
    ({ tenant }) => [tenant],
    (_, { person }) => {
      say("The answer is recorded", {
        body: `The report prints it with ${person}'s name and note, beside what the data say.`,
      });
      done();
    },
    { told: false },
  );
  const withdraw = useDoing(
    ({ tenant, statement }: { tenant: string; statement: string }) =>
      ask(commands.evidenceOverrideWithdraw(tenant, statement)),
    ({ tenant }) => [tenant],
    () => say("Withdrawn: the report prints what the data say"),
  );
  return { set, withdraw };
}

export function useSchedule(done: () => void) {
  const say = useSay();
  const put = useDoing(
    (input: ScheduleInput) => ask(commands.reportSchedulePut(input)),
    everything,
    () => {
      say("The schedule is saved");
      done();
    },
    { told: false },
  );
  const remove = useDoing(
    (id: number) => ask(commands.reportScheduleDelete(id)),
    everything,
    () => {
      say("The schedule is removed; reports that were written stay");
      done();
    },
  );
  return { put, remove };
}

export const useSaveBranding = (done: () => void) => {
  const say = useSay();
  return useDoing(
    (input: BrandingInput) => ask(commands.brandingSet(input)),
    everything,
    () => {
      say("Every report is drawn so from now on");
      done();
    },
    { told: false },
  );
};
