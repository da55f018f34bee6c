import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import * as queries from "../../api/queries";
import type { MetricPage, TreeNode } from "../../api/types";
import { Card } from "../../components/Card";
import { Query } from "../../components/Query";
import { Tag } from "../../components/Tag";
import { formatDifference, formatValue, nothing } from "../../i18n/numbers";
import { bucketText } from "../../i18n/times";
import { useWords } from "../../i18n/useWords";

const tolerance = 0.001; // a formula that misses by more than a thousandth is no identity

/** What drives the metric: values now and before, and whether the formula holds in the data. */
export function TreeCard({ metric }: { metric: MetricPage }) {
  const { t, now } = useWords();
  const result = useQuery(queries.tree(metric.name));
  const found = result.data;
  const at = (bucket: string) => bucketText(bucket, found?.grain ?? "day", now, found?.timezone);
  return (
    <Card
      title={t("tree.title")}
      note={found && t("tree.note", { at: at(found.bucket), before: at(found.compared) })}
      id="tree"
    >
      <Query result={result} what={t("tree.title")}>
        {(tree) => (
          <ul className="tree" data-testid="metric-tree">
            <Branch node={tree.root} />
          </ul>
        )}
      </Query>
    </Card>
  );
}

function Branch({ node }: { node: TreeNode }) {
  const { local } = useWords();
  const moved = node.value !== null && node.before !== null ? node.value - node.before : null;
  return (
    <li>
      <div className="tree-box">
        <div className="row between">
          <Link to="/metrics/$name" params={{ name: node.metric }} className="link-ink strong cut">
            {local(node.label) || node.metric}
          </Link>
          <span className="nowrap">
            <strong>{formatValue(node.value, node.unit)}</strong> <span className="small dim">{formatDifference(moved, node.unit)}</span>
          </span>
        </div>
        {node.drivers && (
          <div className="row wrap small mid">
            <code>= {node.drivers}</code>
            <Identity node={node} />
          </div>
        )}
      </div>
      {node.nodes.length > 0 && (
        <ul>
          {node.nodes.map((child) => (
            <Branch key={child.metric} node={child} />
          ))}
        </ul>
      )}
    </li>
  );
}

/** Whether the formula is true of the data. Nothing to compare is not "true". */
function Identity({ node }: { node: TreeNode }) {
  const { t } = useWords();
  if (node.error === null) return <Tag icon="wait">{nothing} {t("tree.unknown")}</Tag>;
  const error = `${(node.error * 100).toFixed(node.error < 0.0001 ? 0 : 2)}%`;
  return node.error <= tolerance ? (
    <Tag icon="check" tone="good">{t("tree.holds", { error })}</Tag>
  ) : (
    <Tag icon="alert" tone="bad">{t("tree.misses", { error })}</Tag>
  );
}
