import { Segmented } from "antd";
import { useState } from "react";
import { controlRun, type RunAction } from "../../api/actions";
import type { Mode, RunRow } from "../../api/types";
import { ReasonDrawer } from "../../components/ReasonDrawer";
import { useMay } from "../../components/useMay";
import { useAct } from "../../components/useAct";
import { useWords } from "../../i18n/useWords";

const modes: Mode[] = ["manual", "assisted", "automatic"];
const touched = ["run", "incident", "task", "loop"];
const ended = (run: RunRow) => ["succeeded", "failed", "cancelled"].includes(run.status);

/** The mode of one run; a change holds from the next step on, and is recorded. */
export function RunMode({ run }: { run: RunRow }) {
  const { t } = useWords();
  const may = useMay();
  const act = useAct((mode: Mode) => controlRun(run.id, "mode", "", mode), { done: t("run.mode_changed"), kinds: touched });
  return (
    <Segmented
      name={`run-mode-${run.id}`}
      aria-label={t("run.mode")}
      value={run.mode}
      disabled={ended(run) || act.isPending || !may("run.control")}
      options={modes.map((mode) => ({ value: mode, label: t(`mode.${mode}`) }))}
      onChange={(mode) => act.mutate(mode)}
    />
  );
}

/** What can be done with a run now. A failed step can be tried again, skipped, or the run ended. */
export function runActions(run: RunRow): RunAction[] {
  if (run.status === "succeeded" || run.status === "cancelled") return [];
  if (run.status === "paused" || run.status === "failed") {
    const failed = run.steps.some((step) => step.state === "failed");
    return [...(failed ? (["retry"] as const) : (["resume"] as const)), "skip", "abort"];
  }
  return ["pause", "skip", "abort"];
}

export function RunControls({ run }: { run: RunRow }) {
  const { t } = useWords();
  const [form, setForm] = useState<RunAction | null>(null);
  const act = useAct(({ action, reason }: { action: RunAction; reason: string }) => controlRun(run.id, action, reason), {
    done: t("run.done"),
    kinds: touched,
    after: () => setForm(null),
  });
  const may = useMay();
  const actions = may("run.control") ? runActions(run) : [];
  if (actions.length === 0) return null;
  // What throws work away asks for the reason; what only waits does not.
  const start = (action: RunAction) =>
    action === "skip" || action === "abort" ? setForm(action) : act.mutate({ action, reason: "" });
  return (
    <div className="row wrap run-controls">
      {actions.map((action) => (
        <button
          key={action}
          type="button"
          className="plain-button"
          disabled={act.isPending}
          data-testid={`run-${action}`}
          onClick={() => start(action)}
        >
          {t(`run.${action}`)}
        </button>
      ))}
      {form && (
        <ReasonDrawer
          open
          title={t(`run.form.${form}.title`)}
          label={t("form.reason")}
          action={t(`run.form.${form}.action`)}
          required
          busy={act.isPending}
          testId={`run-${form}-confirm`}
          onClose={() => setForm(null)}
          onDone={(reason) => act.mutate({ action: form, reason })}
        >
          <p className="list mid">{t(`run.form.${form}.effect`)}</p>
        </ReasonDrawer>
      )}
    </div>
  );
}
