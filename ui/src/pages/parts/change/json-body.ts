// JSON as the editor holds it: read with the line of the first mistake, looked into and changed without touching what is not named.
// Nothing of policies is known here.

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Body = { [key: string]: Json };

export interface Mistake {
  line: number;
  column: number;
  what: string;
}
export type Parsed = { body: Body; mistake?: undefined } | { body?: undefined; mistake: Mistake };

export const isObject = (value: Json | undefined): value is Body =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const print = (body: Json) => JSON.stringify(body, null, 2);

/**
 * The web views word their JSON errors differently, and one names no place at all: the mistake is looked for here. A field that is written
 * twice is a mistake too, because only one of the two would be sent.
 */
export function parseBody(text: string): Parsed {
  const mistake = firstMistake(text);
  if (mistake) return { mistake };
  const value = JSON.parse(text) as Json;
  if (!isObject(value))
    return { mistake: { line: 1, column: 1, what: "An object is expected: it begins with { and ends with }" } };
  return { body: value };
}

class Wrong extends Error {
  constructor(
    readonly at: number,
    readonly what: string,
  ) {
    super(what);
  }
}

const MOST_DEEP = 200;
const STRING = /"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4})|\u007f|[\u0080-\u009f])*"/uy;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
const SPACE = /[ \t\r\n]*/y;

function firstMistake(text: string): Mistake | null {
  let at = 0;
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0] ?? null;
    if (found !== null) at += found.length;
    return found;
  };
  const space = () => take(SPACE);
  const fail = (what: string, where = at): never => {
    throw new Wrong(where, what);
  };
  const found = () => (at >= text.length ? "the text ends" : `“${text.slice(at, at + 1)}” stands`);
  const string = (what: string): string => {
    const raw = take(STRING);
    if (raw === null)
      return fail(
        text[at] === '"'
          ? "A text is not closed by a quotation mark on its line"
          : `${what} is expected, and ${found()} here`,
      );
    return JSON.parse(raw) as string;
  };
  const value = (deep: number): void => {
    if (deep > MOST_DEEP) fail("It is nested too deep");
    space();
    const first = text[at];
    if (first === "{") object(deep);
    else if (first === "[") array(deep);
    else if (first === '"') string("A text");
    else if (take(WORD) === null && take(NUMBER) === null) fail(`A value is expected, and ${found()} here`);
  };
  const object = (deep: number): void => {
    at++;
    const seen = new Set<string>();
    space();
    if (text[at] === "}") return void at++;
    for (;;) {
      space();
      const start = at;
      const name = string("A field's name in quotation marks");
      if (seen.has(name)) fail(`The field “${name}” is written twice`, start);
      seen.add(name);
      space();
      if (text[at] !== ":") fail(`A colon is missing after “${name}”`);
      at++;
      value(deep + 1);
      space();
      if (text[at] === ",") {
        at++;
        continue;
      }
      if (text[at] === "}") return void at++;
      fail(`A comma or } is expected, and ${found()} here`);
    }
  };
  const array = (deep: number): void => {
    at++;
    space();
    if (text[at] === "]") return void at++;
    for (;;) {
      value(deep + 1);
      space();
      if (text[at] === ",") {
        at++;
        continue;
      }
      if (text[at] === "]") return void at++;
      fail(`A comma or ] is expected, and ${found()} here`);
    }
  };
  try {
    value(0);
    space();
    if (at < text.length) fail("Something stands after the end");
    return null;
  } catch (error) {
    if (!(error instanceof Wrong)) throw error;
    const before = text.slice(0, error.at).split("\n");
    return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, what: error.what };
  }
}

export type Path = readonly string[];

export function get(body: Json | undefined, path: Path): Json | undefined {
  let value: Json | undefined = body;
  for (const key of path) {
    if (!isObject(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

/** The same body with one value changed; every other field stays where it stands. `undefined` takes the field away. */
export function set(body: Body, path: Path, value: Json | undefined): Body {
  const [key, ...rest] = path;
  if (key === undefined) return body;
  if (rest.length > 0) {
    const inner = body[key];
    if (value === undefined && !isObject(inner)) return body;
    return with_(body, key, set(isObject(inner) ? inner : {}, rest, value));
  }
  if (value !== undefined) return with_(body, key, value);
  const { [key]: _, ...others } = body;
  return others;
}

/** A field named `__proto__` is a field like any other. */
function with_(body: Body, key: string, value: Json): Body {
  const entries = Object.entries(body);
  const at = entries.findIndex(([name]) => name === key);
  if (at >= 0) entries[at] = [key, value];
  else entries.push([key, value]);
  return Object.fromEntries(entries);
}

export const same = (a: Json | undefined, b: Json | undefined) => JSON.stringify(a) === JSON.stringify(b);

/** Says nothing: absent, null, or empty. */
export const says = (value: Json | undefined): boolean =>
  value !== undefined &&
  value !== null &&
  value !== "" &&
  !(Array.isArray(value) && value.length === 0) &&
  !(isObject(value) && Object.entries(value).every(([key, inner]) => key.startsWith("@odata.") || !says(inner)));
