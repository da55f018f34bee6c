import { Link } from "@tanstack/react-router";
import type { IncidentPage } from "../../api/types";
import { Card } from "../../components/Card";
import { Icon } from "../../components/Icon";
import { dayText } from "../../i18n/times";
import { useWords } from "../../i18n/useWords";

/** Cases like this one, what was done, and whether it helped. */
export function SimilarCard({ incident }: { incident: IncidentPage }) {
  const { t, message, now } = useWords();
  const known = incident.similar.filter((row) => row.helped !== null);
  const note = known.length > 0 ? t("similar.helped_of", { helped: known.filter((row) => row.helped).length, all: known.length }) : undefined;
  return (
    <Card title={t("similar.title")} note={note}>
      {incident.similar.length === 0 && <p className="list dim">{t("similar.none")}</p>}
      <ul className="plain-list">
        {incident.similar.map((row) => (
          <li key={row.incident_id}>
            <div className="row list">
              <Link to="/incidents/$id" params={{ id: String(row.incident_id) }}>
                #{row.incident_id}
              </Link>
              <span className="grow cut" title={message(row.headline, { unit: incident.unit })}>
                {dayText(row.opened_at, incident.timezone, now)} {message(row.headline, { unit: incident.unit })}
              </span>
            </div>
            <div className="row small dim between">
              <span className="grow">{row.what || t("similar.nothing_written")}</span>
              <span className={`row nowrap ${row.helped === true ? "good" : ""}`} style={{ gap: 4 }}>
                <Icon name={row.helped === null ? "wait" : row.helped ? "check" : "fault"} size={14} />
                {t(row.helped === null ? "similar.unknown" : row.helped ? "similar.helped" : "similar.not_helped")}
              </span>
            </div>
          </li>
        ))}
      </ul>
    </Card>
  );
}
