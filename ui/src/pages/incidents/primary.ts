import type { IncidentPage, TaskRow } from "../../api/types";
import type { Permission } from "../../components/useMay";

export type Button = "acknowledge" | "take" | "resolve" | "reopen" | "close" | "accept";
export type Primary = { kind: "task"; task: TaskRow } | { kind: "action"; action: Button } | null;

type May = (permission: Permission) => boolean;

const needed = { task: "task.do", approval: "approval.decide" } as const;
const order: Button[] = ["acknowledge", "take", "resolve", "close", "reopen", "accept"];

/** The one filled button: first answer for it, then do the step that waits, then say that it is done. */
export function primaryOf(incident: Pick<IncidentPage, "actions" | "tasks">, may: May): Primary {
  const can = (action: Button) => incident.actions.includes(action);
  if (can("acknowledge")) return { kind: "action", action: "acknowledge" };
  const task = incident.tasks.find((one) => one.state === "open" && one.kind in needed && may(needed[one.kind as keyof typeof needed]));
  if (task) return { kind: "task", task };
  const action = (["resolve", "close"] as const).find(can);
  return action ? { kind: "action", action } : null;
}

/** The other buttons, in the order in which one usually needs them. */
export function othersOf(incident: Pick<IncidentPage, "actions" | "tasks">, may: May): Button[] {
  const primary = primaryOf(incident, may);
  return order.filter(
    (action) => incident.actions.includes(action) && !(primary?.kind === "action" && primary.action === action),
  );
}
