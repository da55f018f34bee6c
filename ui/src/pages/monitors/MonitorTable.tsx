import { Link } from "@tanstack/react-router";
import type { MonitorRow, Severity } from "../../api/types";
import { Empty } from "../../components/states";
import { SeverityTag } from "../../components/Tag";
import { formatShare, nothing } from "../../i18n/numbers";
import { dimensionText } from "../../i18n/texts";
import { useWords } from "../../i18n/useWords";

const isSeverity = (text: string): text is Severity => /^S[1-4]$/.test(text);

/** Monitors with what became of their alarms. */
export function MonitorTable({ monitors }: { monitors: MonitorRow[] }) {
  const { t } = useWords();
  if (monitors.length === 0) return <Empty icon="monitor" title={t("monitors.none")} text={t("monitors.none_help")} />;
  return (
    <div className="scroll-x">
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">{t("monitors.name")}</th>
            <th scope="col">{t("monitors.watches")}</th>
            <th scope="col">{t("word.grain")}</th>
            <th scope="col">{t("word.severity")}</th>
            <th scope="col" className="right">{t("monitors.incidents")}</th>
            <th scope="col" className="right">{t("monitors.false")}</th>
          </tr>
        </thead>
        <tbody>
          {monitors.map((monitor) => (
            <tr key={monitor.name}>
              <td className="nowrap">
                <Link to="/monitors/$name" params={{ name: monitor.name }} className="link-ink strong" data-row>
                  {monitor.name}
                </Link>{" "}
                <span className="small dim">v{monitor.version}</span>
              </td>
              <td>{monitor.slices.map((one) => (one === "" ? t("slice.total") : one.split(",").map((part) => dimensionText(part, t)).join(" × "))).join(t("word.comma"))}</td>
              <td>{t(`grain.${monitor.grain}`)}</td>
              <td>{isSeverity(monitor.severity) ? <SeverityTag severity={monitor.severity} /> : monitor.severity}</td>
              <td className="right">{monitor.incidents_total}</td>
              <td className="right">
                {monitor.false_alarms}{" "}
                <span className="small dim">{monitor.incidents_total > 0 ? formatShare(monitor.false_alarms / monitor.incidents_total) : nothing}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
