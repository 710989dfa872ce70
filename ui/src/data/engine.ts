// What the pages of the Conditional Access engine read, one hook a command. Keys begin with the tenant, or with "fleet", as all do.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { commands, type WhatIfRequest } from "../bindings";
import { ask } from "./ipc";
import { FLEET } from "./queries";

export const engineKeys = {
  drift: (tenant: string) => [tenant, "drift"] as const,
  control: (tenant: string, control: string) => [tenant, "drift", control] as const,
  coverage: (tenant: string) => [tenant, "coverage"] as const,
  cell: (tenant: string, row: string, application: string) => [tenant, "coverage", row, application] as const,
  choices: (tenant: string) => [tenant, "whatIf", "choices"] as const,
  whatIf: (request: WhatIfRequest) => [request.tenant ?? "", "whatIf", JSON.stringify(request)] as const,
  fromSignIn: (tenant: string, signIn: string) => [tenant, "whatIf", "signIn", signIn] as const,
  replay: (tenant: string) => [tenant, "replay"] as const,
  disagreement: (tenant: string, signIn: string) => [tenant, "replay", signIn] as const,
  findings: (tenant: string) => [tenant, "policyFindings"] as const,
  baselines: [FLEET, "baselines"] as const,
  baseline: (id: string) => [FLEET, "baselines", id] as const,
};

export const useDrift = (tenant: string) =>
  useQuery({ queryKey: engineKeys.drift(tenant), queryFn: () => ask(commands.driftReport(tenant)) });
export const useControl = (tenant: string, control: string) =>
  useQuery({
    queryKey: engineKeys.control(tenant, control),
    queryFn: () => ask(commands.driftControl(tenant, control)),
  });
export const useCoverage = (tenant: string) =>
  useQuery({ queryKey: engineKeys.coverage(tenant), queryFn: () => ask(commands.coverageMatrix(tenant)) });
export const useCell = (tenant: string, row: string, application: string) =>
  useQuery({
    queryKey: engineKeys.cell(tenant, row, application),
    queryFn: () => ask(commands.coverageCell(tenant, row, application)),
  });
export const useChoices = (tenant: string) =>
  useQuery({ queryKey: engineKeys.choices(tenant), queryFn: () => ask(commands.whatIfChoices(tenant)) });
/** The answer of before stays while the next is thought of, so that nothing jumps under somebody who types. */
export const useWhatIf = (request: WhatIfRequest, enabled: boolean) =>
  useQuery({
    queryKey: engineKeys.whatIf(request),
    queryFn: () => ask(commands.whatIfEvaluate(request)),
    placeholderData: keepPreviousData,
    gcTime: 60_000,
    enabled,
  });
export const useFromSignIn = (tenant: string, signIn: string | null) =>
  useQuery({
    queryKey: engineKeys.fromSignIn(tenant, signIn ?? ""),
    queryFn: () => ask(commands.whatIfFromSignIn(tenant, signIn ?? "")),
    enabled: signIn !== null,
  });
export const useReplay = (tenant: string) =>
  useQuery({ queryKey: engineKeys.replay(tenant), queryFn: () => ask(commands.replayReport(tenant)) });
export const useDisagreement = (tenant: string, signIn: string) =>
  useQuery({
    queryKey: engineKeys.disagreement(tenant, signIn),
    queryFn: () => ask(commands.replayDetail(tenant, signIn)),
  });
export const usePolicyFindings = (tenant: string) =>
  useQuery({ queryKey: engineKeys.findings(tenant), queryFn: () => ask(commands.policyFindings(tenant)) });
export const useBaselines = () =>
  useQuery({ queryKey: engineKeys.baselines, queryFn: () => ask(commands.baselinesList()) });
export const useBaseline = (id: string) =>
  useQuery({ queryKey: engineKeys.baseline(id), queryFn: () => ask(commands.baselineGet(id)) });
