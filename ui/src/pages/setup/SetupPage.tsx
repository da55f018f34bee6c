import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Button, Steps } from "antd";
import { useState } from "react";
import { publishDefinitions } from "../../api/actions";
import { Card } from "../../components/Card";
import { NotPermitted } from "../../components/NotPermitted";
import { Fault } from "../../components/states";
import { useAct } from "../../components/useAct";
import { useMay } from "../../components/useMay";
import { useWords } from "../../i18n/useWords";
import { type Ask, suggest } from "./calls";
import { ChooseStep } from "./ChooseStep";
import { NumbersStep } from "./NumbersStep";
import { ProposalStep } from "./ProposalStep";
import { TableStep } from "./TableStep";
import { type Choice, editsOf, metricsOf, nothingChosen, type SourceBody } from "./wizard";
import "../editor/editor.css";
import "./setup.css";

const steps = ["choose", "table", "proposal", "numbers"] as const;
type Step = (typeof steps)[number];

/** From a file or database that nobody has described yet to a first metric with a monitor. */
export function SetupPage() {
  const { t } = useWords();
  const may = useMay();
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t("setup.title")}</h1>
        <span className="mid">{t("setup.purpose")}</span>
      </div>
      {may("definition.publish") ? <Wizard /> : <NotPermitted />}
    </div>
  );
}

function Wizard() {
  const { t, language } = useWords();
  const go = useNavigate();
  const [step, setStep] = useState<Step>("choose");
  const [source, setSource] = useState<SourceBody | null>(null);
  const [tables, setTables] = useState<string[]>([]);
  const [ask, setAsk] = useState<Ask | null>(null);
  const [choice, setChoice] = useState<Choice>(nothingChosen);
  const look = useMutation({ mutationFn: suggest });
  const found = look.data;
  const edits = found?.dataset ? editsOf(found, choice, language) : [];
  const metrics = metricsOf(edits);

  const lookAt = (next: Ask) => {
    setAsk(next);
    look.mutate(next, { onSuccess: () => setStep("proposal") });
  };
  const chosen = (next: SourceBody, its: string[]) => {
    setSource(next);
    setTables(its);
    setChoice(nothingChosen);
    look.reset();
    if (its.length === 1 && its[0] !== undefined) lookAt({ source: next, table: its[0] });
    else setStep("table");
  };
  const publish = useAct(() => publishDefinitions(edits), {
    done: t("setup.published"),
    kinds: ["points", "source", "definition", "metric-directory", "proposal", "loop"],
    after: () => void go({ to: "/metrics/$name", params: { name: metrics[0] ?? "" } }),
  });

  return (
    <>
      <nav aria-label={t("setup.steps")}>
        <Steps size="small" current={steps.indexOf(step)} items={steps.map((one) => ({ title: t(`setup.step.${one}`) }))} />
      </nav>
      {look.error !== null && <Fault error={look.error} what={ask?.table ?? ""} />}
      {look.isPending && <p className="mid" role="status">{t("setup.looking", { table: ask?.table })}</p>}
      {step === "choose" && <ChooseStep chosen={chosen} busy={look.isPending} />}
      {step === "table" && source && (
        <TableStep tables={tables} busy={look.isPending} chosen={(table) => lookAt({ source, table })} />
      )}
      {step === "proposal" && found && ask && (
        <ProposalStep found={found} ask={ask} choice={choice} change={setChoice} askAgain={lookAt} busy={look.isPending} />
      )}
      {step === "numbers" && <NumbersStep edits={edits} />}
      {step !== "choose" && (
        <div className="editor-bar">
          <Button onClick={() => setStep(step === "numbers" ? "proposal" : step === "proposal" && tables.length > 1 ? "table" : "choose")}>
            {t("setup.back")}
          </Button>
          <span className="grow" />
          {step === "proposal" && (
            <Button type="primary" data-testid="setup-next" disabled={metrics.length === 0 || look.isPending} onClick={() => setStep("numbers")}>
              {t("setup.see_numbers")}
            </Button>
          )}
          {step === "numbers" && (
            <Button type="primary" data-testid="setup-publish" loading={publish.isPending} onClick={() => publish.mutate(undefined)}>
              {t("setup.publish", { count: metrics.length })}
            </Button>
          )}
        </div>
      )}
      {step === "numbers" && publish.error !== null && (
        <Card>
          <Fault error={publish.error} what={t("setup.title")} />
        </Card>
      )}
    </>
  );
}
