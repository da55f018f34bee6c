import type { DifferenceRow } from "../api/types";
import { nothing } from "../i18n/numbers";
import { useWords } from "../i18n/useWords";
import { Scroll } from "./Scroll";

/** A value as people write it: JSON text without the quotes of a plain word. */
export function plainJson(text: string | null): string {
  if (text === null) return nothing;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "string" ? value : JSON.stringify(value);
  } catch {
    return text;
  }
}

/** Every value of a definition that differs: where, before, after. */
export function DifferenceTable({ rows }: { rows: DifferenceRow[] }) {
  const { t } = useWords();
  return (
    <Scroll label={t("difference.title")}>
      <table className="plain difference-table">
        <thead>
          <tr>
            <th scope="col">{t("difference.part")}</th>
            <th scope="col">{t("difference.before")}</th>
            <th scope="col">{t("difference.after")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.path}>
              <td><code>{row.path}</code></td>
              <td className="mid">{plainJson(row.before)}</td>
              <td>{plainJson(row.after)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
