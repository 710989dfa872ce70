// The one thing that the two sides of the editor write: the body. While the JSON is typed its text is kept as typed; a text that cannot be
// read changes nothing but is not lost.
import { useMemo, useState } from "react";
import { type Body, type Mistake, parseBody, print } from "./json-body";

export interface Held {
  body: Body;
  text: string;
  mistake: Mistake | null;
  /** From the words: the JSON is printed anew. */
  edit: (step: (body: Body) => Body) => void;
  /** From the JSON. */
  type: (text: string) => void;
  /** Back to the last JSON that could be read. */
  goBack: () => void;
}

export function useBody(first: Body): Held {
  const [body, setBody] = useState(first);
  const [typed, setTyped] = useState<string | null>(null);
  const mistake = useMemo(() => (typed === null ? null : (parseBody(typed).mistake ?? null)), [typed]);
  return {
    body,
    text: typed ?? print(body),
    mistake,
    edit: (step) => {
      setTyped(null);
      setBody(step);
    },
    type: (text) => {
      setTyped(text);
      const read = parseBody(text);
      if (read.body) setBody(read.body);
    },
    goBack: () => setTyped(null),
  };
}
