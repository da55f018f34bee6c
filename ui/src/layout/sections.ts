import type { LoopOverview } from "../api/types";
import type { IconName } from "../components/Icon";

/** The parts of the navigation: address, icon, key after `g`, what is counted beside it. */
export interface Section {
  name: string;
  to: "/" | "/tasks" | "/incidents" | "/metrics" | "/monitors" | "/runs" | "/proposals" | "/knowledge" | "/sources" | "/people" | "/audit" | "/settings";
  icon: IconName;
  key?: string;
  manage?: boolean;
  count?: (loop: LoopOverview) => number;
  stuck?: (loop: LoopOverview) => number;
}

const station = (loop: LoopOverview, name: string) => loop.stations.find((row) => row.station === name);

export const sections: Section[] = [
  { name: "loop", to: "/", icon: "loop", key: "l" },
  { name: "tasks", to: "/tasks", icon: "task", key: "t", count: (loop) => loop.my_tasks.length },
  { name: "incidents", to: "/incidents", icon: "incident", key: "i", count: (loop) => loop.incidents_open },
  { name: "metrics", to: "/metrics", icon: "metric", key: "m", count: (loop) => loop.metrics_total },
  { name: "monitors", to: "/monitors", icon: "monitor" },
  { name: "runs", to: "/runs", icon: "playbook", stuck: (loop) => station(loop, "act")?.stuck ?? 0 },
  { name: "proposals", to: "/proposals", icon: "proposal", key: "p", count: (loop) => station(loop, "tune")?.count ?? 0 },
  { name: "knowledge", to: "/knowledge", icon: "knowledge" },
  { name: "sources", to: "/sources", icon: "source", manage: true, stuck: (loop) => station(loop, "collect")?.stuck ?? 0 },
  { name: "people", to: "/people", icon: "people", manage: true },
  { name: "audit", to: "/audit", icon: "audit", manage: true },
  { name: "settings", to: "/settings", icon: "settings", manage: true },
];
