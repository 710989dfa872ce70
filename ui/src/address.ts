// Reading and changing the window's address: where it is, the page's filters, going elsewhere.
import { useLocation, useParams, useRouter } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";

export type Search = Record<string, string>;

/** Goes to an address of the app, as the shell, an alert or a search hit names it: "/alerts/3?state=open". */
export function useGo(): (address: string, how?: { replace?: boolean }) => void {
  const { history } = useRouter();
  return useCallback(
    (address, how) => {
      const inside = address.startsWith("/") ? address : `/${address}`;
      if (how?.replace) history.replace(inside);
      else history.push(inside);
    },
    [history],
  );
}

/** To where the window was before. */
export function useBack(): () => void {
  const { history } = useRouter();
  return useCallback(() => history.back(), [history]);
}

/** Where the window is: path, search words and the tenant that is open, if one is. */
export function useWhere(): { path: string; search: Search; tenant: string | null } {
  const location = useLocation();
  return useMemo(() => {
    const tenant = /^\/tenants\/([^/]+)/.exec(location.pathname)?.[1];
    return {
      path: location.pathname,
      search: location.search as Search,
      tenant: tenant ? decodeURIComponent(tenant) : null,
    };
  }, [location]);
}

/** The page's filters, kept in its address. A patch with undefined or "" removes; replaced, not pushed, while somebody types. */
export function useFilters(): [
  Search,
  (patch: Record<string, string | undefined>, how?: { replace?: boolean }) => void,
] {
  const { path, search } = useWhere();
  const { history } = useRouter();
  const set = useCallback(
    (patch: Record<string, string | undefined>, how?: { replace?: boolean }) => {
      const words = new URLSearchParams();
      for (const [key, value] of Object.entries({ ...search, ...patch })) if (value) words.set(key, value);
      const text = words.toString();
      const address = `${path}${text ? `?${text}` : ""}`;
      if (how?.replace ?? true) history.replace(address);
      else history.push(address);
    },
    [path, search, history],
  );
  return [search, set];
}

/** A piece of an address that may hold any character. */
export const part = (text: string) => encodeURIComponent(text);

/** A path parameter; the route's own pattern guarantees that it is there. */
export function useParam(name: "tenant" | "user" | "policy" | "id"): string {
  const params: Record<string, string | undefined> = useParams({ strict: false });
  return params[name] ?? "";
}
