import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import * as queries from "../../api/queries";
import type { MetricPage, VersionPage } from "../../api/types";
import { Card } from "../../components/Card";
import { DifferenceTable } from "../../components/DifferenceTable";
import { ActorName } from "../../components/Person";
import { Query } from "../../components/Query";
import { Tag } from "../../components/Tag";
import { useWords } from "../../i18n/useWords";

/** Who changed what, when: newest first, each with how it differs from the one before. */
export function VersionsCard({ metric }: { metric: MetricPage }) {
  const { t } = useWords();
  const result = useQuery(queries.metricVersions(metric.name));
  return (
    <Card title={t("versions.title")} note={t("versions.pinned")}>
      <Query result={result} what={t("versions.title")}>
        {(versions) => (
          <ol className="plain-list" data-testid="versions">
            {versions.map((one, index) => (
              <Version key={one.version} version={one} newest={index === 0} />
            ))}
          </ol>
        )}
      </Query>
    </Card>
  );
}

function Version({ version, newest }: { version: VersionPage; newest: boolean }) {
  const { t, time, message } = useWords();
  const [open, setOpen] = useState(false);
  return (
    <li className="row top">
      <Tag tone={newest ? "blue" : "plain"}>v{version.version}</Tag>
      <div className="grow">
        {version.says.length === 0 && <div className="list">{t("versions.first")}</div>}
        {version.says.slice(0, 3).map((one) => (
          <div className="list" key={JSON.stringify(one)}>{message(one)}</div>
        ))}
        <div className="small dim">
          {time(version.at)} · <ActorName actor={version.by} /> · {t(`origin.${version.origin}`)}
        </div>
        {version.differences.length > 0 && (
          <button type="button" className="plain-button small" aria-expanded={open} onClick={() => setOpen(!open)}>
            {t(open ? "versions.hide" : "versions.show")}
          </button>
        )}
        {open && <DifferenceTable rows={version.differences} />}
      </div>
    </li>
  );
}
