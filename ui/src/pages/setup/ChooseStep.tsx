import { useMutation, useQuery } from "@tanstack/react-query";
import { Button, Input, Segmented, Select, Switch } from "antd";
import { useId, useRef, useState } from "react";
import { api, data } from "../../api/client";
import { Card } from "../../components/Card";
import { Query } from "../../components/Query";
import { Icon } from "../../components/Icon";
import { Fault } from "../../components/states";
import { useWords } from "../../i18n/useWords";
import { trySource, upload } from "./calls";
import { filled, type FormFieldRow, type SourceBody, type SourceForm } from "./wizard";

interface ChooseProps {
  chosen: (source: SourceBody, tables: string[]) => void;
  busy: boolean;
}

/** A file of one's own, or a database. */
export function ChooseStep({ chosen, busy }: ChooseProps) {
  const { t } = useWords();
  const [kind, setKind] = useState<"file" | "database">("file");
  return (
    <Card title={t("setup.where")}>
      <div className="stack mid-gap">
        <Segmented
          className="setup-kinds"
          value={kind}
          onChange={(next) => setKind(next as typeof kind)}
          options={[
            { value: "file", label: t("setup.file") },
            { value: "database", label: t("setup.database") },
          ]}
        />
        {kind === "file" ? <FileForm chosen={chosen} busy={busy} /> : <Databases chosen={chosen} busy={busy} />}
      </div>
    </Card>
  );
}

function FileForm({ chosen, busy }: ChooseProps) {
  const { t } = useWords();
  const input = useRef<HTMLInputElement>(null);
  const send = useMutation({
    mutationFn: upload,
    onSuccess: (answer) => chosen(answer.source, answer.tables ?? []),
  });
  const take = (file: File | undefined) => {
    if (file) send.mutate(file);
  };
  return (
    <div className="stack mid-gap">
      <div
        className="drop"
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault();
          take(event.dataTransfer.files[0]);
        }}
      >
        <Icon name="source" size={20} />
        <p className="mid">{t("setup.file_help")}</p>
        <Button type="primary" loading={send.isPending || busy} onClick={() => input.current?.click()}>
          {t("setup.choose_file")}
        </Button>
        <input
          ref={input}
          type="file"
          className="visually-hidden"
          tabIndex={-1}
          aria-label={t("setup.choose_file")}
          data-testid="setup-file"
          onChange={(event) => take(event.target.files?.[0])}
        />
      </div>
      {send.error !== null && <Fault error={send.error} what={t("setup.file")} />}
    </div>
  );
}

function Databases(props: ChooseProps) {
  const { t } = useWords();
  const result = useQuery({ queryKey: ["setup-forms"], queryFn: () => data(api.GET("/api/v1/setup/forms")) });
  return (
    <Query result={result} what={t("setup.database")}>
      {(forms) => <DatabaseForm forms={forms} {...props} />}
    </Query>
  );
}

// What nearly everybody fills in; the rest is behind one click.
const usual = new Set(["host", "port", "database", "user", "password", "path", "url", "dialect"]);

function DatabaseForm({ forms, chosen, busy }: ChooseProps & { forms: SourceForm[] }) {
  const { t } = useWords();
  const [plugin, setPlugin] = useState(forms[0]?.plugin ?? "");
  const [name, setName] = useState("");
  const [values, setValues] = useState<Record<string, string>>({});
  const pluginId = useId();
  const nameId = useId();
  const fields = forms.find((one) => one.plugin === plugin)?.fields ?? [];
  const test = useMutation({
    mutationFn: () => {
      const { options, secrets } = filled(fields, values);
      return trySource(name.trim() || plugin, plugin, options, secrets);
    },
    onSuccess: (answer) => {
      if (answer.ok) chosen(answer.source, answer.tables ?? []);
    },
  });
  const one = (field: FormFieldRow) => (
    <PlainField key={field.name} field={field} value={values[field.name] ?? ""} change={(value) => setValues({ ...values, [field.name]: value })} />
  );
  return (
    <form
      className="stack mid-gap"
      onSubmit={(event) => {
        event.preventDefault();
        test.mutate();
      }}
    >
      <div className="editor-form">
        <div className="field">
          <label htmlFor={pluginId}>{t("setup.kind")}</label>
          <Select
            id={pluginId}
            value={plugin}
            onChange={(next) => {
              setPlugin(next);
              setValues({});
            }}
            options={forms.map((form) => ({ value: form.plugin, label: t(`setup.plugin.${form.plugin}`, { defaultValue: form.plugin }) }))}
          />
        </div>
        <div className="field">
          <label htmlFor={nameId}>{t("setup.source_name")}</label>
          <Input id={nameId} value={name} placeholder={plugin} onChange={(event) => setName(event.target.value)} />
        </div>
        {fields.filter((field) => usual.has(field.name)).map(one)}
      </div>
      <details>
        <summary className="list blue">{t("setup.more_options")}</summary>
        <div className="editor-form">{fields.filter((field) => !usual.has(field.name)).map(one)}</div>
      </details>
      <p className="small mid row">
        <Icon name="hand" size={14} />
        {t("setup.secret_help")}
      </p>
      {test.data && !test.data.ok && (
        <div className="bad" role="alert">
          {test.data.problem}
          <div className="mid">{test.data.fix}</div>
        </div>
      )}
      {test.error !== null && <Fault error={test.error} what={t("setup.database")} />}
      <div>
        <Button type="primary" htmlType="submit" loading={test.isPending || busy} data-testid="setup-connect">
          {t("setup.connect")}
        </Button>
      </div>
    </form>
  );
}

function PlainField({ field, value, change }: { field: FormFieldRow; value: string; change: (value: string) => void }) {
  const { t } = useWords();
  const id = useId();
  const label = t(`setup.field.${field.name}`, { defaultValue: field.name });
  const shown = field.default === null || field.default === undefined ? "" : String(field.default);
  return (
    <div className="field">
      <label htmlFor={id}>
        {label}
        {field.required ? " *" : ""}
      </label>
      {field.kind === "choice" && (
        <Select id={id} value={value || shown} onChange={change} options={field.choices.map((one) => ({ value: one, label: one }))} />
      )}
      {field.kind === "yes_no" && (
        <div>
          <Switch id={id} checked={(value || shown) === "true"} onChange={(on) => change(String(on))} />
        </div>
      )}
      {field.kind === "secret" && (
        <Input.Password id={id} value={value} autoComplete="new-password" onChange={(event) => change(event.target.value)} />
      )}
      {(field.kind === "text" || field.kind === "number") && (
        <Input
          id={id}
          value={value}
          placeholder={shown}
          inputMode={field.kind === "number" ? "numeric" : "text"}
          required={field.required}
          onChange={(event) => change(event.target.value)}
        />
      )}
      {field.description && <span className="small dim" lang="en">{field.description}</span>}
    </div>
  );
}
