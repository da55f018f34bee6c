import { useQuery } from "@tanstack/react-query";
import { Segmented } from "antd";
import * as queries from "../../api/queries";
import type { IncidentPage } from "../../api/types";
import { Waterfall } from "../../charts/Waterfall";
import { Card } from "../../components/Card";
import { Empty } from "../../components/states";
import { formatDifference } from "../../i18n/numbers";
import { dimensionText } from "../../i18n/texts";
import { useWords } from "../../i18n/useWords";
import { attributionText } from "./attributionText";
import { useQueryState } from "../../layout/useQueryState";

/** What moved it: evidence by slice, one dimension at a time. */
export function AttributionCard({ incident }: { incident: IncidentPage }) {
  const words = useWords();
  const { t } = words;
  const [search, setSearch] = useQueryState();
  const { data: metrics } = useQuery(queries.metricDirectory());
  const view = incident.attribution;
  if (view === null) {
    return (
      <Card title={t("attribution.title")}>
        <Empty icon="wait" title={t("attribution.none")} text={t("attribution.none_help")} />
      </Card>
    );
  }
  const direction = metrics?.find((metric) => metric.name === incident.metric)?.good_direction ?? "none";
  const dimensions = Object.keys(view.by_dimension);
  const first = view.localisable && view.contributions.length > 0 ? "causes" : (dimensions[0] ?? "causes");
  const by = search.by && (search.by === "causes" || dimensions.includes(search.by)) ? search.by : first;
  const contributions = by === "causes" ? view.contributions : (view.by_dimension[by] ?? []);
  const tabs = [...(view.contributions.length > 0 ? ["causes"] : []), ...dimensions];
  return (
    <Card
      title={t("attribution.title")}
      note={t("attribution.sums", { total: formatDifference(view.total, view.unit) })}
      extra={
        tabs.length > 1 && (
          <Segmented
            name="attribution-by"
            aria-label={t("attribution.by")}
            value={by}
            options={tabs.map((tab) => ({ value: tab, label: tab === "causes" ? t("attribution.causes") : dimensionText(tab, t) }))}
            onChange={(tab) => setSearch({ by: tab === first ? undefined : tab })}
          />
        )
      }
    >
      <p className="list mid attribution-text">{attributionText(view, words)}</p>
      <Waterfall
        expected={view.expected}
        actual={view.actual}
        unit={view.unit}
        contributions={contributions}
        goodUp={direction === "none" ? null : direction === "up"}
      />
    </Card>
  );
}
