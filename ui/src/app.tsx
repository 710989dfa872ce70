// The window: theme, cache, toasts and router around the frame. A store that cannot be opened stands instead of everything else.
import { FluentProvider } from "@fluentui/react-components";
import { type QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type RouterHistory, RouterProvider } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import { ConsentRoom } from "./components/consent-room";
import { SayRoom, useSay } from "./components/say";
import { problemOf } from "./data/ipc";
import { useLiveEvents } from "./data/live";
import { newQueryClient, useAppStatus } from "./data/queries";
import { StoreProblem } from "./frame/store-problem";
import { newRouter } from "./router";
import { fluentTheme, useLook } from "./theme";

export function App({ client, history }: { client?: QueryClient; history?: RouterHistory }) {
  const [queries] = useState(() => client ?? newQueryClient());
  return (
    <QueryClientProvider client={queries}>
      <Window {...(history ? { history } : {})} />
    </QueryClientProvider>
  );
}

function Window({ history }: { history?: RouterHistory }) {
  const status = useAppStatus();
  const look = useLook(status.data?.theme ?? "system");
  const problem = status.data?.problem ?? (status.error ? problemOf(status.error) : null);
  return (
    <FluentProvider theme={fluentTheme[look]} style={{ height: "100%" }} data-look={look}>
      {problem ? (
        <StoreProblem problem={problem} retry={() => void status.refetch()} />
      ) : (
        status.data && (
          <SayRoom>
            <ConsentRoom>
              <Routed {...(history ? { history } : {})} />
            </ConsentRoom>
          </SayRoom>
        )
      )}
    </FluentProvider>
  );
}

function Routed({ history }: { history?: RouterHistory }) {
  const [router] = useState(() => newRouter(history));
  const say = useSay();
  const openRoute = useCallback(
    (route: string) => router.history.push(route.startsWith("/") ? route : `/${route}`),
    [router],
  );
  const tell = useCallback((title: string, body: string) => say(title, { body, intent: "info" }), [say]);
  useLiveEvents(openRoute, tell);
  return <RouterProvider router={router} />;
}
