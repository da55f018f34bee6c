import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from "@tanstack/react-router";
import { render, type RenderResult } from "@testing-library/react";
import type { ReactNode } from "react";
import { i18next } from "../i18n";
import { ThemeProvider } from "../theme/ThemeProvider";

export interface Asked {
  method: string;
  path: string;
  body: unknown;
}

/** Puts a component into everything that stands around it, over a server that gives these answers. */
export async function renderOver(answers: Record<string, unknown>, ui: ReactNode): Promise<{ view: RenderResult; asked: Asked[] }> {
  const asked: Asked[] = [];
  globalThis.fetch = (async (request: Request) => {
    const path = new URL(request.url).pathname.replace("/api/v1", "");
    const body: unknown = request.method === "GET" ? null : await request.json().catch(() => null);
    asked.push({ method: request.method, path, body });
    const key = `${request.method} ${path}`;
    if (key in answers) return Response.json(answers[key]);
    return Response.json({ code: "not_found", title: "Not found", detail: `nothing at ${key}` }, { status: 404 });
  }) as typeof fetch;
  await i18next.changeLanguage("en");
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const root = createRootRoute({ component: () => ui });
  const router = createRouter({ routeTree: root, history: createMemoryHistory({ initialEntries: ["/"] }) });
  const view = render(
    <QueryClientProvider client={client}>
      <ThemeProvider>
        <RouterProvider router={router as never} />
      </ThemeProvider>
    </QueryClientProvider>,
  );
  return { view, asked };
}
