import { useQuery } from "@tanstack/react-query";
import { Button, Input, Select } from "antd";
import * as queries from "../../api/queries";
import { grains } from "../../charts/buckets";
import { Icon } from "../../components/Icon";
import { useWords } from "../../i18n/useWords";
import { type Body, textAt, valueAt, withType, withValue } from "./draft";
import { ChoiceField, Field, ListField, LocalFields, NumberField, type Option, SegmentField, TextField, useEditing } from "./fields";

/** Where the fields of the form stand in the body: issues elsewhere are shown beside the YAML alone. */
export const types = ["simple", "ratio", "derived", "cumulative"] as const;
const aggs = ["count", "sum", "count_distinct", "min", "max", "average", "median", "percentile"];
const units = ["count", "ratio", "seconds", "CNY", "USD", "EUR"];

const plain = (values: readonly string[]): Option[] => values.map((value) => ({ value, label: value }));

/** Names of the things in a list of a dataset, which may be written as a mere name. */
function namesIn(body: Body | undefined, key: string): string[] {
  const found = body?.[key];
  if (!Array.isArray(found)) return [];
  return found.map((one: unknown) => (typeof one === "string" ? one : textAt(one as Body, "name"))).filter(Boolean);
}

export function MetricForm({ isNew }: { isNew: boolean }) {
  const { t } = useWords();
  const { body, edit } = useEditing();
  const type = textAt(body, "type");
  return (
    <div className="editor-form">
      {isNew && <TextField path="name" label={t("editor.name")} code />}
      {isNew && <span />}
      <LocalFields path="label" label={t("editor.label")} />
      <LocalFields path="description" label={t("editor.description")} wide />
      <h3>{t("editor.reckoning")}</h3>
      <SegmentField
        path="type"
        label={t("editor.type")}
        options={types.map((value) => ({ value, label: t(`metric_type.${value}`) }))}
        onPick={(next) => edit((now) => withType(now, next))}
      />
      {type === "derived" ? <DerivedFields /> : <DatasetFields type={type} />}
      <TextField path="drivers" label={t("editor.drivers")} placeholder="visitors * conversion" wide code />
      <GovernanceFields />
    </div>
  );
}

function DatasetFields({ type }: { type: string }) {
  const { t } = useWords();
  const { body } = useEditing();
  const name = textAt(body, "dataset");
  const { data: datasets } = useQuery(queries.datasets());
  const { data: dataset } = useQuery({ ...queries.definition("dataset", name), enabled: name !== "" && (datasets ?? []).some((one) => one.name === name) });
  const measures = plain(namesIn(dataset?.body, "measures"));
  return (
    <>
      <ChoiceField path="dataset" label={t("editor.dataset")} options={plain((datasets ?? []).map((one) => one.name))} />
      {type === "ratio" ? (
        <>
          <ChoiceField path="numerator" label={t("editor.numerator")} options={measures} />
          <ChoiceField path="denominator" label={t("chart.denominator")} options={measures} />
        </>
      ) : (
        <Measured measures={measures} />
      )}
      {type === "cumulative" && <TextField path="window" label={t("editor.window")} placeholder="7d" code />}
      {type === "cumulative" && <ChoiceField path="grain_to_date" label={t("editor.to_date")} options={grains.slice(1).map((value) => ({ value, label: t(`grain.${value}`) }))} />}
      <TextField path="filter" label={t("editor.filter")} placeholder="status = 'paid'" wide code />
      <ListField path="dimensions" label={t("editor.dimensions")} options={plain(namesIn(dataset?.body, "dimensions"))} />
      <ListField path="grains" label={t("editor.grains")} options={grains.map((value) => ({ value, label: t(`grain.${value}`) }))} />
    </>
  );
}

/** A measure of the dataset by name, or one of its own: how, and of what. */
function Measured({ measures }: { measures: Option[] }) {
  const { t } = useWords();
  const { body } = useEditing();
  const named = textAt(body, "measure") !== "";
  const agg = textAt(body, "agg");
  return (
    <>
      <ChoiceField path="measure" label={t("editor.measure")} options={measures} />
      {!named && <ChoiceField path="agg" label={t("editor.agg")} options={aggs.map((value) => ({ value, label: t(`agg.${value}`) }))} />}
      {!named && agg !== "" && agg !== "count" && <TextField path="expr" label={t("editor.expr")} placeholder="amount" code />}
      {!named && agg === "percentile" && <NumberField path="percentile" label={t("editor.percentile")} />}
    </>
  );
}

