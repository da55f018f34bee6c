import type { IncidentPage } from "../../api/types";
import { DataTag } from "../../components/DataTag";
import { SeverityTag } from "../../components/Tag";
import { Tag } from "../../components/Tag";
import { formatDifference, formatShare } from "../../i18n/numbers";
import { attributionText, explainedShare } from "./attributionText";
import { zoneCity } from "../../i18n/times";
import { aboutIncident, useWords } from "../../i18n/useWords";

/** The conclusion as the headline, the figures behind it as one sentence. */
export function IncidentHead({ incident }: { incident: IncidentPage }) {
  const { t, local, slice, message, nearTime } = useWords();
  const about = aboutIncident(incident);
  return (
    <header className="stack tight">
      <div className="row wrap">
        <SeverityTag severity={incident.severity} />
        {incident.kind === "data" && <DataTag />}
        <span className="list mid">
          {incident.kind === "data"
            ? t("incident.about_data", { dataset: local(incident.dataset_label) || incident.dataset })
            : `${local(incident.metric_label)} · ${t(`grain.${incident.grain}`, { defaultValue: incident.grain })} · ${slice(incident.slice)}`}
        </span>
        {incident.localisable === false && <Tag icon="wait">{t("incident.not_localisable")}</Tag>}
        <span className="grow" />
        {incident.kind === "business" && <span className="small dim">
          {t("incident.meta", {
            at: nearTime(incident.data_until, incident.timezone),
            zone: zoneCity(incident.timezone),
            metric: incident.metric_version,
            monitor: incident.monitor_version,
          })}
        </span>}
      </div>
      <h1 data-testid="incident-headline">{message(incident.headline, about)}</h1>
      <p className="mid">
        <Facts incident={incident} />
      </p>
    </header>
  );
}

function Facts({ incident }: { incident: IncidentPage }) {
  const words = useWords();
  const { t, duration, nearTime, now } = words;
  const { started_at, ended_at, impact, impact_unit, attribution, timezone } = incident;
  const until = ended_at ? Date.parse(ended_at) : now.getTime();
  const lasted = duration((until - Date.parse(started_at)) / 1000);
  const parts = [
    t(ended_at ? "incident.lasted" : "incident.since", { at: nearTime(started_at, timezone), age: lasted }),
  ];
  if (incident.kind === "data") return <>{[...parts, t("incident.data_blinds", { count: incident.metrics.length, metrics: incident.metrics.join(t("word.comma")) })].join(t("word.sentence_gap"))}</>;
  if (impact !== null) {
    const size = formatDifference(Math.abs(impact), impact_unit).replace(/^\+/, "");
    parts.push(t(impact < 0 ? "incident.impact_less" : "incident.impact_more", { impact: size, unit: t(`unit.${impact_unit}`, { defaultValue: "" }) }));
  }
  const share = attribution?.localisable ? explainedShare(attribution) : null;
  if (share !== null) parts.push(t("incident.share", { share: formatShare(share), count: attribution?.root_causes.length ?? 1 }));
  if (attribution && !attribution.localisable) parts.push(attributionText(attribution, words));
  if (incident.localisable === null) parts.push(t("incident.not_attributed"));
  else parts.push(t("incident.evidence"));
  return <>{parts.join(t("word.sentence_gap"))}</>;
}
