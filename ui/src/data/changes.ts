// Change requests: what their pages read and do. Every act names the revision it saw; one that comes too late reloads and says so.
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ChangeDetail, type ChangeInput, type ChangeState, commands, type ProposalOrigin } from "../bindings";
import { useSay } from "../components/say";
import { ask, problemOf } from "./ipc";
import { invalidateScopes } from "./live";
import { FLEET } from "./queries";

export const changeKeys = {
  one: (id: number) => [FLEET, "change", id] as const,
  waiting: [FLEET, "changes", "waiting"] as const,
  preview: (input: ChangeInput | null) => [input?.tenant ?? FLEET, "changePreview", JSON.stringify(input)] as const,
  propose: (tenant: string, origin: ProposalOrigin | null) =>
    [tenant, "changePropose", JSON.stringify(origin)] as const,
  choices: (tenant: string) => [tenant, "changeChoices"] as const,
};

/** States in which Gatehouse itself is at work. */
const AT_WORK: ReadonlySet<ChangeState> = new Set(["applying", "applied", "rollingBack"]);
export const atWork = (state: ChangeState) => AT_WORK.has(state);

export const useChange = (id: number) =>
  useQuery({
    queryKey: changeKeys.one(id),
    queryFn: () => ask(commands.changeGet(id)),
    // The shell says when it changed; while a write is on its way nobody should depend on hearing it.
    refetchInterval: (query) => (query.state.data && atWork(query.state.data.row.state) ? 2_000 : false),
  });

/** Those that wait for a second person: the first few, and how many there are. */
export const useWaitingChanges = () =>
  useQuery({
    queryKey: changeKeys.waiting,
    queryFn: () =>
      ask(
        commands.changesList({
          states: ["waiting"],
          window: { offset: 0, limit: 6, sort: "requestedAt", descending: false },
        }),
      ),
  });

/** The differences of before stay while the next are worked out, so that nothing jumps under somebody who types. */
export const usePreview = (input: ChangeInput | null) =>
  useQuery({
    queryKey: changeKeys.preview(input),
    queryFn: () => ask(commands.changePreview(input as ChangeInput)),
    enabled: input !== null,
    placeholderData: keepPreviousData,
    gcTime: 60_000,
  });

/** Asked once: what is proposed is then written on, and must not change under whoever writes. */
export const usePropose = (tenant: string, origin: ProposalOrigin | null) =>
  useQuery({
    queryKey: changeKeys.propose(tenant, origin),
    queryFn: () => ask(commands.changePropose(tenant, origin as ProposalOrigin)),
    enabled: origin !== null,
    gcTime: 0,
  });

export const useChangeChoices = (tenant: string) =>
  useQuery({ queryKey: changeKeys.choices(tenant), queryFn: () => ask(commands.changeChoices(tenant)) });

/** Does one thing to a change. What comes back is what the page shows next; a refusal because somebody was faster reads it again. */
export function useActing<A>(
  id: number,
  run: (input: A) => Promise<ChangeDetail>,
  done?: (change: ChangeDetail) => void,
) {
  const client = useQueryClient();
  const say = useSay();
  return useMutation({
    mutationFn: run,
    onSuccess: (change) => {
      invalidateScopes(client, new Set([change.row.tenant.id, FLEET]));
      client.setQueryData(changeKeys.one(change.row.id), change);
      done?.(change);
    },
    onError: (error) => {
      void client.invalidateQueries({ queryKey: changeKeys.one(id) });
      if (problemOf(error).code !== MOVED_ON) say.failed(error);
    },
  });
}

export const MOVED_ON = "change.moved_on";
