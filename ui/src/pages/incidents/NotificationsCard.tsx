import type { IncidentPage, NotificationRow } from "../../api/types";
import { Card } from "../../components/Card";
import { Icon, type IconName } from "../../components/Icon";
import { PersonName } from "../../components/Person";
import { aboutIncident, useWords } from "../../i18n/useWords";

const icons: Record<NotificationRow["state"], IconName> = {
  pending: "pending",
  accepted: "circle",
  delivered: "circle",
  read: "check",
  failed: "fault",
};

/** Who was told by which channel, and what is known about it: accepted, delivered and read are three things. */
export function NotificationsCard({ incident }: { incident: IncidentPage }) {
  const { t, message, nearTime } = useWords();
  const rows = incident.notifications;
  const reached = (states: NotificationRow["state"][]) => rows.filter((row) => states.includes(row.state)).length;
  return (
    <Card title={t("notifications.title")}>
      <p className="small dim">
        {rows.length === 0
          ? t("notifications.none")
          : t("notifications.sums", { sent: reached(["accepted", "delivered", "read"]), delivered: reached(["delivered", "read"]), read: reached(["read"]), failed: reached(["failed"]) })}
      </p>
      <ul className="plain-list">
        {rows.map((row) => {
          const last = row.attempts.at(-1);
          return (
            <li key={row.id} className="list">
              <div className="row">
                <span className={row.state === "failed" ? "bad" : row.state === "read" ? "good" : "dim"}>
                  <Icon name={icons[row.state]} size={14} />
                </span>
                <span className="grow">
                  <PersonName person={row.person} />
                </span>
                <span className={row.state === "failed" ? "small nowrap bad" : "small nowrap mid"}>
                  {t(`notification_state.${row.state}`)} {nearTime(last?.at ?? row.created_at, incident.timezone)}
                </span>
              </div>
              <div className="small dim indent">
                {t(`channel.${row.channel}`, { defaultValue: row.channel })} · {message(row.message, aboutIncident(incident))}
                {row.state === "failed" && last && <div className="bad">{[last.provider_code, last.provider_message].filter(Boolean).join(" ")}</div>}
              </div>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
