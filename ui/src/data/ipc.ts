// The one way from the window to the shell: unwraps an answer of `bindings.ts` into data or a thrown Problem. No command is named here.
import type { Problem } from "../bindings";

type Answer<T> = { status: "ok"; data: T } | { status: "error"; error: Problem };

/** A Problem on its way through code that knows errors only as something thrown. */
export class ProblemError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.what);
    this.name = "ProblemError";
  }
}

export function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  if (isProblem(error)) return error;
  return {
    code: "window.unexpected",
    what: "Something unexpected happened in the window",
    nextStep: "Try again; if it happens again, copy the details for support.",
    details: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
  };
}

function isProblem(value: unknown): value is Problem {
  return typeof value === "object" && value !== null && "code" in value && "what" in value && "nextStep" in value;
}

/** Data, or a ProblemError. */
export async function ask<T>(answer: Promise<Answer<T>>): Promise<T> {
  let got: Answer<T>;
  try {
    got = await answer;
  } catch (error) {
    throw new ProblemError(problemOf(error));
  }
  if (got.status === "ok") return got.data;
  throw new ProblemError(problemOf(got.error));
}
