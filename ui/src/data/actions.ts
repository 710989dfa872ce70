// What the pages do, with what it makes stale and what is said about it afterwards. One hook an intention.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { commands, type Settings } from "../bindings";
import { useSay } from "../components/say";
import { counted } from "../components/words";
import { ask } from "./ipc";
import { invalidateScopes } from "./live";
import { FLEET, keys } from "./queries";

/** A mutation whose failure is told, and after which the scopes it touches are read again (null: everything). */
export function useDoing<A, R>(
  run: (input: A) => Promise<R>,
  scopes: (input: A) => (string | null)[],
  done?: (result: R, input: A) => void,
  /** Not told: whoever asks shows the failure itself, beside the fields that caused it. */
  { told = true }: { told?: boolean } = {},
) {
  const client = useQueryClient();
  const say = useSay();
  return useMutation({
    mutationFn: run,
    onSuccess: (result, input) => {
      invalidateScopes(client, new Set(scopes(input)));
      done?.(result, input);
    },
    onError: (error) => {
      if (told) say.failed(error);
    },
  });
}

/** Resyncs tenants; an empty list is the whole fleet. */
export function useResync() {
  const say = useSay();
  return useDoing(
    ({ tenants, full = false }: { tenants: string[]; full?: boolean; name?: string }) =>
      ask(commands.syncStart(tenants, full)),
    () => [],
    (_, { tenants, name }) => {
      if (tenants.length === 0) say("Resync of all tenants has started", { intent: "info" });
      else say(name ? `Resync of ${name} has started` : "Resync has started", { intent: "info" });
    },
  );
}

export function useSaveSettings() {
  const client = useQueryClient();
  return useDoing(
    (settings: Settings) => ask(commands.settingsSet(settings)),
    () => [],
    (saved) => {
      client.setQueryData(keys.settings, saved);
      void client.invalidateQueries({ queryKey: keys.status });
    },
  );
}

/** Asks where to save, writes there, and says so with a way to the file. `write` answers how many rows, or the path. */
export function useExport() {
  const client = useQueryClient();
  const say = useSay();
  return useCallback(
    async (
      what: { title: string; suggestedName: string; extensions: string[]; unit?: readonly [string, string] },
      write: (path: string) => Promise<number | string>,
    ) => {
      try {
        const path = await ask(commands.chooseFile(what.suggestedName, what.title, what.extensions, false));
        if (path === null) return;
        const written = await say.during(`Writing ${path.split(/[\\/]/).pop()}`, write(path));
        // The audit log has a row more.
        invalidateScopes(client, new Set([FLEET]));
        const title =
          typeof written === "number"
            ? `Exported ${counted(written, ...(what.unit ?? ["row", "rows"]))}`
            : "The file is written";
        say(title, {
          body: path,
          action: { label: "Show in folder", run: () => void ask(commands.reveal(path)).catch(say.failed) },
        });
      } catch (error) {
        say.failed(error);
      }
    },
    [client, say],
  );
}

/** *Export* of a list: exactly what it shows, to CSV or JSON. `of` makes the file's name; a list that
 * the window orders itself hands over its rows. */
export function useListExport<T = void>(
  list: { title: string; of: readonly string[]; unit: readonly [string, string] },
  write: (path: string, rows: T) => Promise<number>,
) {
  const exportTo = useExport();
  const { title, of, unit } = list;
  const what = { title, unit, suggestedName: `${fileName(...of)}.csv`, extensions: ["csv", "json"] };
  return (rows: T) => void exportTo(what, (path) => write(path, rows));
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is taken out
const NOT_IN_A_FILE_NAME = /[\u0000-\u001f\u007f<>:"/\\|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** A name that any file system takes, from a name that anybody may have chosen. */
export function fileName(...parts: string[]): string {
  return parts
    .map((text) => text.replace(NOT_IN_A_FILE_NAME, "").trim().slice(0, 60))
    .filter(Boolean)
    .join(" - ");
}

export function useOpenExternal() {
  const say = useSay();
  return useCallback((url: string) => void ask(commands.openExternal(url)).catch(say.failed), [say]);
}
