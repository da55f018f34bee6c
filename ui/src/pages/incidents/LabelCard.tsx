import { useQuery } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { useState } from "react";
import { addLabel, withdrawLabel } from "../../api/actions";
import * as queries from "../../api/queries";
import type { IncidentPage, LabelRow, Verdict } from "../../api/types";
import { Card } from "../../components/Card";
import { Icon } from "../../components/Icon";
import { PersonName } from "../../components/Person";
import { Fault } from "../../components/states";
import { Tag, verdictIcons } from "../../components/Tag";
import { useAct } from "../../components/useAct";
import { aboutIncident, useWords } from "../../i18n/useWords";
import { useShortcuts } from "../../layout/shortcuts";

const verdicts: Verdict[] = ["true", "false_alarm", "expected", "new_normal"];
const touched = ["incident", "proposal", "loop", "points"];

/** Was the alarm right? The effect is seen before the click and can be taken back after it. */
export function LabelCard({ incident }: { incident: IncidentPage }) {
  const { t } = useWords();
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const given = incident.labels.filter((label) => label.withdrawn_at === null);
  const can = incident.actions.includes("label");
  return (
    <Card title={t("label.title")} id="label">
      <div className="stack mid-gap">
        {given.map((label) => (
          <Given key={label.id} label={label} incident={incident} can={can} />
        ))}
        {!can && given.length === 0 && <p className="list dim">{t("label.cannot")}</p>}
        {can && (
          <div className="label-buttons" role="group" aria-label={t("label.title")}>
            {verdicts.map((one) => (
              <Button
                key={one}
                icon={<Icon name={verdictIcons[one]} size={14} />}
                className={one === verdict ? "chosen" : ""}
                aria-pressed={one === verdict}
                data-testid={`label-${one}`}
                onClick={() => setVerdict(one === verdict ? null : one)}
              >
                {t(`verdict.${one}`)}
              </Button>
            ))}
          </div>
        )}
        {can && verdict && <Preview incident={incident} verdict={verdict} onDone={() => setVerdict(null)} />}
      </div>
    </Card>
  );
}

function Preview({ incident, verdict, onDone }: { incident: IncidentPage; verdict: Verdict; onDone: () => void }) {
  const { t, message } = useWords();
  const [note, setNote] = useState("");
  const preview = useQuery(queries.labelPreview(incident.id, verdict));
  const act = useAct(() => addLabel(incident.id, verdict, note), {
    done: t("label.done", { verdict: t(`verdict.${verdict}`) }),
    kinds: touched,
    after: onDone,
    undo: async (page) => {
      const newest = page.labels.filter((label) => label.withdrawn_at === null).at(-1);
      if (newest) await withdrawLabel(newest.id);
    },
  });
  const about = aboutIncident(incident);
  return (
    <div className="stack mid-gap" data-testid="label-preview">
      {preview.error && <Fault error={preview.error} what={t("label.preview")} />}
      <div className="small mid">
        <span>{t("label.would", { verdict: t(`verdict.${verdict}`) })}</span>
        {preview.data && (
          <ul className="effects">
            {preview.data.effects.map((effect) => (
              <li key={effect.code}>{message(effect, about)}</li>
            ))}
            {preview.data.effects.length === 0 && <li>{t("label.no_effect")}</li>}
          </ul>
        )}
        <span>{t("label.reversible")}</span>
      </div>
      <Input placeholder={t("label.note")} aria-label={t("label.note")} value={note} onChange={(event) => setNote(event.target.value)} />
      <Button loading={act.isPending} data-testid="label-confirm" onClick={() => act.mutate(undefined)}>
        {t("label.confirm", { verdict: t(`verdict.${verdict}`) })}
      </Button>
    </div>
  );
}

function Given({ label, incident, can }: { label: LabelRow; incident: IncidentPage; can: boolean }) {
  const { t, message, nearTime } = useWords();
  const act = useAct(() => withdrawLabel(label.id), { done: t("label.withdrawn"), kinds: touched });
  useShortcuts({ z: () => can && act.mutate(undefined) });
  const about = aboutIncident(incident);
  return (
    <div className="given" data-testid="label-given">
      <div className="row between">
        <Tag icon={verdictIcons[label.verdict]}>{t(`verdict.${label.verdict}`)}</Tag>
        {can && (
          <button type="button" className="plain-button" disabled={act.isPending} data-testid="label-undo" onClick={() => act.mutate(undefined)}>
            {t("label.take_back")}
          </button>
        )}
      </div>
      <p className="small dim">
        <PersonName person={label.by} /> · {nearTime(label.at, incident.timezone)}
        {label.note && ` · ${t("word.quoted", { text: label.note })}`}
      </p>
      <ul className="effects small mid">
        {label.effects.map((effect) => (
          <li key={effect.code}>{message(effect, about)}</li>
        ))}
      </ul>
    </div>
  );
}
