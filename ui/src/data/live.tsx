// Turns the shell's events into cache changes, navigation and toasts. Mounted once, by the frame's parent.
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { commands, events } from "../bindings";
import { ask } from "./ipc";
import { FLEET, keys } from "./queries";
import { bumpRevision } from "./revisions";

/** A syncing fleet reports many changes a second; the screen follows at most about three times a second. */
const GATHER_MS = 300;

export function invalidateScopes(client: QueryClient, scopes: ReadonlySet<string | null>) {
  void client.invalidateQueries({
    predicate: ({ queryKey: [scope, kind] }) =>
      kind !== "list" &&
      scope !== "sync" &&
      (scopes.has(null) || scope === FLEET || (typeof scope === "string" && scopes.has(scope))),
  });
  if (scopes.has(null)) bumpRevision(null);
  else for (const scope of scopes) bumpRevision(scope);
}

export function useLiveEvents(openRoute: (route: string) => void, say: (title: string, body: string) => void) {
  const client = useQueryClient();
  useEffect(() => {
    let closed = false;
    const stops: (() => void)[] = [];
    const keep = (stop: Promise<() => void>) =>
      stop.then(
        (unlisten) => (closed ? unlisten() : stops.push(unlisten)),
        () => undefined,
      );
    let gathered = new Set<string | null>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const flush = () => {
      timer = undefined;
      invalidateScopes(client, gathered);
      gathered = new Set();
    };
    keep(
      events.dataChanged.listen(({ payload }) => {
        gathered.add(payload.tenant);
        timer ??= setTimeout(flush, GATHER_MS);
      }),
    );
    keep(
      events.syncChanged.listen(({ payload }) => {
        // An answer that is still on its way is older than the event.
        void client.cancelQueries({ queryKey: keys.sync });
        client.setQueryData(keys.sync, payload);
      }),
    );
    keep(
      events.openRoute.listen(({ payload }) => {
        openRoute(payload.route);
        // The same address also waits in the shell for a window that was not listening yet.
        void commands.takePendingRoute();
      }),
    );
    keep(events.toast.listen(({ payload }) => say(payload.title, payload.body)));
    ask(commands.takePendingRoute()).then(
      (route) => route && !closed && openRoute(route),
      () => undefined,
    );
    return () => {
      closed = true;
      clearTimeout(timer);
      for (const stop of stops) stop();
    };
  }, [client, openRoute, say]);
}
