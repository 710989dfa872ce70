// What the exceptions register reads and does, one hook a command. Keys begin with the tenant, or with "fleet", as all do.
import { useQuery } from "@tanstack/react-query";
import {
  commands,
  type ExceptionDeed,
  type ExceptionDetail,
  type ExceptionInput,
  type ExceptionsPage,
  type ReturnInput,
} from "../bindings";
import { useSay } from "../components/say";
import { counted } from "../components/words";
import { useDoing } from "./actions";
import { ask } from "./ipc";
import { FLEET } from "./queries";

export const useExceptions = (tenant: string) =>
  useQuery({
    queryKey: [tenant, "exceptions"],
    queryFn: (): Promise<ExceptionsPage> => ask(commands.exceptionsPage(tenant)),
  });
export type AskedExceptions = ReturnType<typeof useExceptions>;
export const useException = (id: number) =>
  useQuery({
    queryKey: [FLEET, "exception", id],
    queryFn: (): Promise<ExceptionDetail> => ask(commands.exceptionGet(id)),
  });

const everything = () => [null];

export interface Step {
  id: number;
  revision: number;
}

/** Writes one down, or writes it otherwise where `of` names one. */
export function useWriteException(of: Step | null, done: (made: ExceptionDetail) => void) {
  const say = useSay();
  return useDoing(
    (input: ExceptionInput) =>
      ask(of ? commands.exceptionEdit(of.id, of.revision, input) : commands.exceptionNew(input)),
    everything,
    (made) => {
      say(of ? `Exception ${made.row.id} is changed` : `Written down as exception ${made.row.id}`);
      done(made);
    },
  );
}

const done: Record<ExceptionDeed["deed"], string> = {
  send: "is sent for signature",
  review: "is reviewed",
  extend: "is extended",
  end: "has ended",
};

export function useExceptionDeed(close: () => void) {
  const say = useSay();
  return useDoing(
    ({ id, revision, deed }: Step & { deed: ExceptionDeed }) => ask(commands.exceptionAct(id, revision, deed)),
    everything,
    (made, { deed }) => {
      say(`Exception ${made.row.id} ${done[deed.deed]}`);
      close();
    },
  );
}

export function useRecordReturn(close: () => void) {
  const say = useSay();
  return useDoing(
    (input: ReturnInput) => ask(commands.exceptionsReturn(input)),
    everything,
    (made) => {
      say(`The return of ${counted(made.length, "exception")} is recorded`);
      close();
    },
  );
}

export function useAttach() {
  const say = useSay();
  return useDoing(
    async ({ id, revision }: Step) => {
      const path = await ask(commands.chooseFile("", "Attach a file", papers, true));
      return path === null ? null : ask(commands.exceptionAttach(id, revision, path));
    },
    everything,
    (made) => {
      if (made) say("The file is attached");
    },
  );
}

/** What a signed paper usually comes as; the dialog lets anything through that is named. */
export const papers = ["pdf", "png", "jpg", "jpeg", "tif", "tiff", "docx", "eml", "msg", "txt"];
