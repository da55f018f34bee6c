import { useNavigate } from "@tanstack/react-router";
import { Button, Input, InputNumber, Segmented, Select } from "antd";
import { useState, type FormEvent } from "react";
import { completeTask, type Answer } from "../../api/actions";
import type { FormField, TaskPage } from "../../api/types";
import { useAct } from "../../components/useAct";
import { useWords } from "../../i18n/useWords";

type Value = Answer[string] | undefined;

const isMissing = (field: FormField, value: Value) => field.required && (value === undefined || value === "");

/** A human step's form, drawn from the fields that the playbook asks for. */
export function TaskForm({ task }: { task: TaskPage }) {
  const { t } = useWords();
  const navigate = useNavigate();
  const [answer, setAnswer] = useState<Record<string, Value>>({ ...task.answer });
  const [note, setNote] = useState("");
  const [tried, setTried] = useState(false);
  const missing = task.form.filter((field) => isMissing(field, answer[field.name]));
  const act = useAct(
    () => completeTask(task.id, Object.fromEntries(Object.entries(answer).filter((pair): pair is [string, Answer[string]] => pair[1] !== undefined)), note),
    {
      done: t("task.completed"),
      kinds: ["task", "incident", "run", "loop"],
      after: () => task.incident_id !== null && void navigate({ to: "/incidents/$id", params: { id: String(task.incident_id) } }),
    },
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (missing.length === 0) act.mutate(undefined);
  };
  return (
    <form className="stack task-form" onSubmit={submit}>
      {task.form.map((field) => (
        <Field
          key={field.name}
          field={field}
          value={answer[field.name]}
          missing={tried && isMissing(field, answer[field.name])}
          onChange={(value) => setAnswer({ ...answer, [field.name]: value })}
        />
      ))}
      <label className="stack tight">
        <span className="small mid">
          {t("form.note")}
          {t("form.optional")}
        </span>
        <Input.TextArea rows={2} value={note} data-testid="task-note" onChange={(event) => setNote(event.target.value)} />
      </label>
      <div>
        <Button type="primary" htmlType="submit" loading={act.isPending} data-testid="task-complete">
          {t("task.complete")}
        </Button>
      </div>
    </form>
  );
}

function Field(props: { field: FormField; value: Value; missing: boolean; onChange: (value: Value) => void }) {
  const { field, value, missing, onChange } = props;
  const { t, local } = useWords();
  const label = local(field.label) || field.name;
  const id = `field-${field.name}`;
  return (
    <div className="stack tight">
      <label className="small mid" htmlFor={field.type === "boolean" || shortChoice(field) ? undefined : id} id={`${id}-label`}>
        {label}
        {field.required ? "" : t("form.optional")}
      </label>
      <FieldInput field={field} id={id} value={value} onChange={onChange} />
      {missing && (
        <span className="small bad" role="alert">
          {t("form.missing", { label })}
        </span>
      )}
    </div>
  );
}

const shortChoice = (field: FormField) => field.type === "choice" && (field.options ?? []).length <= 4;

function FieldInput({ field, id, value, onChange }: { field: FormField; id: string; value: Value; onChange: (value: Value) => void }) {
  const { t } = useWords();
  const shared = { id, "data-testid": id };
  const options = (field.options ?? []).map((one) => ({ value: one, label: t(`option.${one}`, { defaultValue: one }) }));
  if (field.type === "boolean" || shortChoice(field)) {
    const choices = field.type === "boolean" ? [{ value: "yes", label: t("word.yes") }, { value: "no", label: t("word.no") }] : options;
    const current = field.type === "boolean" ? (value === undefined ? "" : value ? "yes" : "no") : value;
    return (
      <div data-testid={id}>
        <Segmented
          name={id}
          aria-labelledby={`${id}-label`}
          value={current ?? ""}
          options={choices}
          onChange={(chosen) => onChange(field.type === "boolean" ? chosen === "yes" : (chosen as string))}
        />
      </div>
    );
  }
  if (field.type === "choice") return <Select {...shared} value={(value as string) ?? null} options={options} onChange={onChange} />;
  if (field.type === "number") {
    return <InputNumber {...shared} value={typeof value === "number" ? value : null} onChange={(number) => onChange(number ?? undefined)} />;
  }
  return <Input {...shared} value={(value as string) ?? ""} onChange={(event) => onChange(event.target.value)} />;
}
