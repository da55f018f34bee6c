import { Button } from "antd";
import { Link } from "@tanstack/react-router";
import type { TaskRow } from "../../api/types";
import { Card } from "../../components/Card";
import { Empty } from "../../components/states";
import { useWords } from "../../i18n/useWords";
import { TaskLine } from "../tasks/TaskLine";

const most = 5;

/** What waits for the reader, by due time; the page's one filled button starts with the first. */
export function MyTasksCard({ tasks, onFirst }: { tasks: TaskRow[]; onFirst: () => void }) {
  const { t } = useWords();
  return (
    <Card
      title={t("nav.tasks")}
      note={tasks.length > 0 ? t("tasks.by_due", { count: tasks.length }) : undefined}
      flush
      extra={
        tasks.length > 0 && (
          <Button type="primary" size="small" onClick={onFirst} data-testid="first-task">
            {t("tasks.do_first")}
          </Button>
        )
      }
    >
      {tasks.length === 0 && (
        <Empty icon="check" title={t("tasks.none")} text={t("tasks.none_help")} action={<Link to="/tasks" search={{ whose: "all" }}>{t("tasks.see_all")}</Link>} />
      )}
      <ul>
        {tasks.slice(0, most).map((task) => (
          <TaskLine key={task.id} task={task} />
        ))}
      </ul>
      {tasks.length > most && (
        <p className="card-foot small">
          <Link to="/tasks">{t("tasks.more", { count: tasks.length - most })}</Link>
        </p>
      )}
    </Card>
  );
}
