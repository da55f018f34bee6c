import type { LoopOverview, StationRow } from "../api/types";
import { formatShare } from "../i18n/numbers";
import { useWords } from "../i18n/useWords";
import { pills, places, radius, size, stationOrder, track } from "./loopShape";
import "./loop.css";

type Row = StationRow | undefined;

const countText = (row: Row) => (row === undefined ? "—" : row.of === null ? String(row.count) : `${row.count}/${row.of}`);

/** The loop as a drawing: how many stand where, what is over its target, how many passed. A list on a phone. */
export function LoopDrawing({ loop }: { loop: LoopOverview }) {
  const { t, duration } = useWords();
  const rows = stationOrder.map((name) => loop.stations.find((row) => row.station === name));
  const stuck = loop.stuck.length;
  const headline = t("loop.on_the_loop", { count: loop.incidents_open });
  const stuckText = stuck > 0 ? t("loop.stuck_count", { count: stuck }) : t("loop.nothing_stuck");
  const age = (row: Row) => {
    if (row?.oldest_age_s == null) return "";
    return t(row.station === "collect" ? "loop.behind" : "loop.oldest", { age: duration(row.oldest_age_s) });
  };
  const sentence = [
    headline,
    stuckText,
    ...rows.map((row, index) => `${t(`station.${stationOrder[index]}`)} ${countText(row)}${row && row.stuck > 0 ? ` (${t("nav.over_target", { n: row.stuck })})` : ""}`),
  ].join(". ");
  return (
    <>
      <div className="loop-wide">
        <svg viewBox={`0 0 ${size.width} ${size.height}`} role="img" aria-label={sentence} className="loop-svg">
          <path d={track} className="loop-track" />
          <path d={track} className="loop-track-line" />
          {pills.map((pill, index) => (
            <Pill key={index} {...pill} passed={rows[index]?.passed_24h ?? 0} />
          ))}
          {rows.map((row, index) => (
            <Station key={stationOrder[index]} row={row} index={index} age={age(row)} />
          ))}
        </svg>
        <div className="loop-middle">
          <div>
            <p className="loop-headline">
              {headline}
              {t("word.comma")}
              <span className={stuck > 0 ? "bad" : "good"}>{stuckText}</span>
            </p>
            <p className="list mid">{t("loop.legend")}</p>
          </div>
          <Sums loop={loop} />
        </div>
      </div>
      <div className="loop-narrow">
        <p className="strong">
          {headline}
          {t("word.comma")}
          <span className={stuck > 0 ? "bad" : "good"}>{stuckText}</span>
        </p>
        <Sums loop={loop} />
        <ol>
          {rows.map((row, index) => (
            <li key={stationOrder[index]} className="loop-item">
              <span className={row && row.stuck > 0 ? "loop-ball over" : "loop-ball"}>{countText(row)}</span>
              <span className="grow">
                <span className="strong">{t(`station.${stationOrder[index]}`)}</span>
                <span className={row && row.stuck > 0 ? "small bad" : "small dim"}> {age(row)}</span>
              </span>
              <span className="small dim">{t("loop.passed", { count: row?.passed_24h ?? 0 })}</span>
            </li>
          ))}
        </ol>
      </div>
    </>
  );
}

function Sums({ loop }: { loop: LoopOverview }) {
  const { t } = useWords();
  const sums: [string, string | number][] = [
    [t("loop.opened"), loop.opened_24h],
    [t("loop.closed"), loop.closed_24h],
    [t("loop.closed_share"), formatShare(loop.closed_share_30d)],
  ];
  return (
    <dl className="loop-sums">
      {sums.map(([name, value]) => (
        <div key={name}>
          <dt className="small dim">{name}</dt>
          <dd className="number">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Station({ row, index, age }: { row: Row; index: number; age: string }) {
  const { t, duration } = useWords();
  const place = places[index] ?? { x: 0, y: 0 };
  const over = row !== undefined && row.stuck > 0;
  const above = index < 4;
  const target = row ? t("age.target", { target: duration(row.target_s) }) : "";
  const nameY = above ? place.y - radius - 31 : place.y + radius + 22;
  return (
    <g>
      <circle cx={place.x} cy={place.y} r={radius} className={over ? "loop-station over" : "loop-station"} />
      <text x={place.x} y={place.y + 6} className={row?.of === null ? "loop-count" : "loop-count small-count"}>
        {countText(row)}
      </text>
      <text x={place.x} y={nameY} className="loop-name">
        {t(`station.${stationOrder[index]}`)}
      </text>
      <text x={place.x} y={nameY + 19} className="loop-age">
        <tspan className={over ? "over" : ""}>{age}</tspan>
        <tspan>{age && " / "}{target}</tspan>
      </text>
      {over && (
        <g transform={`translate(${place.x + 15} ${place.y - radius - 6})`}>
          <rect width="30" height="18" rx="9" className="loop-badge" />
          <text x="15" y="13.5" className="loop-badge-text">
            ▲ {row.stuck}
          </text>
        </g>
      )}
    </g>
  );
}

const arrows = { right: "M-3 -4L2 0L-3 4", left: "M3 -4L-2 0L3 4", down: "M-4 -3L0 2L4 -3", up: "M-4 3L0 -2L4 3" };

function Pill({ x, y, to, passed }: { x: number; y: number; to: keyof typeof arrows; passed: number }) {
  const flat = to === "right" || to === "left";
  const [width, height] = flat ? [48, 22] : [30, 40];
  const arrow = { right: [12, 0], left: [-12, 0], down: [0, 9], up: [0, -10] }[to] as [number, number];
  const number = { right: [-7, 4.5], left: [7, 4.5], down: [0, 0], up: [0, 10] }[to] as [number, number];
  return (
    <g transform={`translate(${x} ${y})`}>
      <rect x={-width / 2} y={-height / 2} width={width} height={height} rx={flat ? 11 : 15} className="loop-pill" />
      <path d={arrows[to]} transform={`translate(${arrow[0]} ${arrow[1]})`} className="loop-arrow" />
      <text x={number[0]} y={number[1]} className="loop-pill-text">
        {passed}
      </text>
    </g>
  );
}
