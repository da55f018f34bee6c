import type { Contribution } from "../api/types";
import { formatDifference, formatShare, formatValue } from "../i18n/numbers";
import { useWords } from "../i18n/useWords";
import { sharesMean, waterfallRange, waterfallSteps, type Step } from "./waterfall";
import "./charts.css";

interface WaterfallProps {
  expected: number;
  actual: number;
  unit: string;
  contributions: Contribution[];
  goodUp: boolean | null;
}

function barColour(step: Step, goodUp: boolean | null): string {
  if (step.kind === "expected" || step.kind === "actual") return "var(--bar)";
  if (goodUp === null) return "var(--expected)";
  if (step.value > 0 === goodUp) return "var(--good2)";
  return "var(--bad-fill)";
}

/** A real table with bars: what each slice added to the change. It sums exactly, and says so. */
export function Waterfall({ expected, actual, unit, contributions, goodUp }: WaterfallProps) {
  const { t, slice } = useWords();
  const steps = waterfallSteps({ expected, actual, contributions, most: 6 });
  const [low, high] = waterfallRange(steps);
  const x = (value: number) => Math.min(100, Math.max(0, ((value - low) / (high - low)) * 100));
  const shares = sharesMean(contributions);
  const name = (step: Step) => {
    if (step.kind === "slice") return slice(step.contribution?.slice);
    return t(`waterfall.${step.kind}`, { count: step.count ?? 0 });
  };
  return (
    <div className="scroll-x">
      <table className="plain waterfall">
        <thead>
          <tr>
            <th scope="col">{t("waterfall.slice")}</th>
            <th scope="col" className="bar-cell" aria-label={t("waterfall.axis", { low: formatValue(low, unit), high: formatValue(high, unit) })}>
              <span className="axis">
                <span>{formatValue(low, unit)}</span>
                <span>{formatValue(high, unit)}</span>
              </span>
            </th>
            <th scope="col" className="right">{t(unit === "ratio" ? "waterfall.effect_pp" : "waterfall.effect")}</th>
            {shares && <th scope="col" className="right">{t("waterfall.share")}</th>}
            <th scope="col" className="desktop-only">{t("waterfall.own")}</th>
          </tr>
        </thead>
        <tbody>
          {steps.map((step, index) => {
            const total = step.kind === "expected" || step.kind === "actual";
            const [from, to] = [x(step.from === 0 && total ? low : step.from), x(step.to)];
            return (
              <tr key={index} className={total ? "total" : ""}>
                <th scope="row" className="waterfall-name">
                  {name(step)}
                </th>
                <td className="bar-cell">
                  <span
                    className="waterfall-bar"
                    style={{ left: `${Math.min(from, to)}%`, width: `${Math.abs(to - from)}%`, background: barColour(step, goodUp) }}
                  />
                  {index < steps.length - 1 && <span className="waterfall-link" style={{ left: `${to}%` }} />}
                </td>
                <td className={`right nowrap ${effectTone(step, goodUp)}`}>
                  {total ? formatValue(step.value, unit) : formatDifference(step.value, unit, unit === "ratio" ? 2 : undefined).replace(" pp", "")}
                </td>
                {shares && <td className="right mid">{total ? "" : formatShare(step.share)}</td>}
                <td className="mid desktop-only nowrap">{ownText(step)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );

  function ownText(step: Step): string {
    const one = step.contribution;
    if (step.kind === "actual") return t("waterfall.sum", { total: formatDifference(actual - expected, unit) });
    if (!one || one.expected === null || one.actual === null) return "";
    const digits = unit === "ratio" ? 1 : undefined;
    const own = `${formatValue(one.expected, unit, digits)} → ${formatValue(one.actual, unit, digits)}`;
    const mix = one.mix ?? 0;
    return Math.abs(mix) > 0.2 * Math.abs(one.value) ? `${own} · ${t("waterfall.mix", { mix: formatDifference(mix, unit) })}` : own;
  }
}

function effectTone(step: Step, goodUp: boolean | null): string {
  if (step.kind === "expected" || step.kind === "actual" || goodUp === null || step.value === 0) return "";
  return step.value > 0 === goodUp ? "good" : "bad";
}
