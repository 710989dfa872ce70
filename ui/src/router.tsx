// The addresses. Hash history, because the page is served from a custom protocol where a reload knows only the first document; filters are
// plain search parameters, so an address can be read, kept and come back to.
import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  type RouterHistory,
} from "@tanstack/react-router";
import type { Search } from "./address";
import { NotFound, PageFailed } from "./components/page-problem";
import { PageSkeleton } from "./components/page-skeleton";
import { Frame } from "./frame/frame";

const root = createRootRoute({
  component: Frame,
  notFoundComponent: NotFound,
  validateSearch: (search: Record<string, unknown>): Search =>
    Object.fromEntries(
      Object.entries(search).flatMap(([key, value]) => (typeof value === "string" ? [[key, value]] : [])),
    ),
});
const page = <P extends string>(path: P, load: () => Promise<{ default: React.ComponentType }>) =>
  createRoute({ getParentRoute: () => root, path, component: lazyRouteComponent(load) });

const routes = [
  page("/", () => import("./pages/dashboard")),
  page("/mfa", () => import("./pages/mfa-fleet")),
  page("/alerts", () => import("./pages/alerts")),
  page("/alerts/$id", () => import("./pages/alert")),
  page("/tenants", () => import("./pages/tenants")),
  page("/tenants/$tenant", () => import("./pages/tenant")),
  page("/tenants/$tenant/sign-ins", () => import("./pages/sign-ins")),
  page("/tenants/$tenant/users", () => import("./pages/users")),
  page("/tenants/$tenant/users/$user", () => import("./pages/user")),
  page("/tenants/$tenant/mfa", () => import("./pages/mfa")),
  page("/tenants/$tenant/break-glass", () => import("./pages/break-glass")),
  page("/tenants/$tenant/policies", () => import("./pages/policies")),
  page("/tenants/$tenant/policies/$policy", () => import("./pages/policy")),
  page("/tenants/$tenant/drift", () => import("./pages/drift")),
  page("/tenants/$tenant/coverage", () => import("./pages/coverage")),
  page("/tenants/$tenant/what-if", () => import("./pages/what-if")),
  page("/tenants/$tenant/replay", () => import("./pages/replay")),
  page("/tenants/$tenant/time-bound-access", () => import("./pages/access")),
  page("/tenants/$tenant/time-bound-access/new", () => import("./pages/access-new")),
  page("/tenants/$tenant/exceptions", () => import("./pages/exceptions")),
  page("/tenants/$tenant/changes", () => import("./pages/changes")),
  page("/tenants/$tenant/changes/new", () => import("./pages/change-editor")),
  page("/changes", () => import("./pages/changes")),
  page("/changes/$id", () => import("./pages/change")),
  page("/changes/$id/edit", () => import("./pages/change-editor")),
  page("/baselines", () => import("./pages/baselines")),
  page("/baselines/$id", () => import("./pages/baseline")),
  page("/reports", () => import("./pages/reports")),
  page("/audit", () => import("./pages/audit")),
  page("/settings", () => import("./pages/settings")),
  page("/welcome", () => import("./pages/welcome")),
  page("/connect", () => import("./pages/connect")),
];

export function newRouter(history: RouterHistory = createHashHistory()) {
  return createRouter({
    routeTree: root.addChildren(routes),
    history,
    parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
    stringifySearch: (search) => {
      const words = new URLSearchParams();
      for (const [key, value] of Object.entries(search)) {
        if (typeof value === "string" && value !== "") words.set(key, value);
      }
      const text = words.toString();
      return text ? `?${text}` : "";
    },
    defaultPendingComponent: PageSkeleton,
    defaultPendingMs: 150,
    defaultErrorComponent: PageFailed,
    scrollRestoration: false,
    defaultPreload: "intent",
  });
}
