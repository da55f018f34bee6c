import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { Button } from "antd";
import { publishDefinitions } from "../../api/actions";
import * as queries from "../../api/queries";
import { Card } from "../../components/Card";
import { NotPermitted } from "../../components/NotPermitted";
import { Query } from "../../components/Query";
import { Fault } from "../../components/states";
import { Tag } from "../../components/Tag";
import { useAct } from "../../components/useAct";
import { useMay } from "../../components/useMay";
import { useWords } from "../../i18n/useWords";
import { fresh, textAt } from "./draft";
import { EditingContext } from "./fields";
import { MetricForm } from "./MetricForm";
import { PlanCard } from "./PlanCard";
import { PreviewCard } from "./PreviewCard";
import { type Base, type Draft, useDraft } from "./useDraft";
import { YamlPane } from "./YamlPane";
import "./editor.css";

/** Change what a metric is: said in words and seen in numbers before it is published. */
export function EditMetricPage() {
  const { t } = useWords();
  const { name = "" } = useParams({ strict: false });
  const result = useQuery({ ...queries.definition("metric", name), staleTime: Infinity, refetchOnMount: "always" });
  return (
    <Query result={result} what={t("word.metric")} whole>
      {(page) => <Editor key={page.hash} name={name} base={{ body: page.body, yaml: page.yaml, parent: page.hash }} again={() => void result.refetch()} />}
    </Query>
  );
}

export function NewMetricPage() {
  const { t } = useWords();
  const result = useQuery({ ...queries.datasets(), staleTime: Infinity });
  const { data: me } = useQuery(queries.session());
  return (
    <Query result={result} what={t("sources.datasets")} whole>
      {(datasets) => <Editor name={null} base={{ body: fresh(datasets[0]?.name ?? "", me?.id ?? ""), yaml: "", parent: null }} again={() => undefined} />}
    </Query>
  );
}

function Editor({ name, base, again }: { name: string | null; base: Base; again: () => void }) {
  const { t } = useWords();
  const may = useMay();
  const { draft, edit, editForm, editYaml, setParent } = useDraft(base);
  const readOnly = !may("definition.edit");
  const issues = draft.checked?.issues ?? [];
  const change = draft.checked?.changes[0];
  const metric = textAt(draft.body, "name");
  return (
    <EditingContext value={{ body: draft.body, issues, readOnly, edit: editForm }}>
      <div className="page">
        <div className="page-head">
          <h1>{name === null ? t("editor.new") : t("editor.edit", { name })}</h1>
          <Checked draft={draft} />
        </div>
        {readOnly && <NotPermitted />}
        {draft.checked?.fault != null && <Fault error={draft.checked.fault} what={t("editor.check")} />}
        <div className="editor">
          <Card title={t("editor.form")} note={t("editor.form_note")}>
            <MetricForm isNew={name === null} />
          </Card>
          <div className="stack">
            <Card title={t("editor.yaml")} note={t("editor.yaml_note")}>
              <YamlPane text={draft.yaml} issues={issues} onChange={editYaml} readOnly={readOnly} />
            </Card>
            <PlanCard draft={draft} again={again} onTop={setParent} />
            <PreviewCard metric={metric} live={name !== null} edit={edit} ready={draft.checked !== null && issues.length === 0 && !change?.refused} />
          </div>
        </div>
        {!readOnly && <Publish draft={draft} metric={metric} edit={edit} />}
      </div>
    </EditingContext>
  );
}

/** Whether what stands here could be published: asked after each pause in typing. */
function Checked({ draft }: { draft: Draft }) {
  const { t } = useWords();
  const count = draft.checked?.issues.length ?? 0;
  return (
    <span role="status" data-testid="editor-state" data-state={draft.checked === null ? "asking" : count > 0 ? "wrong" : "right"}>
      {draft.checked === null && <Tag icon="clock">{t("editor.checking")}</Tag>}
      {draft.checked !== null && count > 0 && <Tag icon="alert" tone="bad">{t("editor.issues", { count })}</Tag>}
      {draft.checked !== null && count === 0 && draft.checked.fault == null && <Tag icon="check" tone="good">{t("editor.right")}</Tag>}
    </span>
  );
}

function Publish({ draft, metric, edit }: { draft: Draft; metric: string; edit: ReturnType<typeof useDraft>["edit"] }) {
  const { t, message } = useWords();
  const navigate = useNavigate();
  const publish = useAct(() => publishDefinitions([edit()]), {
    done: t("editor.published", { name: metric }),
    kinds: ["points", "definition", "metric-directory", "source", "proposal"],
    after: () => void navigate({ to: "/metrics/$name", params: { name: metric } }),
  });
  const change = draft.checked?.changes[0];
  const stuck = draft.checked === null || draft.checked.fault != null || draft.checked.issues.length > 0 || !change || change.refused !== null || change.moved !== null;
  const why = change?.refused ? message(change.refused) : change?.moved ? t("editor.moved_first") : draft.checked?.issues.length ? t("editor.issues_first") : draft.checked && !change ? t("editor.unchanged") : "";
  return (
    <div className="editor-bar">
      <Button type="primary" disabled={stuck} loading={publish.isPending} data-testid="publish" onClick={() => publish.mutate(undefined)}>
        {t("editor.publish", { name: metric })}
      </Button>
      <span className="small mid">{why}</span>
    </div>
  );
}
