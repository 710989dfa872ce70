// A moment in words that stay true while the page is open; the full time and zone on hover.
import { useSyncExternalStore } from "react";
import { fullTime, relative } from "./words";

const EVERY_MS = 30_000;
let now = new Date();
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

function watch(listener: () => void) {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = new Date();
    for (const each of listeners) each();
  }, EVERY_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** The present, to half a minute. */
export function useNow(): Date {
  return useSyncExternalStore(watch, () => {
    if (listeners.size === 0 && Date.now() - now.getTime() > 1000) now = new Date();
    return now;
  });
}

export function RelativeTime({
  at,
  timeZone,
  none = "never",
}: {
  at: string | null;
  timeZone?: string;
  none?: string;
}) {
  const present = useNow();
  if (at === null) return <span>{none}</span>;
  const moment = new Date(at);
  if (Number.isNaN(moment.getTime())) return <span>{at}</span>;
  // A row younger than the half-minute clock is "just now", not "in a moment".
  const shown = moment > present && moment.getTime() - present.getTime() < EVERY_MS * 2 ? present : moment;
  return (
    <time dateTime={at} title={fullTime(moment, timeZone)} style={{ whiteSpace: "nowrap" }}>
      {relative(shown, present)}
    </time>
  );
}
