import { useMemo, useState } from "react";
import { Link } from "@tanstack/react-router";
import type { BacktestEvent, ProposalPage } from "../api/types";
import { Card } from "../components/Card";
import { useWords } from "../i18n/useWords";
import { useThemeName } from "../theme/preferences";
import { palettes } from "../theme/tokens";
import { backtestOption, markOf, type Side } from "./backtest";
import { ticks } from "./buckets";
import { EChart } from "./EChart";
import { Mark } from "./Mark";
import { useWidth } from "./SeriesChart";
import "./charts.css";

/** The same history under both versions, one above the other. */
export function BacktestCharts({ proposal }: { proposal: ProposalPage }) {
  const { t, slice } = useWords();
  const [event, setEvent] = useState<BacktestEvent | null>(null);
  const version = proposal.new_version ?? proposal.monitor_version + 1;
  return (
    <Card
      title={t("backtest.same_history")}
      note={`${proposal.metric} · ${slice(proposal.slice)} · ${t(`grain.${proposal.grain}`, { defaultValue: proposal.grain })}`}
      extra={
        <div className="legend small mid" aria-hidden="true">
          <span className="legend-line observed">{t("chart.actual")}</span>
          <span className="legend-band">{t("chart.band")}</span>
          {(["caught", "false", "missed"] as const).map((kind) => (
            <span key={kind} className="mark">
              <Mark kind={kind} /> {t(`mark.${kind}`)}
            </span>
          ))}
        </div>
      }
    >
      <Half proposal={proposal} side="before" title={t("backtest.now", { version: proposal.monitor_version })} onPick={setEvent} />
      <Half proposal={proposal} side="after" title={t("backtest.proposed", { version })} onPick={setEvent} />
      {event ? <Picked event={event} /> : <p className="small dim">{t("backtest.pick")}</p>}
      <EventTable proposal={proposal} />
    </Card>
  );
}

interface HalfProps {
  proposal: ProposalPage;
  side: Side;
  title: string;
  onPick: (event: BacktestEvent) => void;
}

function Half({ proposal, side, title, onPick }: HalfProps) {
  const { t } = useWords();
  const theme = useThemeName();
  const [box, width] = useWidth<HTMLDivElement>();
  const sums = proposal[side];
  const text = t("backtest.side", { caught: sums.caught, false: sums.false, missed: sums.missed });
  const option = useMemo(() => {
    const starts = proposal.points.map((point) => point.t);
    const labels = ticks(starts, proposal.grain, undefined, t, width - 60).map((tick) => tick?.text ?? null);
    return backtestOption({ proposal, side, palette: palettes[theme], labels });
  }, [proposal, side, theme, t, width]);
  return (
    <div ref={box}>
      <p className="list">
        <strong>{title}</strong> <span className="mid">{text}</span>
      </p>
      <EChart
        option={option}
        height={170}
        label={`${title}: ${text}`}
        onPick={(name, series) => {
          const event = proposal.events[Number(name)]; // a mark is named by its event's place in the list
          if (series === "marks" && event) onPick(event);
        }}
      />
    </div>
  );
}

function Picked({ event }: { event: BacktestEvent }) {
  const { t, slice, time } = useWords();
  return (
    <p className="small mid" role="status">
      {time(event.start)} – {time(event.end)} · {slice(event.slice)} · {t(`verdict.${event.verdict}`)}{" "}
      {event.incident_id !== null && (
        <Link to="/incidents/$id" params={{ id: String(event.incident_id) }}>
          #{event.incident_id}
        </Link>
      )}
    </p>
  );
}

function EventTable({ proposal }: { proposal: ProposalPage }) {
  const { t, slice, time } = useWords();
  const word = (event: BacktestEvent, side: Side) => {
    const kind = markOf(event, side);
    if (kind === null) return <span className="dim">{t(event[side] ? "mark.unlabelled" : "mark.quiet")}</span>;
    return (
      <span className="row" style={{ gap: 5 }}>
        <Mark kind={kind} /> {t(`mark.${kind}`)}
      </span>
    );
  };
  return (
    <details>
      <summary className="small blue">{t("backtest.as_table")}</summary>
      {/* A scrolled box takes the focus, so that a keyboard can scroll it. */}
      <div className="chart-table" tabIndex={0} role="region" aria-label={t("backtest.as_table")}>
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">{t("chart.time")}</th>
              <th scope="col">{t("waterfall.slice")}</th>
              <th scope="col">{t("label.word")}</th>
              <th scope="col">{t("backtest.now", { version: proposal.monitor_version })}</th>
              <th scope="col">{t("change.proposed")}</th>
            </tr>
          </thead>
          <tbody>
            {proposal.events.map((event, index) => (
              <tr key={index}>
                <td className="nowrap">{time(event.start)}</td>
                <td>{slice(event.slice)}</td>
                <td>{t(`verdict.${event.verdict}`)}</td>
                <td>{word(event, "before")}</td>
                <td>{word(event, "after")}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
