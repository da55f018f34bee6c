import type { ProposalPage } from "../../api/types";
import { Mark } from "../../charts/Mark";
import { Card } from "../../components/Card";
import { Icon } from "../../components/Icon";
import { formatCount } from "../../i18n/numbers";
import { dayText } from "../../i18n/times";
import { useWords } from "../../i18n/useWords";

type Line = { name: string; mark?: "caught" | "false" | "missed"; before: number; after: number; lessIsBetter: boolean | null };

/** What both versions would have done over the same labelled history. */
export function BacktestTable({ proposal }: { proposal: ProposalPage }) {
  const { t } = useWords();
  const { before, after } = proposal;
  const lines: Line[] = [
    { name: "caught", mark: "caught", before: before.caught, after: after.caught, lessIsBetter: false },
    { name: "missed", mark: "missed", before: before.missed, after: after.missed, lessIsBetter: true },
    { name: "false", mark: "false", before: before.false, after: after.false, lessIsBetter: true },
    { name: "alarms", before: before.alarms, after: after.alarms, lessIsBetter: null },
    { name: "alarms_per_week", before: before.alarms_per_week, after: after.alarms_per_week, lessIsBetter: null },
  ];
  return (
    <Card title={t("backtest.title")} note={t("backtest.period", { from: dayText(proposal.start), to: dayText(proposal.end) })} flush>
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">{t("backtest.what")}</span>
            </th>
            <th scope="col" className="right">{t("backtest.now", { version: proposal.monitor_version })}</th>
            <th scope="col" className="right">{t("backtest.proposed", { version: proposal.new_version ?? proposal.monitor_version + 1 })}</th>
            <th scope="col">{t("backtest.change")}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.name}>
              <th scope="row" className="backtest-name">
                <span className="row">
                  <span className="backtest-mark">{line.mark && <Mark kind={line.mark} />}</span>
                  {t(`backtest.${line.name}`)}
                </span>
              </th>
              <td className="right">{formatCount(line.before)}</td>
              <td className="right strong">{formatCount(line.after)}</td>
              <td>
                <Change line={line} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}

function Change({ line }: { line: Line }) {
  const { t } = useWords();
  const change = line.after - line.before;
  if (Math.abs(change) < 1e-9) return <span className="dim">{t("backtest.same")}</span>;
  const text = t(change < 0 ? "backtest.fewer" : "backtest.more", { n: formatCount(Math.abs(change)) });
  if (line.lessIsBetter === null) return <span className="mid">{text}</span>;
  const better = change < 0 === line.lessIsBetter;
  return (
    <span className={`row nowrap ${better ? "good" : "bad"}`} style={{ gap: 5 }}>
      <Icon name={better ? "check" : "alert"} size={14} />
      {text}
    </span>
  );
}
