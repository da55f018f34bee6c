import type { VersionRow } from "../api/types";
import { useWords } from "../i18n/useWords";
import { Tag } from "./Tag";

/** The versions of a definition, newest first: when, by whom, from where. */
export function VersionList({ versions }: { versions: VersionRow[] }) {
  const { t, time } = useWords();
  const rows = versions.toSorted((a, b) => b.version - a.version);
  return (
    <ol className="plain-list">
      {rows.map((row, index) => (
        <li key={row.version} className="row top">
          <Tag tone={index === 0 ? "blue" : "plain"}>v{row.version}</Tag>
          <div>
            <div className="list">{t(`origin.${row.origin}`)}</div>
            <div className="small dim">
              {time(row.at)} · {row.by} · <code>{row.hash.slice(0, 8)}</code>
            </div>
          </div>
        </li>
      ))}
    </ol>
  );
}
