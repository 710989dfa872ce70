// What the pages read, one hook a command. A key begins with the tenant it belongs to, or "fleet", so that an event can say what is stale.
import { QueryClient, type UseQueryResult, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { commands } from "../bindings";
import { ask, type ProblemError } from "./ipc";

export const FLEET = "fleet";

export const keys = {
  status: [FLEET, "appStatus"] as const,
  sync: ["sync"] as const,
  dashboard: [FLEET, "dashboard"] as const,
  tenants: [FLEET, "tenants"] as const,
  settings: [FLEET, "settings"] as const,
  notifications: [FLEET, "notifications"] as const,
  store: [FLEET, "store"] as const,
  permissions: ["permissions"] as const,
  alertKinds: ["alertKinds"] as const,
  alert: (id: number) => [FLEET, "alert", id] as const,
  tenant: (tenant: string) => [tenant, "overview"] as const,
  mfa: (tenant: string) => [tenant, "mfa"] as const,
  policies: (tenant: string) => [tenant, "policies"] as const,
  policy: (tenant: string, policy: string) => [tenant, "policy", policy] as const,
  user: (tenant: string, user: string) => [tenant, "user", user] as const,
  signInChoices: (tenant: string) => [tenant, "signInChoices"] as const,
  signIn: (tenant: string, id: string) => [tenant, "signIn", id] as const,
};

export function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // The store is local and says when it changed; nothing is asked again by time or by focus.
        staleTime: Number.POSITIVE_INFINITY,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        networkMode: "always",
        retry: false,
      },
      mutations: { networkMode: "always", retry: false },
    },
  });
}

export type Asked<T> = UseQueryResult<T, ProblemError | Error>;

export const useAppStatus = () => useQuery({ queryKey: keys.status, queryFn: () => ask(commands.appStatus()) });
export const useSyncState = () => useQuery({ queryKey: keys.sync, queryFn: () => ask(commands.syncState()) });
export const useDashboard = () => useQuery({ queryKey: keys.dashboard, queryFn: () => ask(commands.dashboard()) });
export const useTenants = () => useQuery({ queryKey: keys.tenants, queryFn: () => ask(commands.tenantsList()) });
export const useSettings = () => useQuery({ queryKey: keys.settings, queryFn: () => ask(commands.settingsGet()) });
export const useNotificationState = () =>
  useQuery({ queryKey: keys.notifications, queryFn: () => ask(commands.notificationState()) });
/** These two do not change while the app runs. */
export const useAlertKinds = () => useQuery({ queryKey: keys.alertKinds, queryFn: () => ask(commands.alertKinds()) });
export const usePermissions = () =>
  useQuery({ queryKey: keys.permissions, queryFn: () => ask(commands.permissionsList()) });
export const useStoreFacts = () => useQuery({ queryKey: keys.store, queryFn: () => ask(commands.storeFacts()) });

export const useAlert = (id: number) =>
  useQuery({ queryKey: keys.alert(id), queryFn: () => ask(commands.alertGet(id)) });
export const useTenant = (tenant: string) =>
  useQuery({ queryKey: keys.tenant(tenant), queryFn: () => ask(commands.tenantGet(tenant)) });
export const useMfaPosture = (tenant: string) =>
  useQuery({ queryKey: keys.mfa(tenant), queryFn: () => ask(commands.mfaPosture(tenant)) });
export const useMfaDepartments = (tenant: string) =>
  useQuery({ queryKey: [tenant, "mfaDepartments"] as const, queryFn: () => ask(commands.mfaDepartments(tenant)) });
export const useMfaFleet = (days: number) =>
  useQuery({ queryKey: [FLEET, "mfa", days] as const, queryFn: () => ask(commands.mfaFleet(days)) });
export const usePolicies = (tenant: string) =>
  useQuery({ queryKey: keys.policies(tenant), queryFn: () => ask(commands.policiesList(tenant)) });
export const usePolicy = (tenant: string, policy: string, enabled = true) =>
  useQuery({ queryKey: keys.policy(tenant, policy), queryFn: () => ask(commands.policyGet(tenant, policy)), enabled });
export const useUser = (tenant: string, user: string, enabled = true) =>
  useQuery({ queryKey: keys.user(tenant, user), queryFn: () => ask(commands.userGet(tenant, user)), enabled });
export const useSignInChoices = (tenant: string) =>
  useQuery({ queryKey: keys.signInChoices(tenant), queryFn: () => ask(commands.signInChoices(tenant)) });
export const useSignIn = (tenant: string, id: string | null) =>
  useQuery({
    queryKey: keys.signIn(tenant, id ?? ""),
    queryFn: () => ask(commands.signInGet(tenant, id ?? "")),
    enabled: id !== null,
  });

/** People of a tenant by a piece of their name or UPN, asked for once the typing pauses. */
export function usePeopleLike(tenant: string, typed: string) {
  const [words, setWords] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setWords(typed), 80);
    return () => clearTimeout(timer);
  }, [typed]);
  const found = useQuery({
    queryKey: [tenant, "peopleLike", words],
    queryFn: () =>
      ask(
        commands.usersList({
          tenant,
          text: words || null,
          window: { offset: 0, limit: 30, sort: "displayName", descending: false },
        }),
      ),
    placeholderData: (before) => before,
  });
  return found.data?.rows ?? [];
}
