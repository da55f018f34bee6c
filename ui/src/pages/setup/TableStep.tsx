import { Button, Input } from "antd";
import { useState } from "react";
import { Card } from "../../components/Card";
import { Empty } from "../../components/states";
import { useWords } from "../../i18n/useWords";

const most = 100;

/** Which of a source's tables to look at. */
export function TableStep({ tables, chosen, busy }: { tables: string[]; chosen: (table: string) => void; busy: boolean }) {
  const { t } = useWords();
  const [search, setSearch] = useState("");
  const fitting = tables.filter((one) => one.toLowerCase().includes(search.toLowerCase()));
  if (tables.length === 0) return <Empty icon="source" title={t("setup.no_tables")} text={t("setup.no_tables_help")} />;
  return (
    <Card title={t("setup.which_table")} note={t("setup.tables", { count: tables.length })}>
      <div className="stack mid-gap">
        {tables.length > 8 && (
          <Input.Search aria-label={t("setup.find_table")} placeholder={t("setup.find_table")} value={search} onChange={(event) => setSearch(event.target.value)} />
        )}
        <ul className="table-list">
          {fitting.slice(0, most).map((table) => (
            <li key={table}>
              <Button disabled={busy} onClick={() => chosen(table)}>{table}</Button>
            </li>
          ))}
        </ul>
      </div>
    </Card>
  );
}
