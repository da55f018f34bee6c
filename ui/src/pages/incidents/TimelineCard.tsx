import { Segmented } from "antd";
import type { IncidentPage, TimelineRow } from "../../api/types";
import { Card } from "../../components/Card";
import { Icon, type IconName } from "../../components/Icon";
import { ActorName } from "../../components/Person";
import { clockTime, wallClock, weekdayText } from "../../i18n/times";
import { aboutIncident, useWords } from "../../i18n/useWords";
import { useQueryState } from "../../layout/useQueryState";

const looks: Record<TimelineRow["kind"], { icon: IconName; tone: string }> = {
  detect: { icon: "alert", tone: "bad" },
  attribute: { icon: "metric", tone: "mid" },
  triage: { icon: "incident", tone: "mid" },
  assign: { icon: "hand", tone: "mid" },
  notify: { icon: "send", tone: "mid" },
  act: { icon: "playbook", tone: "wait" },
  verify: { icon: "check", tone: "good" },
  review: { icon: "knowledge", tone: "mid" },
  tune: { icon: "proposal", tone: "mid" },
  comment: { icon: "comment", tone: "mid" },
};

const kinds = ["all", "people", "system"] as const;

/** Everything that happened, newest first; new lines are read out politely. */
export function TimelineCard({ incident }: { incident: IncidentPage }) {
  const { t } = useWords();
  const [search, setSearch] = useQueryState();
  const show = search.timeline ?? "all";
  const rows = newestFirst(incident.timeline).filter(
    (row) => show === "all" || (show === "people") === (row.actor.kind === "person"),
  );
  const days = Map.groupBy(rows, (row) => wallClock(row.at, incident.timezone).date);
  return (
    <Card
      title={t("timeline.title")}
      extra={
        <Segmented
          name="timeline-kind"
          aria-label={t("timeline.title")}
          value={show}
          options={kinds.map((kind) => ({ value: kind, label: t(`timeline.${kind}`) }))}
          onChange={(kind) => setSearch({ timeline: kind === "all" ? undefined : kind })}
        />
      }
    >
      <div role="log" aria-live="polite" aria-label={t("timeline.title")} data-testid="timeline">
        {[...days].map(([date, list]) => (
          <div key={date}>
            <p className="small dim timeline-day">
              {date} {weekdayText(list[0]?.at ?? date, t, incident.timezone)}
            </p>
            <ol>
              {list.map((row, index) => (
                <Line key={`${row.at}-${row.message.code}-${index}`} row={row} incident={incident} />
              ))}
            </ol>
          </div>
        ))}
      </div>
    </Card>
  );
}

/** Newest first; what happened at the same instant keeps its order, turned round too. */
export function newestFirst(rows: TimelineRow[]): TimelineRow[] {
  const oldestFirst = Date.parse(rows[0]?.at ?? "") <= Date.parse(rows.at(-1)?.at ?? "");
  return (oldestFirst ? rows.toReversed() : rows).toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at));
}

function Line({ row, incident }: { row: TimelineRow; incident: IncidentPage }) {
  const { message } = useWords();
  const { icon, tone } = looks[row.kind];
  return (
    <li className="timeline-line">
      <time className="dim" dateTime={row.at}>
        {clockTime(row.at, incident.timezone)}
      </time>
      <span className={tone}>
        <Icon name={icon} />
      </span>
      <span className="list">
        <strong>
          <ActorName actor={row.actor} />
        </strong>{" "}
        {message(row.message, aboutIncident(incident))}
      </span>
    </li>
  );
}
