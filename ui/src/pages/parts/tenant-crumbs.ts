// The way back from a tenant's page, and the tenant's name where a page needs it in words.
import { part } from "../../address";
import { cleanName } from "../../components/names";
import type { Crumb } from "../../components/page-head";
import { useTenants } from "../../data/queries";

export function useTenantCrumbs(tenant: string): { name: string; base: string; crumbs: Crumb[] } {
  const row = useTenants().data?.find((each) => each.id === tenant);
  const name = row ? cleanName(row.displayName) : "Tenant";
  const base = `/tenants/${part(tenant)}`;
  return {
    name,
    base,
    crumbs: [
      { title: "Tenants", to: "/tenants" },
      { title: name, to: base },
    ],
  };
}
