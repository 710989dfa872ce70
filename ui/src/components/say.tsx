// Short news at the foot of the window: what was done, or what could not be done and what to do next. Read aloud by Fluent's live region.
import {
  Link,
  ProgressBar,
  Toast,
  ToastBody,
  Toaster,
  ToastFooter,
  ToastTitle,
  useId,
  useToastController,
} from "@fluentui/react-components";
import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef } from "react";
import { problemOf } from "../data/ipc";
import { LATE_MS } from "./late-progress";
import { CopyButton, problemDetails } from "./problem-view";
import { sentence } from "./words";

export interface SayMore {
  body?: string | undefined;
  intent?: "success" | "info" | "warning" | "error";
  action?: { label: string; run: () => void };
}

interface Say {
  (title: string, more?: SayMore): void;
  failed: (error: unknown) => void;
  /** Shows that it is at work, from about a second on, until it has ended. */
  during: <T>(title: string, work: Promise<T>) => Promise<T>;
}

const SayContext = createContext<Say>(
  Object.assign(() => undefined, { failed: () => undefined, during: <T,>(_: string, work: Promise<T>) => work }),
);

export const useSay = () => useContext(SayContext);

export function SayRoom({ children }: { children: ReactNode }) {
  const toaster = useId("toaster");
  const { dispatchToast, dismissToast } = useToastController(toaster);
  const tell = useCallback(
    (title: string, more: SayMore = {}) =>
      dispatchToast(
        <Toast>
          <ToastTitle>{title}</ToastTitle>
          {more.body && <ToastBody>{more.body}</ToastBody>}
          {more.action && (
            <ToastFooter>
              <Link onClick={more.action.run}>{more.action.label}</Link>
            </ToastFooter>
          )}
        </Toast>,
        { intent: more.intent ?? "success", timeout: more.action ? 10_000 : 6000, pauseOnHover: true },
      ),
    [dispatchToast],
  );
  const failed = useCallback(
    (error: unknown) => {
      const problem = problemOf(error);
      dispatchToast(
        <Toast>
          <ToastTitle>{sentence(problem.what)}</ToastTitle>
          <ToastBody>{sentence(problem.nextStep)}</ToastBody>
          <ToastFooter>
            <CopyButton text={problemDetails(problem)} label="Copy details" />
          </ToastFooter>
        </Toast>,
        { intent: "error", timeout: 15_000, pauseOnHover: true },
      );
    },
    [dispatchToast],
  );
  const works = useRef(0);
  const during = useCallback(
    async <T,>(title: string, work: Promise<T>): Promise<T> => {
      works.current += 1;
      const toastId = `${toaster} work ${works.current}`;
      const late = setTimeout(
        () =>
          dispatchToast(
            <Toast>
              <ToastTitle>{title}</ToastTitle>
              <ToastBody>
                <ProgressBar aria-label={title} />
              </ToastBody>
            </Toast>,
            { toastId, intent: "info", timeout: -1 },
          ),
        LATE_MS,
      );
      try {
        return await work;
      } finally {
        clearTimeout(late);
        dismissToast(toastId);
      }
    },
    [toaster, dispatchToast, dismissToast],
  );
  const say = useMemo<Say>(() => Object.assign(tell.bind(null), { failed, during }), [tell, failed, during]);
  return (
    <SayContext value={say}>
      {children}
      <Toaster toasterId={toaster} position="bottom-end" limit={4} />
    </SayContext>
  );
}
