import { useNavigate } from "@tanstack/react-router";
import { Button, Dropdown } from "antd";
import { useState } from "react";
import { incidentActions } from "../../api/actions";
import type { IncidentPage } from "../../api/types";
import { ReasonDrawer } from "../../components/ReasonDrawer";
import { useAct } from "../../components/useAct";
import { useIsPhone } from "../../components/useIsPhone";
import { useMay } from "../../components/useMay";
import { useWords } from "../../i18n/useWords";
import { useShortcuts } from "../../layout/shortcuts";
import { AssignDrawer } from "./AssignDrawer";
import { othersOf, primaryOf, type Button as Action } from "./primary";

type Form = "resolve" | "reopen" | "close" | "comment" | "accept";
const isForm = (action: string): action is Form => ["resolve", "reopen", "close", "comment", "accept"].includes(action);

/** The next action filled, the others beside it, the rare ones behind "more". */
export function IncidentButtons({ incident }: { incident: IncidentPage }) {
  const { t } = useWords();
  const phone = useIsPhone();
  const navigate = useNavigate();
  const [form, setForm] = useState<Form | null>(null);
  const [assigning, setAssigning] = useState(false);
  const act = useAct(
    ({ action, note }: { action: keyof typeof incidentActions; note: string }) => incidentActions[action](incident.id, note),
    { done: t("incident.done"), kinds: ["incident", "loop", "task", "run"], after: () => setForm(null) },
  );
  const may = useMay();
  const primary = primaryOf(incident, may);
  const others = othersOf(incident, may);
  const start = (action: Action | "comment") => (isForm(action) ? setForm(action) : act.mutate({ action, note: "" }));
  const openTask = () =>
    primary?.kind === "task" && void navigate({ to: "/tasks/$id", params: { id: primary.task.id } });
  const doPrimary = () => (primary?.kind === "action" ? start(primary.action) : openTask());

  useShortcuts({
    a: () => incident.actions.includes("acknowledge") && start("acknowledge"),
    e: () => void doPrimary(),
    c: () => incident.actions.includes("comment") && start("comment"),
    l: () => document.querySelector<HTMLElement>("#label button")?.focus(),
  });

  const rare = [
    ...(phone ? others.map((action) => ({ key: action, label: label(action), onClick: () => start(action) })) : []),
    ...(incident.actions.includes("assign") ? [{ key: "assign", label: t("incident.assign…"), onClick: () => setAssigning(true) }] : []),
    ...(incident.actions.includes("comment") ? [{ key: "comment", label: t("incident.comment…"), onClick: () => start("comment") }] : []),
  ];

  return (
    <div className={phone ? "actionbar" : "owner-actions"}>
      {rare.length > 0 && (
        <Dropdown trigger={["click"]} menu={{ items: rare }}>
          <Button data-testid="incident-more">{t("nav.more")} ▾</Button>
        </Dropdown>
      )}
      {!phone &&
        others.map((action) => (
          <Button key={action} data-testid={`incident-${action}`} loading={act.isPending && act.variables?.action === action} onClick={() => start(action)}>
            {label(action)}
          </Button>
        ))}
      {primary?.kind === "task" && (
        <Button type="primary" className={phone ? "grow" : ""} data-testid="incident-task" onClick={openTask}>
          {t(primary.task.kind === "approval" ? "incident.review_and_approve" : "incident.do_task")}
        </Button>
      )}
      {primary?.kind === "action" && (
        <Button
          type="primary"
          className={phone ? "grow" : ""}
          data-testid={`incident-${primary.action}`}
          loading={act.isPending && act.variables?.action === primary.action}
          onClick={doPrimary}
        >
          {label(primary.action)}
        </Button>
      )}
      {form && (
        <ReasonDrawer
          open
          title={t(`incident.form.${form}.title`, { id: incident.id })}
          label={t(`incident.form.${form}.label`)}
          action={t(`incident.form.${form}.action`)}
          required={form === "reopen" || form === "comment" || form === "accept"}
          busy={act.isPending}
          testId={`incident-${form}-confirm`}
          onClose={() => setForm(null)}
          onDone={(note) => act.mutate({ action: form, note })}
        >
          <p className="list mid">{t(`incident.form.${form}.effect`)}</p>
        </ReasonDrawer>
      )}
      <AssignDrawer incident={incident} open={assigning} onClose={() => setAssigning(false)} />
    </div>
  );

  function label(action: Action): string {
    return t(isForm(action) ? `incident.${action}…` : `incident.${action}`);
  }
}
