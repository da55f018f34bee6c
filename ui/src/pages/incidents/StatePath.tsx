import type { IncidentPage, IncidentState } from "../../api/types";
import { Icon, type IconName } from "../../components/Icon";
import { stateLooks, StateTag } from "../../components/Tag";
import { aboutIncident, useWords } from "../../i18n/useWords";

const path: IncidentState[] = ["open", "acknowledged", "in_progress", "resolved", "verified", "closed"];

/** The way of an incident and where it stands; end states off the way are shown as what they are. */
export function StatePath({ incident }: { incident: IncidentPage }) {
  const { t, message } = useWords();
  const reopened = incident.state === "reopened";
  const at = reopened ? 0 : path.indexOf(incident.state);
  if (at === -1) {
    return (
      <div className="state-path">
        <StateTag state={incident.state} />
      </div>
    );
  }
  const { verification } = incident;
  return (
    <div className="state-path">
      <ol className="row wrap" aria-label={t("incident.path")}>
        {path.map((state, index) => {
          const name = index === 0 && reopened ? "reopened" : state;
          const ended = state === "closed" && at === index;
          const icon: IconName = index < at || ended ? "check" : index === at ? stateLooks[name].icon : "pending";
          return (
            <li key={state} className="row" aria-current={index === at ? "step" : undefined}>
              {index > 0 && <span className="state-line" aria-hidden="true" />}
              <span className={index < at || ended ? "good" : index === at ? "blue" : "dim"}>
                <Icon name={icon} />
              </span>
              <span
                className={index === at ? "small strong" : "small mid"}
                {...(index === at ? { "data-testid": "incident-state", "data-state": incident.state } : {})}
              >
                {t(`state.${name}`)}
              </span>
            </li>
          );
        })}
      </ol>
      {verification && (
        <span className={`small row ${verification.outcome === "verified" ? "good" : verification.outcome === "reopened" ? "bad" : "mid"}`}>
          <Icon name={verification.outcome === "verified" ? "check" : verification.outcome === "reopened" ? "alert" : "wait"} size={14} />
          {message(verification.message, aboutIncident(incident))}
        </span>
      )}
    </div>
  );
}
