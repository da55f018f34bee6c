import { useNavigate, useSearch } from "@tanstack/react-router";
import type { Search } from "../router";

/** Filters, range, slice and tab live in the address, so that a link shows the same thing. */
export function useQueryState(): [Search, (change: Search) => void] {
  const search = useSearch({ strict: false }) as Search;
  const navigate = useNavigate();
  const set = (change: Search) =>
    void navigate({
      to: ".",
      search: (before: Search) => ({ ...before, ...change }),
      replace: true,
      resetScroll: false,
    } as Parameters<typeof navigate>[0]);
  return [search, set];
}
