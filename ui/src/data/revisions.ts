// Counts, per tenant and for the fleet, how often stored data changed. Paged lists watch it to know that newer rows wait; they decide
// themselves when to show them.
import { useSyncExternalStore } from "react";
import { FLEET } from "./queries";

const counts = new Map<string, number>();
const listeners = new Set<() => void>();

export function bumpRevision(scope: string | null) {
  if (scope === null) for (const key of [...counts.keys(), FLEET]) counts.set(key, (counts.get(key) ?? 0) + 1);
  else {
    counts.set(scope, (counts.get(scope) ?? 0) + 1);
    if (scope !== FLEET) counts.set(FLEET, (counts.get(FLEET) ?? 0) + 1);
  }
  for (const listener of listeners) listener();
}

export function useRevision(scope: string): number {
  return useSyncExternalStore(
    (listener) => {
      if (!counts.has(scope)) counts.set(scope, 0);
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => counts.get(scope) ?? 0,
  );
}
