import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import * as queries from "../../api/queries";
import type { LineagePage, NodeRow } from "../../api/types";
import { box, line, shapeOf } from "../../charts/lineageShape";
import { Card } from "../../components/Card";
import { Query } from "../../components/Query";
import { Scroll } from "../../components/Scroll";
import { useWords } from "../../i18n/useWords";
import "./lineage.css";

/** From the columns of the source to the metric, and on to everything that stands on it. A list on a phone. */
export function LineageCard({ name }: { name: string }) {
  const { t } = useWords();
  const result = useQuery(queries.lineage(name));
  return (
    <Card title={t("lineage.title")} note={t("lineage.note")} id="lineage">
      <Query result={result} what={t("lineage.title")}>
        {(found) => (
          <div data-testid="lineage">
            <Drawing found={found} />
            <Steps found={found} />
          </div>
        )}
      </Query>
    </Card>
  );
}

function Drawing({ found }: { found: LineagePage }) {
  const { t } = useWords();
  const shape = shapeOf(found.nodes.map((node) => node.id), found.edges);
  return (
    <div className="lineage-wide">
      <Scroll label={t("lineage.sentence", { count: found.nodes.length })}>
        <div className="lineage" style={{ width: shape.width, height: shape.height }}>
          <svg width={shape.width} height={shape.height} aria-hidden="true">
            {found.edges.map((edge) => {
              const [from, to] = [shape.boxes.get(edge.start), shape.boxes.get(edge.end)];
              return from && to && <path key={`${edge.start} ${edge.end} ${edge.relation}`} d={line(from, to)} className={`lineage-line lineage-${edge.relation}`} />;
            })}
          </svg>
          {found.nodes.map((node) => {
            const place = shape.boxes.get(node.id);
            const here = node.role === "metric" && node.name === found.metric;
            return (
              place && (
                <div key={node.id} className={`lineage-box${here ? " lineage-here" : ""}`} style={{ left: place.x, top: place.y, width: box.width, height: box.height }}>
                  <Named node={node} found={found} />
                  <span className="small dim">{t(`lineage.${node.role}`)}</span>
                </div>
              )
            );
          })}
        </div>
      </Scroll>
    </div>
  );
}

/** The same by role, for narrow pages. */
function Steps({ found }: { found: LineagePage }) {
  const { t } = useWords();
  const roles = [...new Set(found.nodes.map((node) => node.role))];
  return (
    <dl className="lineage-narrow">
      {roles.map((role) => (
        <div key={role}>
          <dt className="small dim">{t(`lineage.${role}`)}</dt>
          {found.nodes
            .filter((node) => node.role === role)
            .map((node) => (
              <dd key={node.id} className="row">
                <Named node={node} found={found} />
              </dd>
            ))}
        </div>
      ))}
    </dl>
  );
}

function Named({ node, found }: { node: NodeRow; found: LineagePage }) {
  const { local } = useWords();
  const text = local(node.label) || node.name;
  const named = { className: "cut link-ink strong", title: text };
  const params = { name: node.name };
  if (node.role === "metric") return <Link to="/metrics/$name" params={params} {...named}>{text}</Link>;
  if (node.role === "monitor") return <Link to="/monitors/$name" params={params} {...named}>{text}</Link>;
  if (node.role === "source") return <Link to="/sources/$name" params={params} {...named}>{text}</Link>;
  const source = node.role === "dataset" ? sourceOf(node, found) : undefined;
  if (source) return <Link to="/sources/$name" params={{ name: source.name }} hash={node.name} {...named}>{text}</Link>;
  return <span className="cut strong" title={text}>{text}</span>;
}

function sourceOf(dataset: NodeRow, { nodes, edges }: LineagePage): NodeRow | undefined {
  const starts = new Set(edges.filter((edge) => edge.end === dataset.id).map((edge) => edge.start));
  return nodes.find((node) => node.role === "source" && starts.has(node.id));
}
