import { useRef } from "react";
import type { IssueRow } from "../../api/types";
import { useWords } from "../../i18n/useWords";

/** The definition as it is written. Lines with an issue are marked, and a click on an issue leads to its line. */
export function YamlPane({ text, issues, onChange, readOnly }: { text: string; issues: IssueRow[]; onChange: (text: string) => void; readOnly: boolean }) {
  const { t } = useWords();
  const area = useRef<HTMLTextAreaElement>(null);
  const lines = text.split("\n");
  const marked = new Set(issues.map((issue) => issue.line));
  const go = (line: number) => {
    const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
    area.current?.focus();
    area.current?.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
  };
  return (
    <div className="stack mid-gap">
      <div className="yaml">
        <ol className="yaml-lines" aria-hidden="true">
          {lines.map((_, at) => (
            <li key={at} className={marked.has(at + 1) ? "yaml-bad" : ""}>{at + 1}</li>
          ))}
        </ol>
        <textarea
          ref={area}
          aria-label={t("editor.yaml")}
          aria-invalid={issues.length > 0}
          aria-describedby="editor-issues"
          spellCheck={false}
          wrap="off"
          rows={lines.length + 1}
          value={text}
          readOnly={readOnly}
          data-testid="editor-yaml"
          onChange={(event) => onChange(event.target.value)}
        />
      </div>
      <Issues issues={issues} go={go} />
    </div>
  );
}

/** Everything that is wrong: where, what, how to put it right (in English, as the command line says it). */
function Issues({ issues, go }: { issues: IssueRow[]; go: (line: number) => void }) {
  const { t } = useWords();
  return (
    <ul id="editor-issues" className="stack mid-gap" data-testid="editor-issues">
      {issues.map((issue) => (
        <li key={`${issue.path} ${issue.line} ${issue.problem}`} className="list" lang="en">
          {issue.line !== null && (
            <button type="button" className="plain-button" onClick={() => go(issue.line ?? 1)}>
              {t("editor.line", { line: issue.line })}
            </button>
          )}{" "}
          <span className="bad">{issue.problem}</span>
          {issue.fix && <div className="small mid">{t("problem.fix", { fix: issue.fix })}</div>}
        </li>
      ))}
    </ul>
  );
}
