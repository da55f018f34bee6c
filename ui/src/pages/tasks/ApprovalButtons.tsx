import { useNavigate } from "@tanstack/react-router";
import { Button } from "antd";
import { useState } from "react";
import { approve, rejectApproval } from "../../api/actions";
import type { TaskPage } from "../../api/types";
import { ReasonDrawer } from "../../components/ReasonDrawer";
import { useAct } from "../../components/useAct";
import { cutMiddle } from "../../i18n/texts";
import { useWords } from "../../i18n/useWords";
import { useShortcuts } from "../../layout/shortcuts";

const touched = ["task", "incident", "run", "loop"];

/** Yes, or no with the reason. Nothing else says yes: not a time-out, not a key by accident. */
export function ApprovalButtons({ task }: { task: TaskPage }) {
  const { t, local } = useWords();
  const navigate = useNavigate();
  const [rejecting, setRejecting] = useState(false);
  const after = () => {
    setRejecting(false);
    if (task.incident_id !== null) void navigate({ to: "/incidents/$id", params: { id: String(task.incident_id) } });
  };
  const yes = useAct(() => approve(task.id, ""), { done: t("approval.approved"), kinds: touched, after });
  const no = useAct((reason: string) => rejectApproval(task.id, reason), { done: t("approval.rejected"), kinds: touched, after });
  useShortcuts({ e: () => document.querySelector<HTMLElement>("[data-testid=approval-approve]")?.focus() });
  return (
    <div className="actionbar task-actions">
      <Button data-testid="approval-reject" onClick={() => setRejecting(true)}>
        {t("approval.reject…")}
      </Button>
      <Button type="primary" className="grow" loading={yes.isPending} data-testid="approval-approve" onClick={() => yes.mutate(undefined)}>
        {t("approval.approve", { title: cutMiddle(local(task.title), 32) })}
      </Button>
      <ReasonDrawer
        open={rejecting}
        title={t("approval.reject_title")}
        label={t("form.reason")}
        action={t("approval.reject")}
        required
        busy={no.isPending}
        testId="approval-reject-confirm"
        onClose={() => setRejecting(false)}
        onDone={(reason) => no.mutate(reason)}
      >
        <p className="list mid">{t("approval.reject_effect", { title: local(task.title) })}</p>
      </ReasonDrawer>
    </div>
  );
}
