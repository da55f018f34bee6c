import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import * as queries from "../../api/queries";
import type { MetricPage } from "../../api/types";
import { endsInside } from "../../charts/Sparkline";
import { Difference } from "../../components/Difference";
import { Icon } from "../../components/Icon";
import { Avatar, PersonName } from "../../components/Person";
import { formatDifference, formatValue, nothing } from "../../i18n/numbers";
import { bucketText, zoneCity } from "../../i18n/times";
import { useWords } from "../../i18n/useWords";
import { differenceOf } from "./difference";
import { rowGrain } from "./grains";
import { totalsOf } from "./totals";

/** How it stands: now, the last whole day, thirty days; whose it is; how fresh the data are. */
export function NumbersCard({ metric }: { metric: MetricPage }) {
  const { t, now, duration, nearTime } = useWords();
  const { difference, better } = differenceOf(metric);
  const grain = rowGrain(metric);
  return (
    <section className="card numbers" aria-label={t("metric.numbers")}>
      <div>
        <div className="small dim">{t("metric.latest", { at: metric.at ? bucketText(metric.at, grain, now, metric.timezone) : nothing })}</div>
        <div className="number">{formatValue(metric.value, metric.unit)}</div>
        <div className="small dim">{t("metric.expected", { expected: formatValue(metric.expected, metric.unit) })}</div>
        {difference !== null && <Difference value={difference} unit={metric.unit} better={better} inside={endsInside(metric.spark)} />}
      </div>
      <Days metric={metric} withDay={grain === "hour"} />
      <div>
        <div className="small dim">{t("word.owner")}</div>
        <div className="row">
          {metric.owner && <Avatar person={metric.owner} />}
          <PersonName person={metric.owner} />
        </div>
        <div className="small dim">{t(`direction.${metric.good_direction}`)}</div>
      </div>
      <div>
        <div className="small dim">{t("metric.data")}</div>
        <div className="row">
          <Icon name="clock" size={14} />
          {metric.collected_until ? t("loop.data_until", { at: nearTime(metric.collected_until, metric.timezone) }) : nothing}
        </div>
        <div className="small dim">
          {t("metric.lateness", { late: duration(metric.lateness_s), zone: zoneCity(metric.timezone) })}
        </div>
        {metric.source && (
          <Link to="/sources/$name" params={{ name: metric.source }} className="small">
            {metric.source}
          </Link>
        )}
      </div>
    </section>
  );
}

function Days({ metric, withDay }: { metric: MetricPage; withDay: boolean }) {
  const { t, now } = useWords();
  const day = metric.grains.includes("day");
  const end = Date.parse(metric.at ?? now.toISOString());
  const from = new Date(end - 62 * 86_400_000).toISOString();
  const result = useQuery({ ...queries.series(metric.name, { grain: "day", slice: "", from }), enabled: day });
  if (!day) return null;
  const totals = totalsOf(result.data?.points ?? []);
  const last = totals.day;
  const moved = totals.now !== null && totals.before !== null ? totals.now - totals.before : null;
  return (
    <>
      {withDay && <div>
        <div className="small dim">{t("metric.last_day", { at: last ? bucketText(last.t, "day", now, metric.timezone) : nothing })}</div>
        <div className="number">{formatValue(last?.value, metric.unit)}</div>
        <div className="small dim">{t("metric.expected", { expected: formatValue(last?.expected, metric.unit) })}</div>
      </div>}
      <div>
        <div className="small dim">{t(metric.unit === "ratio" ? "metric.month" : "metric.month_daily")}</div>
        <div className="number">{formatValue(totals.now, metric.unit)}</div>
        <div className="small dim">{moved === null ? t("metric.no_month_before") : t("metric.month_before", { difference: formatDifference(moved, metric.unit) })}</div>
      </div>
    </>
  );
}
