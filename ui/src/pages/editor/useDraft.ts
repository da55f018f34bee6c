import { useEffect, useRef, useState } from "react";
import { checkDefinitions, planDefinitions } from "../../api/actions";
import type { ChangeRow, EditBody, IssueRow } from "../../api/types";
import { type Body, editOf } from "./draft";

export interface Base {
  body: Body;
  yaml: string;
  parent: string | null;
}

export interface Draft {
  body: Body;
  yaml: string;
  last: "form" | "yaml";
  /** What was answered about this very draft; null while it is being asked. */
  checked: { issues: IssueRow[]; changes: ChangeRow[]; fault: unknown } | null;
}

const pause = 400; // after the last key

/** Form and YAML are one draft. The server reads what was edited last, says what is wrong and what it would mean, and
 * writes the other one: there is no second reader of YAML that could understand it otherwise. */
export function useDraft(base: Base) {
  const [parent, setParent] = useState(base.parent);
  const [draft, setDraft] = useState<Draft>({ body: base.body, yaml: base.yaml, last: "form", checked: null });
  const asked = useRef(0);
  // What is asked is only what was edited last: the other one follows from the answer and must not ask again.
  const edit = JSON.stringify(editOf(draft, parent));

  useEffect(() => {
    const turn = (asked.current += 1);
    const timer = window.setTimeout(() => {
      void ask(JSON.parse(edit) as EditBody).then((answer) => {
        if (turn !== asked.current) return; // somebody has typed on
        setDraft((now) => ({
          body: now.last === "yaml" ? (answer.body ?? now.body) : now.body,
          yaml: now.last === "form" ? (answer.yaml ?? now.yaml) : now.yaml,
          last: now.last,
          checked: answer,
        }));
      });
    }, pause);
    return () => window.clearTimeout(timer);
  }, [edit]);

  return {
    draft,
    parent,
    setParent,
    edit: (): EditBody => editOf(draft, parent),
    editForm: (change: (body: Body) => Body) => setDraft((now) => ({ ...now, body: change(now.body), last: "form", checked: null })),
    editYaml: (text: string) => setDraft((now) => ({ ...now, yaml: text, last: "yaml", checked: null })),
  };
}

type Answer = NonNullable<Draft["checked"]> & { body?: Body | undefined; yaml?: string | undefined };

async function ask(edit: EditBody): Promise<Answer> {
  try {
    const { issues, definitions } = await checkDefinitions([edit]);
    const written = { body: definitions[0]?.body, yaml: definitions[0]?.yaml };
    if (issues.length > 0) return { issues, changes: [], fault: null, ...written };
    const plan = await planDefinitions([edit]);
    return { issues: plan.issues, changes: plan.changes, fault: null, ...written };
  } catch (fault) {
    return { issues: [], changes: [], fault };
  }
}
