import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import * as queries from "../../api/queries";
import type { LoopOverview } from "../../api/types";
import { LoopDrawing } from "../../charts/LoopDrawing";
import { Query } from "../../components/Query";
import { clockTime, dayText, wallClock, weekdayText } from "../../i18n/times";
import { useWords } from "../../i18n/useWords";
import { useShortcuts } from "../../layout/shortcuts";
import { useNow } from "../../live/clock";
import { HealthCard } from "./HealthCard";
import { MyTasksCard } from "./MyTasksCard";
import { OffPathCard } from "./OffPathCard";
import { StuckCard } from "./StuckCard";
import "./loop.css";

/** Where is the loop stuck, and what should I do first? */
export function LoopPage() {
  const { t } = useWords();
  const result = useQuery(queries.loop());
  return (
    <Query result={result} what={t("nav.loop")} whole>
      {(loop) => <Overview loop={loop} />}
    </Query>
  );
}

function Overview({ loop }: { loop: LoopOverview }) {
  const navigate = useNavigate();
  const first = loop.my_tasks[0];
  const openFirst = () => first && void navigate({ to: "/tasks/$id", params: { id: first.id } });
  useShortcuts({ e: () => void openFirst() });
  return (
    <div className="page">
      <div className="page-head">
        <Sentence loop={loop} />
        <span className="grow" />
        <DataAge loop={loop} />
      </div>
      <section className="card loop-card">
        <LoopDrawing loop={loop} />
      </section>
      <div className="loop-row loop-row-even">
        <StuckCard loop={loop} />
        <MyTasksCard tasks={loop.my_tasks} onFirst={openFirst} />
      </div>
      <div className="loop-row">
        <OffPathCard loop={loop} />
        <HealthCard rows={loop.health} />
      </div>
    </div>
  );
}

function partOfDay(hour: number): string {
  if (hour < 5) return "night";
  if (hour < 12) return "morning";
  return hour < 18 ? "afternoon" : "evening";
}

function Sentence({ loop }: { loop: LoopOverview }) {
  const { t } = useWords();
  const now = useNow();
  const { data: me } = useQuery(queries.session());
  const greeting = t(`greeting.${partOfDay(Number(wallClock(now).hour))}`, { name: me?.name ?? "", day: weekdayText(now, t) });
  const count = loop.stuck.length;
  const rest = count > 0 ? t("loop.look_at_stuck", { count }) : loop.my_tasks.length > 0 ? t("loop.look_at_tasks", { count: loop.my_tasks.length }) : t("loop.all_moves");
  return (
    <h1>
      {greeting}
      {t("word.comma")}
      {rest}
    </h1>
  );
}

function DataAge({ loop }: { loop: LoopOverview }) {
  const { t, nearTime } = useWords();
  const now = useNow();
  return (
    <span className="small dim">
      {dayText(now)} {weekdayText(now, t)} {clockTime(now)} ·{" "}
      {loop.data_until ? t("loop.data_until", { at: nearTime(loop.data_until) }) : t("loop.no_data")} · {t("loop.live")}
    </span>
  );
}
