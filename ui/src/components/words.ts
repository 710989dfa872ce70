// Numbers, shares and times as words, the same on every screen. The present is passed in.
const NUMBER = new Intl.NumberFormat("en-GB");

export const count = (value: number) => NUMBER.format(value);

/** "1 alert", "1,204 alerts" */
export const counted = (value: number, one: string, many = `${one}s`) => `${count(value)} ${value === 1 ? one : many}`;

/** "94 %, 188 of 200"; with nobody to count it says so. */
export function share(part: number, whole: number): string {
  if (whole === 0) return "nobody to count";
  return `${percent(part, whole)}, ${count(part)} of ${count(whole)}`;
}

/** Never rounds up to 100 % nor down to 0 %: one person without MFA must not vanish. */
export function percent(part: number, whole: number): string {
  if (whole === 0) return "–";
  const exact = (part / whole) * 100;
  if (part < whole && exact > 99) return "99 %";
  if (part > 0 && exact < 1) return "<1 %";
  return `${Math.round(exact)} %`;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a formatter costs a hundred times what using it does, and a list says many times. */
function format(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify(options);
  const made = formats.get(key) ?? new Intl.DateTimeFormat("en-GB", options);
  formats.set(key, made);
  return made;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** "just now", "12 min ago", "5 h ago", then the date; a moment ahead reads "in 3 h". */
export function relative(at: Date, now: Date): string {
  const past = now.getTime() - at.getTime();
  const away = Math.abs(past);
  const say = (text: string) => (past >= 0 ? `${text} ago` : `in ${text}`);
  if (away < MINUTE) return past >= 0 ? "just now" : "in a moment";
  if (away < HOUR) return say(`${Math.floor(away / MINUTE)} min`);
  if (away < DAY) return say(`${Math.floor(away / HOUR)} h`);
  return day(at, now);
}

/** "40 days ago", where it matters how long it is; under a day as everywhere. */
export function daysAgo(at: Date, now: Date): string {
  const days = Math.floor((now.getTime() - at.getTime()) / DAY);
  return days < 1 ? relative(at, now) : `${counted(days, "day")} ago`;
}

/** "3 Nov", "3 Nov 2025" where the year is another. */
export function day(at: Date, now: Date): string {
  const sameYear = at.getFullYear() === now.getFullYear();
  return format({ day: "numeric", month: "short", ...(sameYear ? {} : { year: "numeric" }) }).format(at);
}

/** "Saturday, 21 November 2026 at 07:34:41 CET" */
export function fullTime(at: Date, timeZone?: string): string {
  const options: Intl.DateTimeFormatOptions = {
    weekday: "long",
    day: "numeric",
    month: "long",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    timeZoneName: "short",
  };
  try {
    return format(timeZone ? { ...options, timeZone } : options).format(at);
  } catch {
    return format(options).format(at);
  }
}

/** "21 Nov, 07:34" */
export function dayAndTime(at: Date, now: Date): string {
  return `${day(at, now)}, ${format({ hour: "2-digit", minute: "2-digit" }).format(at)}`;
}

/** "Sat 21 Nov, 07:34" on the clock of a zone that the web view knows. */
export function clockWords(at: Date, timeZone: string): string {
  const date: Intl.DateTimeFormatOptions = { weekday: "short", day: "numeric", month: "short", timeZone };
  return `${format(date).format(at)}, ${format({ hour: "2-digit", minute: "2-digit", timeZone }).format(at)}`;
}

/** "40 s", "3 min" */
export function duration(seconds: number): string {
  if (seconds < 1) return "under a second";
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600)} h`;
}

/** A sentence ends with a full stop, once. */
export const sentence = (text: string) => (/[.!?…。]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`);
