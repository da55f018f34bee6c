import { useMutation } from "@tanstack/react-query";
import { Alert, Button } from "antd";
import { previewDefinitions } from "../../api/actions";
import { api, data } from "../../api/client";
import * as queries from "../../api/queries";
import type { EditBody, Grain, MetricAnswer, PreviewAnswer } from "../../api/types";
import { SeriesChart } from "../../charts/SeriesChart";
import { Card } from "../../components/Card";
import { Icon } from "../../components/Icon";
import { Scroll } from "../../components/Scroll";
import { Fault } from "../../components/states";
import { formatDifference, formatValue } from "../../i18n/numbers";
import { bucketText } from "../../i18n/times";
import { useWords } from "../../i18n/useWords";

interface Seen {
  preview: PreviewAnswer;
  live: MetricAnswer | null;
  edit: string;
}

const shown = 14;

/** The numbers as they would be, beside those that are live: asked of the source, kept nowhere. */
export function PreviewCard({ metric, live, edit, ready }: { metric: string; live: boolean; edit: () => EditBody; ready: boolean }) {
  const { t } = useWords();
  const look = useMutation({
    mutationFn: async (): Promise<Seen> => {
      const wanted = edit();
      const preview = await previewDefinitions(metric, [wanted]);
      const grain = preview.numbers?.grain;
      const now = live && grain ? await data(api.POST("/api/v1/metrics/{name}/query", { params: { path: { name: metric } }, body: { by: [], grain } })) : null;
      return { preview, live: now as MetricAnswer | null, edit: JSON.stringify(wanted) };
    },
  });
  const seen = look.data;
  const old = seen !== undefined && seen.edit !== JSON.stringify(edit());
  return (
    <Card
      title={t("preview.title")}
      note={t("preview.note")}
      extra={<Button disabled={!ready} loading={look.isPending} data-testid="preview" onClick={() => look.mutate()}>{t("preview.ask")}</Button>}
    >
      <div data-testid="preview-numbers" aria-live="polite">
        {look.error !== null && <Fault error={look.error} what={t("preview.title")} />}
        {seen?.preview.problem && <Alert type="warning" showIcon icon={<Icon name="fault" />} title={seen.preview.problem} description={seen.preview.fix} />}
        {old && <p className="small mid row"><Icon name="clock" size={14} />{t("preview.old")}</p>}
        {seen?.preview.numbers && <Numbers numbers={seen.preview.numbers} live={seen.live} sql={seen.preview.sql} />}
      </div>
    </Card>
  );
}

function Numbers({ numbers, live, sql }: { numbers: MetricAnswer; live: MetricAnswer | null; sql: string[] }) {
  const { t } = useWords();
  const unit = numbers.unit === "currency" ? (numbers.currency ?? "") : numbers.unit;
  return (
    <div className="stack mid-gap">
      <SeriesChart series={queries.seriesOf(numbers, {}, unit)} name={numbers.metric} height={180} />
      <Beside numbers={numbers} live={live} unit={unit} />
      <details>
        <summary className="list blue">{t("preview.sql")}</summary>
        {sql.map((one) => (
          <pre key={one} className="code" tabIndex={0}>{one}</pre>
        ))}
      </details>
    </div>
  );
}

function Beside({ numbers, live, unit }: { numbers: MetricAnswer; live: MetricAnswer | null; unit: string }) {
  const { t, now } = useWords();
  const before = new Map((live?.rows ?? []).map((row) => [row.bucket, row.value]));
  return (
    <Scroll label={t("preview.title")}>
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">{t("chart.time")}</th>
            {live && <th scope="col" className="right">{t("preview.live")}</th>}
            <th scope="col" className="right">{t("preview.edited")}</th>
            {live && <th scope="col" className="right">{t("preview.difference")}</th>}
          </tr>
        </thead>
        <tbody>
          {numbers.rows.slice(-shown).map((row) => {
            const was = before.get(row.bucket) ?? null;
            const moved = row.value !== null && was !== null ? row.value - was : null;
            return (
              <tr key={row.bucket}>
                <td className="nowrap">{bucketText(row.bucket, numbers.grain as Grain, now, numbers.timezone)}</td>
                {live && <td className="right mid">{formatValue(was, unit)}</td>}
                <td className="right strong">{formatValue(row.value, unit)}</td>
                {live && <td className="right mid">{formatDifference(moved, unit)}</td>}
              </tr>
            );
          })}
        </tbody>
      </table>
    </Scroll>
  );
}
