import { useQuery } from "@tanstack/react-query";
import * as queries from "../api/queries";

export type Permission =
  | "task.do"
  | "approval.decide"
  | "run.control"
  | "review.write"
  | "proposal.decide"
  | "site.mode"
  | "definition.edit"
  | "definition.publish";

/** What this person may do; the server decides anyway, this only spares clicks that it would refuse. */
export function useMay(): (permission: Permission) => boolean {
  const { data: me } = useQuery(queries.session());
  return (permission) => me?.permissions.includes(permission) ?? false;
}