interface Input_ {
  name: string;
  alias: string;
  offset: string;
}

/** The formula, and the metrics that it reckons with; more about them (filters) is written as YAML. */
function DerivedFields() {
  const { t, local } = useWords();
  const { body, edit, readOnly } = useEditing();
  const { data: metrics } = useQuery(queries.metricDirectory());
  const found = valueAt(body, "input_metrics");
  const inputs: Body[] = Array.isArray(found) ? (found as Body[]) : [];
  const change = (next: Body[]) => edit((now) => withValue(now, "input_metrics", next));
  const set = (at: number, key: string, value: string) => change(inputs.map((one, index) => (index === at ? withValue(one, key, value) : one)));
  const options = (metrics ?? []).map((one) => ({ value: one.name, label: `${local(one.label) || one.name} (${one.name})` }));
  const read = (one: Body): Input_ => ({ name: textAt(one, "name"), alias: textAt(one, "alias"), offset: textAt(one, "offset_window") });
  return (
    <>
      <TextField path="expr" label={t("editor.formula")} placeholder="gmv / last_week - 1" wide code />
      <Field path="input_metrics" label={t("editor.inputs")} wide>
        {(id) => (
          <div id={id}>
            {inputs.map((one, at) => (
              <div className="input-row" key={at}>
                <Select
                  aria-label={t("editor.input", { at: at + 1 })}
                  showSearch={{ optionFilterProp: "label" }}
                  disabled={readOnly}
                  value={read(one).name || null}
                  options={options}
                  onChange={(next: string | null) => set(at, "name", next ?? "")}
                />
                <Input aria-label={t("editor.alias")} placeholder={t("editor.alias")} disabled={readOnly} value={read(one).alias} onChange={(event) => set(at, "alias", event.target.value)} />
                <Input aria-label={t("editor.offset")} placeholder={t("editor.offset")} disabled={readOnly} value={read(one).offset} onChange={(event) => set(at, "offset_window", event.target.value)} />
                <Button aria-label={t("editor.remove", { name: read(one).name })} disabled={readOnly} icon={<Icon name="cross" size={12} />} onClick={() => change(inputs.filter((_, index) => index !== at))} />
              </div>
            ))}
            <button type="button" className="plain-button" disabled={readOnly} onClick={() => change([...inputs, { name: options[0]?.value ?? "metric" }])}>
              {t("editor.add_input")}
            </button>
          </div>
        )}
      </Field>
    </>
  );
}

function GovernanceFields() {
  const { t, local } = useWords();
  const { body } = useEditing();
  const { data: people } = useQuery(queries.people());
  const { data: teams } = useQuery(queries.teams());
  const { data: metrics } = useQuery(queries.metricDirectory());
  const unit = textAt(body, "governance.unit");
  return (
    <>
      <h3>{t("editor.governance")}</h3>
      <ChoiceField path="governance.owner" label={t("word.owner")} options={(people ?? []).map((one) => ({ value: one.id, label: one.name }))} clear={false} />
      <ChoiceField path="governance.unit" label={t("editor.unit")} options={plain([...new Set([...units, unit].filter(Boolean))])} clear={false} />
      <SegmentField path="governance.level" label={t("metrics.level")} options={["L1", "L2", "L3"].map((value) => ({ value, label: t(`level.${value}`) }))} />
      <SegmentField path="governance.good_direction" label={t("editor.direction")} options={["up", "down", "none"].map((value) => ({ value, label: t(`direction.${value}`) }))} />
      <SegmentField path="governance.status" usual="draft" label={t("metrics.status")} options={["draft", "certified", "deprecated"].map((value) => ({ value, label: t(`status.${value}`) }))} />
      {textAt(body, "governance.status") === "deprecated" && (
        <ChoiceField path="governance.successor" label={t("editor.successor")} options={(metrics ?? []).map((one) => ({ value: one.name, label: local(one.label) || one.name }))} />
      )}
      {(teams ?? []).length > 0 && (
        <ListField path="governance.access" label={t("editor.access")} options={(teams ?? []).map((one) => ({ value: one.id, label: local(one.label) || one.id }))} />
      )}
      <NumberField path="governance.minimum_denominator" label={t("editor.minimum")} />
      <ListField path="governance.synonyms.zh" label={`${t("editor.synonyms")} (${t("language.zh")})`} options={[]} free />
      <ListField path="governance.synonyms.en" label={`${t("editor.synonyms")} (${t("language.en")})`} options={[]} free />
    </>
  );
}
