import type { IncidentPage } from "../../api/types";
import { AgeBar } from "../../components/AgeBar";
import { Icon } from "../../components/Icon";
import { Avatar, PersonName } from "../../components/Person";
import { aboutIncident, useWords } from "../../i18n/useWords";
import { useNow } from "../../live/clock";
import { IncidentButtons } from "./IncidentButtons";
import { StatePath } from "./StatePath";

/** Who owns it, how much time is left, what it waits for, and the next action. */
export function OwnerPanel({ incident }: { incident: IncidentPage }) {
  const { t, message } = useWords();
  const about = aboutIncident(incident);
  return (
    <section className="card owner-panel" aria-label={t("incident.who")}>
      <div className="owner-grid">
        <div className="owner-cell">
          <span className="small dim">{t("incident.owned_by")}</span>
          <div className="row top">
            {incident.owner && <Avatar person={incident.owner} />}
            <div className="grow">
              <strong data-testid="incident-owner">
                <PersonName person={incident.owner} />
              </strong>
              {incident.assignment_reason && (
                <div className="small dim">{message(incident.assignment_reason, about)}</div>
              )}
            </div>
          </div>
        </div>
        <div className="owner-cell">
          <ClockCell incident={incident} />
        </div>
        <div className="owner-cell">
          <span className="small dim">{t("incident.next")}</span>
          <div className={incident.next ? "row strong wait" : "row dim"}>
            <Icon name={incident.next ? "wait" : "check"} />
            {incident.next ? message(incident.next, about) : t("incident.nothing_next")}
          </div>
        </div>
        <IncidentButtons incident={incident} />
      </div>
      <StatePath incident={incident} />
    </section>
  );
}

function ClockCell({ incident }: { incident: IncidentPage }) {
  const { t, duration, nearTime } = useWords();
  const now = useNow();
  const waiting = incident.state === "open" || incident.state === "reopened";
  const due = waiting ? incident.acknowledge_due_at : incident.resolve_due_at;
  const running = ["open", "acknowledged", "in_progress", "reopened"].includes(incident.state);
  if (!running || due === null) {
    const { verification } = incident;
    return (
      <>
        <span className="small dim">{t("incident.clock")}</span>
        <div className="list">
          {incident.state === "resolved" && verification
            ? t("incident.watching", { back: verification.buckets_back, needed: verification.buckets_needed })
            : t("incident.took", { age: duration(incident.age_s) })}
        </div>
      </>
    );
  }
  const left = (Date.parse(due) - now.getTime()) / 1000;
  const target = (Date.parse(due) - Date.parse(incident.opened_at)) / 1000;
  const text = left >= 0 ? t("clock.left", { time: duration(left) }) : t("clock.over", { time: duration(-left) });
  return (
    <>
      <span className="small dim">
        {t(waiting ? "incident.clock_acknowledge" : "incident.clock_resolve", { at: nearTime(due, incident.timezone) })}
      </span>
      <div className={left < 0 ? "row strong bad" : "row strong"}>
        <Icon name={left < 0 ? "alert" : "clock"} />
        {text}
      </div>
      <AgeBar age={target - left} target={target} label={text} />
    </>
  );
}
