import { Link } from "@tanstack/react-router";
import type { LoopOverview, StuckRow } from "../../api/types";
import { AgeBar } from "../../components/AgeBar";
import { Card } from "../../components/Card";
import { Icon } from "../../components/Icon";
import { PersonName } from "../../components/Person";
import { Tag } from "../../components/Tag";
import { useWords } from "../../i18n/useWords";

/** Everything over its target time, worst first. */
export function StuckCard({ loop }: { loop: LoopOverview }) {
  const { t } = useWords();
  const rows = loop.stuck.toSorted((a, b) => b.age_s / b.target_s - a.age_s / a.target_s);
  const fine = Math.max(0, loop.incidents_open - rows.filter((row) => row.subject_kind === "incident").length);
  return (
    <Card title={t("stuck.title")} note={t("stuck.note")} flush>
      <ul>
        {rows.map((row) => (
          <Row key={`${row.subject_kind}-${row.subject_id}`} row={row} />
        ))}
      </ul>
      {(rows.length === 0 || fine > 0) && (
        <p className="card-foot small row mid">
          <span className="good">
            <Icon name="check" size={14} />
          </span>
          {t(rows.length === 0 ? "stuck.none" : "stuck.others_fine", { count: fine })}
        </p>
      )}
    </Card>
  );
}

function Row({ row }: { row: StuckRow }) {
  const { t, message, duration } = useWords();
  const text = t("age.of", { age: duration(row.age_s), target: duration(row.target_s) });
  return (
    <li className="stuck-row">
      <Tag icon="alert" tone="bad">
        {t(`station.${row.station}`)}
      </Tag>
      <div>
        <div className="list">
          <Subject row={row} />
        </div>
        <div className="small dim">
          {row.owner && (
            <>
              <PersonName person={row.owner} /> ·{" "}
            </>
          )}
          {message(row.reason)}
        </div>
      </div>
      <div className="small">
        <div className="row between">
          <span className="bad strong">{duration(row.age_s)}</span>
          <span className="dim">{t("age.target", { target: duration(row.target_s) })}</span>
        </div>
        <AgeBar age={row.age_s} target={row.target_s} label={text} />
      </div>
    </li>
  );
}

function Subject({ row }: { row: StuckRow }) {
  const { message } = useWords();
  const id = row.subject_id;
  const title = message(row.title);
  switch (row.subject_kind) {
    case "incident":
      return (
        <Link to="/incidents/$id" params={{ id }} className="link-ink" data-row>
          #{id} {title}
        </Link>
      );
    case "task":
      return (
        <Link to="/tasks/$id" params={{ id }} className="link-ink" data-row>
          {title}
        </Link>
      );
    case "proposal":
      return (
        <Link to="/proposals/$id" params={{ id }} className="link-ink" data-row>
          {title}
        </Link>
      );
    case "run":
      return (
        <Link to="/runs" search={{ run: id }} className="link-ink" data-row>
          {title}
        </Link>
      );
    case "source":
      return (
        <Link to="/sources" className="link-ink" data-row>
          {title}
        </Link>
      );
  }
}
