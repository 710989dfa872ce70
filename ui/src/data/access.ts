// What the pages of time-bound access read and do, one hook a command. Keys begin with the tenant, or with "fleet", as all do.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type AccessDetail, type AccessInput, commands } from "../bindings";
import { useSay } from "../components/say";
import { sentence } from "../components/words";
import { useDoing } from "./actions";
import { ask } from "./ipc";
import { FLEET } from "./queries";

export const accessKeys = {
  list: (tenant: string) => [tenant, "access"] as const,
  form: (tenant: string, user: string) => [tenant, "access", "form", user] as const,
  one: (id: number) => [FLEET, "access", id] as const,
  preview: (input: AccessInput) => [input.tenant, "access", "preview", JSON.stringify(input)] as const,
};

export const useAccessList = (tenant: string) =>
  useQuery({ queryKey: accessKeys.list(tenant), queryFn: () => ask(commands.accessList(tenant)) });
export const useAccess = (id: number) =>
  useQuery({ queryKey: accessKeys.one(id), queryFn: () => ask(commands.accessGet(id)) });
export const useAccessForm = (tenant: string, user: string | null) =>
  useQuery({
    queryKey: accessKeys.form(tenant, user ?? ""),
    queryFn: () => ask(commands.accessForm(tenant, user)),
    placeholderData: keepPreviousData,
  });
/** The answer of before stays while the next is thought of, so that nothing jumps under somebody who types. */
export const useAccessPreview = (input: AccessInput) =>
  useQuery({
    queryKey: accessKeys.preview(input),
    queryFn: () => ask(commands.accessPreview(input)),
    placeholderData: keepPreviousData,
    gcTime: 60_000,
  });

const everything = () => [null];

export const useRequestAccess = (done: (made: AccessDetail) => void) =>
  useDoing((input: AccessInput) => ask(commands.accessRequest(input)), everything, done);

export interface AccessStep {
  id: number;
  revision: number;
}

export function useAccessSteps(done: () => void) {
  const say = useSay();
  const approve = useDoing(
    ({ id, revision, takeOver }: AccessStep & { takeOver: boolean }) =>
      ask(commands.accessApprove(id, revision, takeOver)),
    everything,
    ({ row }) => {
      say(row.alreadyMember ? "Was in the group already" : "The user is in the group", { body: row.note ?? undefined });
      done();
    },
  );
  const cancel = useDoing(
    ({ id, revision }: AccessStep) => ask(commands.accessCancel(id, revision)),
    everything,
    () => {
      say("Taken back");
      done();
    },
  );
  const endNow = useDoing(
    ({ id, revision }: AccessStep) => ask(commands.accessEndNow(id, revision)),
    everything,
    ({ row }) => {
      say(row.state === "removed" ? "Ended, and the user is out of the group" : "Ended", {
        body: row.note ?? undefined,
      });
      done();
    },
  );
  const remove = useDoing(
    ({ id, revision }: AccessStep) => ask(commands.accessRemove(id, revision)),
    everything,
    (result) => {
      if (result.problem)
        say(sentence(result.problem.what), { body: sentence(result.problem.nextStep), intent: "error" });
      else say(result.outcome === "alreadyGone" ? "The user was gone already" : "The user is out of the group");
      done();
    },
  );
  return { approve, cancel, endNow, remove };
}

export const useSyncExpired = () => useDoing((tenant: string) => ask(commands.accessSyncExpired(tenant)), everything);
