import type { LocalText, RunRow } from "../../api/types";

export interface Column {
  name: string;
  /** How many runs stand at this step now. */
  here: number;
  late: boolean;
}

const isOver = (run: RunRow) => ["succeeded", "cancelled"].includes(run.status);
const isLate = (run: RunRow) => !isOver(run) && run.target_s !== null && run.age_s > run.target_s;
const over = (run: RunRow) => (run.target_s ? run.age_s / run.target_s : 0);

/** Failed first, then the one furthest past its target, then those that wait; finished runs last. */
export function worstFirst(a: RunRow, b: RunRow): number {
  const rank = (run: RunRow) => (isOver(run) ? 0 : run.status === "failed" || run.status === "paused" ? 3 : isLate(run) ? 2 : 1);
  return rank(b) - rank(a) || over(b) - over(a);
}

/** The steps of all playbooks by name, in the order in which they first occur. */
export function columnsOf(runs: RunRow[], local: (text: LocalText) => string): Column[] {
  const names = [...new Set(runs.flatMap((run) => run.steps.map((step) => local(step.title))))];
  return names.map((name) => {
    const here = runs.filter((run) => !isOver(run) && run.steps.some((step) => step.id === run.step && local(step.title) === name));
    return { name, here: here.length, late: here.some(isLate) };
  });
}
