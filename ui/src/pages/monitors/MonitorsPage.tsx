import { useQuery } from "@tanstack/react-query";
import * as queries from "../../api/queries";
import { Query } from "../../components/Query";
import { useWords } from "../../i18n/useWords";
import { MonitorTable } from "./MonitorTable";

export function MonitorsPage() {
  const { t } = useWords();
  const result = useQuery(queries.monitors());
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t("nav.monitors")}</h1>
        <span className="mid">{t("monitors.purpose")}</span>
      </div>
      <section className="card card-flush" aria-label={t("nav.monitors")}>
        <Query result={result} what={t("nav.monitors")}>
          {(monitors) => <MonitorTable monitors={monitors} />}
        </Query>
      </section>
    </div>
  );
}
