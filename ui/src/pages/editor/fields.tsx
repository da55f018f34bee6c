import { Input, Segmented, Select } from "antd";
import { createContext, use, useId, type ReactNode } from "react";
import type { IssueRow } from "../../api/types";
import { useWords } from "../../i18n/useWords";
import { type Body, issuesAt, listAt, localAt, textAt, withLocal, withValue } from "./draft";

interface Editing {
  body: Body;
  issues: IssueRow[];
  readOnly: boolean;
  edit: (change: (body: Body) => Body) => void;
}

export const EditingContext = createContext<Editing | null>(null);

export function useEditing(): Editing {
  const editing = use(EditingContext);
  if (editing === null) throw new Error("a field stands outside of a form");
  return editing;
}

export interface Option {
  value: string;
  label: string;
}

/** One value with its label, and what is wrong with it. */
export function Field({ path, label, wide = false, children }: { path: string; label: string; wide?: boolean; children: (id: string, wrong: boolean) => ReactNode }) {
  const { issues } = useEditing();
  const id = useId();
  const wrong = issuesAt(issues, path);
  return (
    <div className={wide ? "field wide" : "field"} data-testid={`field-${path}`}>
      <label htmlFor={id}>{label}</label>
      {children(id, wrong.length > 0)}
      {wrong.map((issue) => (
        <div key={issue.problem} className="small bad" lang="en">{issue.problem}</div>
      ))}
    </div>
  );
}

export function TextField({ path, label, wide, code = false, placeholder }: { path: string; label: string; wide?: boolean; code?: boolean; placeholder?: string }) {
  const { body, edit, readOnly } = useEditing();
  return (
    <Field path={path} label={label} wide={wide ?? false}>
      {(id, wrong) => (
        <Input
          id={id}
          status={wrong ? "error" : ""}
          disabled={readOnly}
          className={code ? "code-input" : ""}
          placeholder={placeholder ?? ""}
          value={textAt(body, path)}
          onChange={(event) => edit((now) => withValue(now, path, event.target.value))}
        />
      )}
    </Field>
  );
}

export function NumberField({ path, label }: { path: string; label: string }) {
  const { body, edit, readOnly } = useEditing();
  const read = (text: string) => (text.trim() === "" ? undefined : Number.isFinite(Number(text)) ? Number(text) : text);
  return (
    <Field path={path} label={label}>
      {(id, wrong) => (
        <Input
          id={id}
          inputMode="decimal"
          status={wrong ? "error" : ""}
          disabled={readOnly}
          value={textAt(body, path)}
          onChange={(event) => edit((now) => withValue(now, path, event.target.value.endsWith(".") ? event.target.value : read(event.target.value)))}
        />
      )}
    </Field>
  );
}

export function LocalFields({ path, label, wide = false }: { path: string; label: string; wide?: boolean }) {
  const { t } = useWords();
  const { body, edit, readOnly } = useEditing();
  return (["zh", "en"] as const).map((language) => (
    <Field key={language} path={`${path}.${language}`} label={`${label} (${t(`language.${language}`)})`} wide={wide}>
      {(id) => (
        <Input
          id={id}
          lang={language === "zh" ? "zh-CN" : "en"}
          disabled={readOnly}
          value={localAt(body, path, language)}
          onChange={(event) => edit((now) => withLocal(now, path, language, event.target.value))}
        />
      )}
    </Field>
  ));
}

export function ChoiceField({ path, label, options, clear = true, onPick }: { path: string; label: string; options: Option[]; clear?: boolean; onPick?: (value: string) => void }) {
  const { body, edit, readOnly } = useEditing();
  const value = textAt(body, path);
  return (
    <Field path={path} label={label}>
      {(id, wrong) => (
        <Select
          id={id}
          showSearch={{ optionFilterProp: "label" }}
          allowClear={clear}
          status={wrong ? "error" : ""}
          disabled={readOnly}
          value={value || null}
          options={options}
          onChange={(next: string | null | undefined) => (onPick ? onPick(next ?? "") : edit((now) => withValue(now, path, next ?? "")))}
        />
      )}
    </Field>
  );
}

/** Several values; `free`: any word may be written, beside those offered. */
export function ListField({ path, label, options, free = false, wide = false }: { path: string; label: string; options: Option[]; free?: boolean; wide?: boolean }) {
  const { body, edit, readOnly } = useEditing();
  return (
    <Field path={path} label={label} wide={wide}>
      {(id, wrong) => (
        <Select
          id={id}
          mode={free ? "tags" : "multiple"}
          tokenSeparators={free ? [",", "，"] : []}
          status={wrong ? "error" : ""}
          disabled={readOnly}
          value={listAt(body, path)}
          options={options}
          onChange={(next: string[]) => edit((now) => withValue(now, path, next))}
        />
      )}
    </Field>
  );
}

/** `usual`: what holds where nothing is written. */
export function SegmentField({ path, label, options, usual = "", onPick }: { path: string; label: string; options: Option[]; usual?: string; onPick?: (value: string) => void }) {
  const { body, edit, readOnly, issues } = useEditing();
  const wrong = issuesAt(issues, path);
  return (
    <div className="field wide" data-testid={`field-${path}`}>
      <span className="label">{label}</span>
      <div className="scroll-x">
        <Segmented
          name={path}
          aria-label={label}
          disabled={readOnly}
          value={textAt(body, path) || usual}
          options={options}
          onChange={(next) => (onPick ? onPick(next) : edit((now) => withValue(now, path, next)))}
        />
      </div>
      {wrong.map((issue) => (
        <div key={issue.problem} className="small bad" lang="en">{issue.problem}</div>
      ))}
    </div>
  );
}
