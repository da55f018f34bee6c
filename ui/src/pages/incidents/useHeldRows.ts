import { useState } from "react";
import type { IncidentRow } from "../../api/types";

/** Keeps the order on the page still while rows change: known rows update in place, new ones wait to be let in. */
export function useHeldRows(rows: IncidentRow[], filter: string) {
  const now = { filter, ids: rows.map((row) => row.id) };
  const [held, setHeld] = useState(now);
  if (held.filter !== filter) setHeld(now); // another question: its answer is shown whole
  const byId = new Map(rows.map((row) => [row.id, row]));
  const shown = held.ids.flatMap((id) => byId.get(id) ?? []);
  return { shown, waiting: rows.length - shown.length, letIn: () => setHeld(now) };
}
