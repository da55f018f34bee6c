import { useEffect, useState } from "react";
import type { IncidentRow } from "../../api/types";

/** Keeps the order on the page still while rows change: known rows update in place, new ones wait to be let in. */
export function useHeldRows(rows: IncidentRow[], filter: string) {
  const [held, setHeld] = useState({ filter, ids: rows.map((row) => row.id) });
  useEffect(() => {
    if (held.filter !== filter) setHeld({ filter, ids: rows.map((row) => row.id) });
  }, [filter, held.filter, rows]);
  const ids = held.filter === filter ? held.ids : rows.map((row) => row.id);
  const byId = new Map(rows.map((row) => [row.id, row]));
  const shown = ids.flatMap((id) => byId.get(id) ?? []);
  return {
    shown,
    waiting: rows.length - shown.length,
    letIn: () => setHeld({ filter, ids: rows.map((row) => row.id) }),
  };
}
