import type { Contribution } from "../api/types";

/** The rows of a waterfall: from expected, slice by slice, to actual. They sum exactly. */

export interface Step {
  kind: "expected" | "slice" | "others" | "rest" | "actual";
  contribution?: Contribution;
  count?: number;
  value: number;
  share: number | null;
  from: number;
  to: number;
}

interface Ask {
  expected: number;
  actual: number;
  contributions: Contribution[];
  most: number;
}

/** Shares of a total near zero say nothing: slices that cancel each other would each be hundreds of percent. */
export function sharesMean(contributions: Contribution[]): boolean {
  const total = contributions.reduce((sum, one) => sum + one.value, 0);
  const moved = contributions.reduce((sum, one) => sum + Math.abs(one.value), 0);
  return moved > 0 && Math.abs(total) >= moved / 3;
}

export function waterfallSteps({ expected, actual, contributions, most }: Ask): Step[] {
  const slices = contributions.filter((one) => one.slice !== null).toSorted((a, b) => Math.abs(b.value) - Math.abs(a.value));
  const rest = contributions.filter((one) => one.slice === null);
  const shown = slices.length <= most + 1 ? slices : slices.slice(0, most);
  const others = slices.slice(shown.length);
  const total = actual - expected;
  const meant = sharesMean(contributions);
  const share = (value: number) => (meant && total !== 0 ? value / total : null);
  const sum = (list: Contribution[]) => list.reduce((all, one) => all + one.value, 0);

  const steps: Step[] = [{ kind: "expected", value: expected, share: null, from: 0, to: expected }];
  let level = expected;
  const add = (kind: Step["kind"], value: number, extra: Partial<Step> = {}) => {
    steps.push({ kind, value, share: share(value), from: level, to: level + value, ...extra });
    level += value;
  };
  for (const one of shown) add("slice", one.value, { contribution: one });
  if (others.length > 0) add("others", sum(others), { count: others.length });
  for (const one of rest) add("rest", one.value, { contribution: one });
  steps.push({ kind: "actual", value: actual, share: null, from: 0, to: actual });
  return steps;
}

/** The drawn interval: around all levels, cut at the bottom; the axis prints its ends. */
export function waterfallRange(steps: Step[]): [number, number] {
  const levels = steps.flatMap((step) => (step.from === 0 ? [step.to] : [step.from, step.to]));
  const low = Math.min(...levels);
  const high = Math.max(...levels);
  const room = (high - low || Math.abs(high) || 1) * 0.12;
  return [low >= 0 ? Math.max(0, low - room) : low - room, high + room / 4];
}
