import type { MetricPage } from "../../api/types";
import { Card } from "../../components/Card";
import { nothing } from "../../i18n/numbers";
import { localText } from "../../i18n/texts";
import { useWords } from "../../i18n/useWords";

/** What the metric is: in words, which the server tells as codes, and as it is written. */
export function DefinitionCard({ metric }: { metric: MetricPage }) {
  const { t, local, message, language } = useWords();
  const words = metric.words.map((one) => message(one)).filter(Boolean);
  const named = new Map(metric.dimension_rows.map((row) => [row.name, local(row.label)]));
  const dimensions = metric.dimensions.map((one) => named.get(one) || t(`dimension.${one}`, { defaultValue: one }));
  const synonyms = Object.values(metric.synonyms).flat();
  return (
    <Card title={t("metric.definition")} note={metric.name} id="definition">
      <div className="stack mid-gap">
        <ul className="effects" data-testid="definition-words">
          {words.map((one) => (
            <li key={one}>{one}</li>
          ))}
        </ul>
        <dl className="facts">
          <dt>{t("metric.other_name")}</dt>
          <dd>{[localText(metric.label, language === "zh" ? "en" : "zh"), ...synonyms].filter(Boolean).join(t("word.comma")) || nothing}</dd>
          <dt>{t("metric.split_by")}</dt>
          <dd>{dimensions.join(t("word.comma")) || nothing}</dd>
        </dl>
        <details>
          <summary className="list blue">{t("metric.yaml")}</summary>
          <pre className="code" tabIndex={0} data-testid="definition-yaml">{metric.definition}</pre>
        </details>
      </div>
    </Card>
  );
}
