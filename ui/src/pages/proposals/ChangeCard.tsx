import type { ProposalPage } from "../../api/types";
import { Card } from "../../components/Card";
import { useWords } from "../../i18n/useWords";

/** The fields that change, and both definitions whole. */
export function ChangeCard({ proposal }: { proposal: ProposalPage }) {
  const { t } = useWords();
  return (
    <Card title={t("change.title")}>
      <dl className="change-list list">
        {proposal.fields.map((field) => (
          <div key={field.path} className="row between wrap">
            <dt title={field.path}>{t(`field.${field.path.split(".").at(-1)}`, { defaultValue: field.path })}</dt>
            <dd>
              <del className="dim">{field.before}</del> → <strong>{field.after}</strong>
            </dd>
          </div>
        ))}
      </dl>
      <details>
        <summary className="list blue">{t("change.whole")}</summary>
        <div className="stack mid-gap">
          <span className="small dim">{t("backtest.now", { version: proposal.monitor_version })}</span>
          <pre className="code" tabIndex={0}>{proposal.definition_before}</pre>
          <span className="small dim">{t("change.proposed")}</span>
          <pre className="code" tabIndex={0}>{proposal.definition_after}</pre>
        </div>
      </details>
    </Card>
  );
}
