import { useQuery } from "@tanstack/react-query";
import { Segmented } from "antd";
import * as queries from "../../api/queries";
import { Query } from "../../components/Query";
import { Empty } from "../../components/states";
import { useWords } from "../../i18n/useWords";
import { useQueryState } from "../../layout/useQueryState";
import { TaskLine } from "./TaskLine";

const far = "9999";

/** What waits for me, or for anybody; by due time. */
export function TasksPage() {
  const { t } = useWords();
  const [search, setSearch] = useQueryState();
  const mine = search.whose !== "all";
  const state = search.state === "done" ? "done" : "open";
  const result = useQuery(queries.tasks(mine, state));
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t("nav.tasks")}</h1>
        {result.data && <span className="mid">{t("tasks.count", { count: result.data.length })}</span>}
      </div>
      <div className="row wrap">
        <Segmented
          name="task-whose"
          aria-label={t("tasks.whose")}
          value={mine ? "mine" : "all"}
          options={["mine", "all"].map((value) => ({ value, label: t(`tasks.${value}`) }))}
          onChange={(whose) => setSearch({ whose: whose === "mine" ? undefined : whose })}
        />
        <Segmented
          name="task-state"
          aria-label={t("word.state")}
          value={state}
          options={["open", "done"].map((value) => ({ value, label: t(`task_state.${value}`) }))}
          onChange={(value) => setSearch({ state: value === "open" ? undefined : value })}
        />
      </div>
      <section className="card card-flush" aria-label={t("nav.tasks")}>
        <Query result={result} what={t("nav.tasks")}>
          {(tasks) =>
            tasks.length === 0 ? (
              <Empty icon="check" title={t(state === "open" ? "tasks.none" : "tasks.none_done")} text={t("tasks.none_help")} />
            ) : (
              <ul>
                {tasks
                  .toSorted((a, b) => (a.due_at ?? far).localeCompare(b.due_at ?? far))
                  .map((task) => (
                    <TaskLine key={task.id} task={task} whose={!mine} />
                  ))}
              </ul>
            )
          }
        </Query>
      </section>
    </div>
  );
}
