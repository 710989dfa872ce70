// What the parts of lockout triage read. Keys begin with the tenant, as all do.
import { useQuery } from "@tanstack/react-query";
import { commands } from "../bindings";
import { ask } from "./ipc";

export const useUserTriage = (tenant: string, user: string, enabled = true) =>
  useQuery({
    queryKey: [tenant, "triage", "user", user],
    queryFn: () => ask(commands.triageUser(tenant, user)),
    enabled,
  });

export const useSignInTriage = (tenant: string, id: string, enabled = true) =>
  useQuery({
    queryKey: [tenant, "triage", "signIn", id],
    queryFn: () => ask(commands.triageSignIn(tenant, id)),
    enabled,
  });
