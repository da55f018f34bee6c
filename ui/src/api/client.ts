import createClient, { type Middleware } from "openapi-fetch";
import type { paths } from "./schema";

/** An RFC 9457 problem, thrown by every call that did not succeed. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly detail: string,
    readonly fix: string | null,
  ) {
    super(detail || title);
  }
}

interface ProblemBody {
  code?: string;
  title?: string;
  detail?: unknown;
  fix?: string | null;
}

async function toProblem(response: Response): Promise<Problem> {
  const body = (await response.json().catch(() => ({}))) as ProblemBody;
  const detail = typeof body.detail === "string" ? body.detail : JSON.stringify(body.detail ?? "");
  return new Problem(
    response.status,
    body.code ?? `http_${response.status}`,
    body.title ?? response.statusText,
    detail === '""' ? "" : detail,
    body.fix ?? null,
  );
}

const door: Middleware = {
  onRequest({ request }) {
    // A foreign page cannot set this header, so a request that carries it was made by ours.
    request.headers.set("X-Metricloop", "1");
    return request;
  },
  async onResponse({ response, request }) {
    if (response.ok) return undefined;
    const problem = await toProblem(response);
    if (problem.status === 401 && !new URL(request.url).pathname.includes("/session")) {
      window.dispatchEvent(new Event("metricloop:logged-out"));
    }
    throw problem;
  },
  onError({ error }) {
    if (error instanceof Problem) return error;
    return new Problem(0, "unreachable", "", error instanceof Error ? error.message : "", null);
  },
};

export const api = createClient<paths>({
  baseUrl: window.location.origin,
  // openapi-fetch keeps the fetch it sees at creation; asking each time lets tests put in their own.
  fetch: (request) => fetch(request),
});
api.use(door);

/** The data of an answer; middleware has already thrown where there is none. */
export async function data<T>(answer: Promise<{ data?: T }>): Promise<T> {
  return (await answer).data as T;
}
