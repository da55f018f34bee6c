import { useQuery } from "@tanstack/react-query";
import { Segmented } from "antd";
import { useState } from "react";
import * as queries from "../../api/queries";
import type { MetricPage, SliceRow } from "../../api/types";
import { sparkRange, Sparkline } from "../../charts/Sparkline";
import { Card } from "../../components/Card";
import { Difference } from "../../components/Difference";
import { Icon } from "../../components/Icon";
import { Query } from "../../components/Query";
import { formatDifference, formatValue, nothing } from "../../i18n/numbers";
import { dimensionText, sliceToQuery } from "../../i18n/texts";
import { useWords } from "../../i18n/useWords";
import { useQueryState } from "../../layout/useQueryState";
import { keptGrain } from "./grains";

const firstShown = 12;

/** One dimension's slices, worst first, on one axis unless the reader asks for their own. */
export function SlicesCard({ metric }: { metric: MetricPage }) {
  const { t, local } = useWords();
  const [search, setSearch] = useQueryState();
  const [all, setAll] = useState(false);
  const dimension = search.by && metric.dimensions.includes(search.by) ? search.by : (metric.dimensions[0] ?? "");
  const result = useQuery(queries.slices(metric.name, dimension, keptGrain(metric, search.grain)));
  const own = search.axis === "own";
  const named = (one: string) => local(metric.dimension_rows.find((row) => row.name === one)?.label) || dimensionText(one, t);
  return (
    <Card
      title={t("slices.title", { dimension: named(dimension) })}
      note={t("slices.note")}
      extra={
        <div className="row wrap">
          <Segmented
            name="slice-axis"
            aria-label={t("slices.axis")}
            value={own ? "own" : "same"}
            options={["same", "own"].map((value) => ({ value, label: t(`slices.${value}`) }))}
            onChange={(axis) => setSearch({ axis: axis === "own" ? "own" : undefined })}
          />
          {metric.dimensions.length > 1 && (
            <Segmented
              name="slice-dimension"
              aria-label={t("slices.dimension")}
              value={dimension}
              options={metric.dimensions.map((one) => ({ value: one, label: named(one) }))}
              onChange={(one) => setSearch({ by: one })}
            />
          )}
        </div>
      }
    >
      <Query result={result} what={t("slices.what")}>
        {(found) => {
          const rows = found.toSorted(worstFirst);
          const shown = all ? rows : rows.slice(0, firstShown);
          const range = own ? undefined : sparkRange(shown.map((row) => row.spark));
          return (
            <>
              <ul className="slice-grid">
                {shown.map((row) => (
                  <Tile key={sliceToQuery(row.slice)} row={row} unit={metric.unit} range={range} />
                ))}
              </ul>
              {rows.length > firstShown && (
                <button type="button" className="plain-button" onClick={() => setAll(!all)}>
                  {all ? t("slices.fewer") : t("slices.more", { count: rows.length - firstShown })}
                </button>
              )}
            </>
          );
        }}
      </Query>
    </Card>
  );
}

/** Anomalous ones first, then by distance; what cannot be judged stands last, and says so. */
function worstFirst(a: SliceRow, b: SliceRow): number {
  const known = Number(b.difference !== null) - Number(a.difference !== null);
  return Number(b.anomaly) - Number(a.anomaly) || known || Math.abs(b.difference ?? 0) - Math.abs(a.difference ?? 0);
}

function Tile({ row, unit, range }: { row: SliceRow; unit: string; range: [number, number] | undefined }) {
  const { t, slice } = useWords();
  const [search, setSearch] = useQueryState();
  const key = sliceToQuery(row.slice);
  const name = slice(row.slice);
  const unknown = row.value === null || row.difference === null;
  const chosen = search.slice === key;
  return (
    <li>
      <button
        type="button"
        className={`slice-tile${row.anomaly ? " slice-bad" : ""}${unknown ? " slice-unknown" : ""}`}
        aria-pressed={chosen}
        data-row
        onClick={() => setSearch({ slice: chosen ? undefined : key })}
      >
        <span className="row between list">
          <strong className="cut">{name}</strong>
          <span className="nowrap">
            <strong>{formatValue(row.value, unit)}</strong> <span className="dim">{formatValue(row.expected, unit)}</span>
          </span>
        </span>
        <Sparkline
          points={row.spark}
          range={range}
          width={230}
          height={40}
          better={row.better}
          label={t("chart.spark", { name, value: formatValue(row.value, unit), difference: formatDifference(row.difference, unit) })}
        />
        <span className="small">
          {unknown ? (
            <span className="row mid" style={{ gap: 5 }}>
              <Icon name="wait" size={14} /> {nothing} {t("slices.cannot_tell")}
            </span>
          ) : row.anomaly ? (
            <Difference value={row.difference} unit={unit} better={row.better} />
          ) : (
            <span className="dim">
              {formatDifference(row.difference, unit)} · {t("slices.in_band")}
            </span>
          )}
        </span>
      </button>
    </li>
  );
}
