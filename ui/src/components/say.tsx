// Short news at the foot of the window: what was done, or what could not be done and what to do next. Read aloud by Fluent's live region.
import {
  Link,
  Toast,
  ToastBody,
  Toaster,
  ToastFooter,
  ToastTitle,
  useId,
  useToastController,
} from "@fluentui/react-components";
import { createContext, type ReactNode, useCallback, useContext, useMemo } from "react";
import { problemOf } from "../data/ipc";
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
}

const SayContext = createContext<Say>(Object.assign(() => undefined, { failed: () => undefined }));

export const useSay = () => useContext(SayContext);

export function SayRoom({ children }: { children: ReactNode }) {
  const toaster = useId("toaster");
  const { dispatchToast } = useToastController(toaster);
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
  const say = useMemo<Say>(() => Object.assign(tell.bind(null), { failed }), [tell, failed]);
  return (
    <SayContext value={say}>
      {children}
      <Toaster toasterId={toaster} position="bottom-end" limit={4} />
    </SayContext>
  );
}
