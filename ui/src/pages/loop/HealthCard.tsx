import type { HealthRow } from "../../api/types";
import { AgeBar } from "../../components/AgeBar";
import { Card } from "../../components/Card";
import { Icon } from "../../components/Icon";
import { formatGap, formatValue, nothing } from "../../i18n/numbers";
import { shortDurationText } from "../../i18n/times";
import { useWords } from "../../i18n/useWords";

/** How well the loop itself runs: medians of 30 days against target and the 30 days before. */
export function HealthCard({ rows }: { rows: HealthRow[] }) {
  const { t } = useWords();
  return (
    <Card title={t("health.title")} note={t("health.note")}>
      {rows.map((row) => (
        <Row key={row.code} row={row} />
      ))}
    </Card>
  );
}

function Row({ row }: { row: HealthRow }) {
  const { t } = useWords();
  const duration = (seconds: number) => shortDurationText(seconds, t);
  const isShare = row.code.endsWith("_share");
  const show = (value: number | null) => (value === null ? nothing : isShare ? formatValue(value, "ratio", 1) : duration(value));
  const target = isShare ? t("health.target_share", { target: formatValue(row.target, "ratio", 0) }) : t("age.target", { target: duration(row.target) });
  return (
    <div className="health-row">
      <div className="health-top">
        <span className="list">{t(`health.${row.code}`)}</span>
        <span className="small dim">{target}</span>
        <span className="grow" />
        <strong>{show(row.value)}</strong>
        <span className="small health-change">
          <Change row={row} gap={(size) => (isShare ? formatGap(size, "ratio") : duration(Math.abs(size)))} />
        </span>
      </div>
      {row.value !== null ? <AgeBar age={row.value} target={row.target} label={`${show(row.value)} / ${target}`} /> : <p className="small dim">{t("health.nothing_yet")}</p>}
    </div>
  );
}

function Change({ row, gap }: { row: HealthRow; gap: (size: number) => string }) {
  const { t } = useWords();
  if (row.value === null || row.previous === null) return <span className="dim">{t("health.no_comparison")}</span>;
  const change = row.value - row.previous;
  if (Math.abs(change) < 1e-9) return <span className="dim">{t("health.same")}</span>;
  const better = change < 0; // all six are better when smaller
  return (
    <span className={`row nowrap ${better ? "good" : "bad"}`} style={{ gap: 3 }}>
      <Icon name={better ? "down" : "up"} size={12} />
      {gap(change)} {t(better ? "health.better" : "health.worse")}
    </span>
  );
}
