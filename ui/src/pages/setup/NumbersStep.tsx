import { useQuery } from "@tanstack/react-query";
import { Alert } from "antd";
import * as queries from "../../api/queries";
import type { EditBody } from "../../api/types";
import { SeriesChart } from "../../charts/SeriesChart";
import { Card } from "../../components/Card";
import { Icon } from "../../components/Icon";
import { Query } from "../../components/Query";
import { useWords } from "../../i18n/useWords";
import { firstNumbers } from "./calls";
import { labelOf, type FirstNumbers } from "./wizard";

/** The last numbers of each metric, asked of the source by the same way that they will be collected. */
export function NumbersStep({ edits }: { edits: EditBody[] }) {
  const { t } = useWords();
  const result = useQuery({
    queryKey: ["setup-numbers", JSON.stringify(edits)],
    queryFn: () => firstNumbers(edits),
    retry: false,
    refetchOnWindowFocus: false,
  });
  return (
    <Query result={result} what={t("setup.numbers")}>
      {(found) => (found.issues.length > 0 ? <Issues found={found} /> : <Charts found={found} edits={edits} />)}
    </Query>
  );
}

function Issues({ found }: { found: FirstNumbers }) {
  const { t } = useWords();
  return (
    <Alert
      type="warning"
      showIcon
      icon={<Icon name="fault" />}
      title={t("setup.issues")}
      description={
        <ul lang="en">
          {found.issues.map((one) => (
            <li key={`${one.name}${one.path}${one.problem}`}>
              {one.name}: {one.problem}. {one.fix}
            </li>
          ))}
        </ul>
      }
    />
  );
}

function Charts({ found, edits }: { found: FirstNumbers; edits: EditBody[] }) {
  const { t, language } = useWords();
  const metrics = edits.filter((one) => one.kind === "metric").map((one) => one.body as Record<string, unknown>);
  return (
    <div className="number-cards" data-testid="setup-numbers">
      {metrics.map((metric) => {
        const name = String(metric["name"]);
        const answer = found.numbers[name];
        return (
          <Card key={name} title={labelOf(metric, language)} note={name}>
            {answer && answer.rows.length > 0 ? (
              <SeriesChart series={queries.seriesOf(answer, {}, answer.unit)} name={labelOf(metric, language)} height={180} />
            ) : (
              <p className="mid">{t("setup.no_numbers")}</p>
            )}
          </Card>
        );
      })}
    </div>
  );
}
