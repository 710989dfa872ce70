// Whether a field has to be drawn anew: its values are compared, its acts are not, because each act steps from the newest body.

export function alike(before: unknown, after: unknown): boolean {
  if (Object.is(before, after)) return true;
  if (typeof before === "function" && typeof after === "function") return true;
  if (typeof before !== "object" || typeof after !== "object" || before === null || after === null) return false;
  const [was, is] = [Object.entries(before), Object.entries(after)];
  return was.length === is.length && was.every(([key, value]) => alike(value, Reflect.get(after, key)));
}
