// No alert is open. Whether that is good news depends on whether the customers could be read at all.
import type { Attention, Dashboard } from "../bindings";
import { EmptyState } from "./empty-state";
import { CheckmarkCircleRegular, QuestionCircleRegular } from "./icons";
import { RelativeTime } from "./relative-time";
import { count, counted } from "./words";

const UNREAD = new Set(["consent", "stale", "failed"]);

/** The tenants that the last sync did not read, or only in part: each once, with the reason. */
export function unreadTenants(attention: readonly Attention[]): Attention[] {
  const found = new Map<string, Attention>();
  for (const each of attention) {
    if (UNREAD.has(each.kind) && !found.has(each.tenant.id)) found.set(each.tenant.id, each);
  }
  return [...found.values()];
}

export function AllQuiet({ data }: { data: Pick<Dashboard, "tenants" | "attention" | "lastChecked"> }) {
  if (data.lastChecked === null)
    return (
      <EmptyState
        icon={<QuestionCircleRegular />}
        title="Nothing was checked yet"
        text="No tenant has been read: alerts come with the first sync."
      />
    );
  const unread = unreadTenants(data.attention).length;
  if (unread > 0)
    return (
      <EmptyState
        icon={<QuestionCircleRegular />}
        title="No alert is open"
        text={
          <>
            {unread >= data.tenants
              ? "But no tenant could be read whole lately"
              : `But ${count(unread)} of ${counted(data.tenants, "tenant")} could not be read whole`}
            , so something may have gone unseen. Last read <RelativeTime at={data.lastChecked} />.
          </>
        }
      />
    );
  return (
    <EmptyState
      good
      icon={<CheckmarkCircleRegular />}
      title="All quiet"
      text={
        <>
          No alert is open. Last checked <RelativeTime at={data.lastChecked} />.
        </>
      }
    />
  );
}
