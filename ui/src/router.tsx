import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from "@tanstack/react-router";
import { Problem } from "./api/client";
import * as queries from "./api/queries";
import { switchLanguage } from "./i18n";
import { setHomeZone } from "./i18n/times";
import { Shell } from "./layout/Shell";
import { NotFound, RouteFault } from "./layout/RouteFault";

export type Search = Record<string, string | undefined>;

interface Context {
  client: QueryClient;
}

const root = createRootRouteWithContext<Context>()({
  component: Outlet,
  validateSearch: (search: Record<string, unknown>): Search => search as Search,
  notFoundComponent: NotFound,
});

const login = createRoute({
  getParentRoute: () => root,
  path: "/login",
  component: lazyRouteComponent(() => import("./pages/login/LoginPage"), "LoginPage"),
});

const shell = createRoute({
  getParentRoute: () => root,
  id: "shell",
  component: Shell,
  errorComponent: RouteFault,
  async beforeLoad({ context, location }) {
    try {
      const me = await context.client.ensureQueryData(queries.session());
      setHomeZone(me.timezone);
      await switchLanguage(me.language);
    } catch (error) {
      if (error instanceof Problem && error.status === 401) {
        throw redirect({ to: "/login", search: { next: location.pathname === "/" ? undefined : location.href } });
      }
      throw error;
    }
  },
});

const under = <P extends string>(path: P, component: ReturnType<typeof lazyRouteComponent>) =>
  createRoute({ getParentRoute: () => shell, path, component, errorComponent: RouteFault });

const pages = [
  under("/", lazyRouteComponent(() => import("./pages/loop/LoopPage"), "LoopPage")),
  under("/tasks", lazyRouteComponent(() => import("./pages/tasks/TasksPage"), "TasksPage")),
  under("/tasks/$id", lazyRouteComponent(() => import("./pages/tasks/TaskPage"), "TaskPage")),
  under("/incidents", lazyRouteComponent(() => import("./pages/incidents/IncidentsPage"), "IncidentsPage")),
  under("/incidents/$id", lazyRouteComponent(() => import("./pages/incidents/IncidentPage"), "IncidentPage")),
  under("/metrics", lazyRouteComponent(() => import("./pages/metrics/MetricsPage"), "MetricsPage")),
  under("/metrics/new", lazyRouteComponent(() => import("./pages/editor/EditorPage"), "NewMetricPage")),
  under("/metrics/$name/edit", lazyRouteComponent(() => import("./pages/editor/EditorPage"), "EditMetricPage")),
  under("/metrics/$name", lazyRouteComponent(() => import("./pages/metrics/MetricPage"), "MetricPage")),
  under("/monitors", lazyRouteComponent(() => import("./pages/monitors/MonitorsPage"), "MonitorsPage")),
  under("/monitors/$name", lazyRouteComponent(() => import("./pages/monitors/MonitorPage"), "MonitorPage")),
  under("/runs", lazyRouteComponent(() => import("./pages/runs/RunsPage"), "RunsPage")),
  under("/proposals", lazyRouteComponent(() => import("./pages/proposals/ProposalsPage"), "ProposalsPage")),
  under("/proposals/$id", lazyRouteComponent(() => import("./pages/proposals/ProposalPage"), "ProposalPage")),
  under("/knowledge", lazyRouteComponent(() => import("./pages/knowledge/KnowledgePage"), "KnowledgePage")),
  under("/sources", lazyRouteComponent(() => import("./pages/sources/SourcesPage"), "SourcesPage")),
  under("/sources/$name", lazyRouteComponent(() => import("./pages/sources/SourcePage"), "SourcePage")),
  under("/setup", lazyRouteComponent(() => import("./pages/setup/SetupPage"), "SetupPage")),
  under("/people", lazyRouteComponent(() => import("./pages/people/PeoplePage"), "PeoplePage")),
  under("/audit", lazyRouteComponent(() => import("./pages/audit/AuditPage"), "AuditPage")),
  under("/settings", lazyRouteComponent(() => import("./pages/settings/SettingsPage"), "SettingsPage")),
] as const;

/** Filters in the address are written plainly: `?slice=carrier:AA,origin:EWR`, not as JSON. */
function stringifySearch(search: Record<string, unknown>): string {
  const pairs = Object.entries(search)
    .filter(([, value]) => value !== undefined && value !== "")
    .map(([key, value]) => `${key}=${encodeURIComponent(String(value)).replaceAll("%3A", ":").replaceAll("%2C", ",")}`);
  return pairs.length > 0 ? `?${pairs.join("&")}` : "";
}

export function makeRouter(client: QueryClient) {
  return createRouter({
    routeTree: root.addChildren([login, shell.addChildren(pages)]),
    context: { client },
    scrollRestoration: true,
    defaultPreload: "intent",
    parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
    stringifySearch,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
