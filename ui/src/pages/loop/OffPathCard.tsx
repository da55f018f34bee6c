import { Link } from "@tanstack/react-router";
import type { IncidentState, LoopOverview, OffPathRow } from "../../api/types";
import { endsInside, Sparkline } from "../../charts/Sparkline";
import { Card } from "../../components/Card";
import { Difference } from "../../components/Difference";
import { Icon } from "../../components/Icon";
import { PersonName } from "../../components/Person";
import { Empty } from "../../components/states";
import { stateLooks } from "../../components/Tag";
import { formatDifference, formatValue } from "../../i18n/numbers";
import { sliceToQuery } from "../../i18n/texts";
import { useWords } from "../../i18n/useWords";

const isState = (text: string | null): text is IncidentState => text !== null && text in stateLooks;

/** Metrics that left their band, with where their handling stands. */
export function OffPathCard({ loop }: { loop: LoopOverview }) {
  const { t } = useWords();
  return (
    <Card
      title={t("offpath.title")}
      note={t("offpath.note", { count: loop.off_path.length, all: loop.metrics_total })}
      flush
      extra={<Link to="/metrics">{t("offpath.all")}</Link>}
    >
      {loop.off_path.length === 0 ? (
        <Empty icon="check" title={t("offpath.none")} text={t("offpath.none_help")} />
      ) : (
        <div className="scroll-x">
          <table className="plain">
            <thead>
              <tr>
                <th scope="col">{t("offpath.metric_owner")}</th>
                <th scope="col" className="desktop-only">{t("offpath.trend")}</th>
                <th scope="col" className="right">{t("offpath.now_expected")}</th>
                <th scope="col">{t("offpath.difference")}</th>
                <th scope="col" className="desktop-only">{t("offpath.handling")}</th>
              </tr>
            </thead>
            <tbody>
              {loop.off_path.map((row) => (
                <Row key={`${row.metric}-${sliceToQuery(row.slice)}-${row.grain}`} row={row} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}

function Row({ row }: { row: OffPathRow }) {
  const { t, local, slice } = useWords();
  const name = Object.keys(row.slice).length > 0 ? `${local(row.label)} · ${slice(row.slice)}` : local(row.label);
  const label = t("chart.spark", { name, value: formatValue(row.value, row.unit), difference: formatDifference(row.difference, row.unit) });
  return (
    <tr>
      <td>
        <Link to="/metrics/$name" params={{ name: row.metric }} search={{ slice: sliceToQuery(row.slice) || undefined, grain: row.grain }} className="link-ink strong" data-row>
          {name}
        </Link>
        <div className="small dim">
          {row.owner ? <PersonName person={row.owner} /> : t("person.nobody")} · {t(`grain.${row.grain}`, { defaultValue: row.grain })}
        </div>
      </td>
      <td className="desktop-only">
        <Sparkline points={row.spark} label={label} better={row.better} width={164} />
      </td>
      <td className="right nowrap">
        <div className="strong">{formatValue(row.value, row.unit)}</div>
        <div className="small dim">{formatValue(row.expected, row.unit)}</div>
      </td>
      <td>
        <Difference value={row.difference} unit={row.unit} better={row.better} inside={endsInside(row.spark)} />
      </td>
      <td className="desktop-only">
        <Handling row={row} />
      </td>
    </tr>
  );
}

function Handling({ row }: { row: OffPathRow }) {
  const { t } = useWords();
  if (row.incident_id === null) return <span className="dim">{t("offpath.no_incident")}</span>;
  const state = row.incident_state;
  return (
    <span className="row nowrap" style={{ gap: 5 }}>
      <span className={isState(state) ? (stateLooks[state].tone === "plain" ? "mid" : stateLooks[state].tone) : "mid"}>
        <Icon name={isState(state) ? stateLooks[state].icon : "incident"} size={14} />
      </span>
      <Link to="/incidents/$id" params={{ id: String(row.incident_id) }}>
        #{row.incident_id}
      </Link>
      <span className="mid">{state ? t(`state.${state}`, { defaultValue: state }) : ""}</span>
    </span>
  );
}
