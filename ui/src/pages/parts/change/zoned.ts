// Moments of a customer's clock: what "tonight at 22:00" is there, and the other way round. The present is passed in.

const parts = (at: Date, zone: string) => {
  const format = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  });
  const found = Object.fromEntries(format.formatToParts(at).map((each) => [each.type, each.value]));
  return `${found.year}-${found.month}-${found.day}T${found.hour}:${found.minute}`;
};

/** A zone that the web view does not know is told as UTC. */
export function knownZone(zone: string): string {
  try {
    new Intl.DateTimeFormat("en-GB", { timeZone: zone });
    return zone || "UTC";
  } catch {
    return "UTC";
  }
}

/** "2026-11-21T22:00" on the clock of a zone. */
export const clockIn = (at: Date, zone: string): string => parts(at, knownZone(zone));

/** The moment at which a zone's clock shows that; null where it is no time, or one that the clocks leap over. */
export function momentIn(clock: string, zone: string): Date | null {
  const wanted = Date.parse(`${clock}:00Z`);
  if (Number.isNaN(wanted)) return null;
  const known = knownZone(zone);
  // The offset before and after a change of the clocks can differ, so it is asked at the guess itself.
  let guess = wanted;
  for (let round = 0; round < 3; round++) {
    const off = Date.parse(`${parts(new Date(guess), known)}:00Z`) - guess;
    guess = wanted - off;
  }
  return parts(new Date(guess), known) === clock ? new Date(guess) : null;
}

/** The next time that a zone's clock shows an hour. */
export function nextAt(hour: number, now: Date, zone: string): string {
  const today = clockIn(now, zone);
  const at = `${String(hour).padStart(2, "0")}:00`;
  const day = today.slice(0, 10);
  if (today.slice(11) < at) return `${day}T${at}`;
  const tomorrow = new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
  return `${tomorrow}T${at}`;
}
