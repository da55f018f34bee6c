import { Button } from "antd";
import { useState } from "react";
import { acceptProposal, rejectProposal } from "../../api/actions";
import type { ProposalPage } from "../../api/types";
import { ReasonDrawer } from "../../components/ReasonDrawer";
import { useAct } from "../../components/useAct";
import { useIsPhone } from "../../components/useIsPhone";
import { useWords } from "../../i18n/useWords";
import { useShortcuts } from "../../layout/shortcuts";

const touched = ["proposal", "loop", "task"];

/** Accept or reject, each with the reason; acceptance shows what it does first. */
export function DecisionButtons({ proposal }: { proposal: ProposalPage }) {
  const { t } = useWords();
  const phone = useIsPhone();
  const [form, setForm] = useState<"accept" | "reject" | null>(null);
  const after = () => setForm(null);
  const accept = useAct((reason: string) => acceptProposal(proposal.id, reason), { done: t("proposal.accepted"), kinds: touched, after });
  const reject = useAct((reason: string) => rejectProposal(proposal.id, reason), { done: t("proposal.rejected"), kinds: touched, after });
  const version = proposal.monitor_version + 1;
  useShortcuts({ e: () => setForm("accept") });
  return (
    <div className={phone ? "actionbar" : "stack mid-gap"}>
      <Button type="primary" className={phone ? "grow" : ""} data-testid="proposal-accept" onClick={() => setForm("accept")}>
        {t("proposal.accept…", { version })}
      </Button>
      <Button data-testid="proposal-reject" onClick={() => setForm("reject")}>
        {t("proposal.reject…")}
      </Button>
      {form && (
        <ReasonDrawer
          open
          title={t(`proposal.form.${form}.title`)}
          label={t("form.reason")}
          action={t(`proposal.form.${form}.action`, { version })}
          required={form === "reject"}
          busy={accept.isPending || reject.isPending}
          testId={`proposal-${form}-confirm`}
          onClose={after}
          onDone={(reason) => (form === "accept" ? accept : reject).mutate(reason)}
        >
          <p className="list mid">{t(`proposal.form.${form}.effect`, { version, monitor: proposal.monitor, before: proposal.monitor_version })}</p>
        </ReasonDrawer>
      )}
    </div>
  );
}
