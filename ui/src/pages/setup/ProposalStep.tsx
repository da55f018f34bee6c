import { AutoComplete, Checkbox, Input, Select } from "antd";
import { useId, useMemo, useState } from "react";
import { Card } from "../../components/Card";
import { Icon } from "../../components/Icon";
import { Scroll } from "../../components/Scroll";
import { useWords } from "../../i18n/useWords";
import type { Ask } from "./calls";
import { type Choice, governanceOf, labelOf, nameOf, type Suggestion } from "./wizard";

interface ProposalProps {
  found: Suggestion;
  ask: Ask;
  choice: Choice;
  change: (choice: Choice) => void;
  askAgain: (ask: Ask) => void;
  busy: boolean;
}

const grains = ["hour", "day", "week", "month"];
const hints = new Set(["starter.stray", "starter.day_or_month", "starter.no_monitor", "starter.one_row_a_step", "starter.zone"]);

/** What was found, each with its reason; everything can be changed, nothing is live yet. */
export function ProposalStep(props: ProposalProps) {
  const { t } = useWords();
  const { found } = props;
  if (!found.dataset) {
    return (
      <Card title={t("setup.cannot")}>
        <Reasons found={found} />
        <Sample found={found} />
      </Card>
    );
  }
  return (
    <>
      <DataCard {...props} />
      <MetricsCard {...props} />
    </>
  );
}

function DataCard({ found, ask, choice, change, askAgain, busy }: ProposalProps) {
  const { t, message } = useWords();
  const dataset = found.dataset ?? {};
  const proposed = (dataset["dimensions"] as string[] | undefined) ?? [];
  const why = (code: string) => message(found.reasons.find((one) => one.code === code));
  const zones = useMemo(() => Intl.supportedValuesOf("timeZone").map((value) => ({ value })), []);
  const [zone, setZone] = useState(String(dataset["timezone"] ?? "UTC"));
  const [currency, setCurrency] = useState(ask.currency ?? "");
  const again = (more: Partial<Ask>) => askAgain({ ...ask, timezone: zone, currency: currency || undefined, ...more });
  const settled = () => {
    if (zone !== dataset["timezone"] && zones.some((one) => one.value === zone || zone === "UTC")) again({ timezone: zone });
  };
  return (
    <Card title={t("setup.data", { table: ask.table })} note={t("setup.not_live")}>
      <div className="stack mid-gap">
        <div className="editor-form">
          <Labelled label={t("setup.time")} why={why("starter.time")}>
            {(id) => (
              <Select id={id} disabled={busy} value={String(dataset["time_column"])} options={found.times.map((value) => ({ value, label: value }))} onChange={(time) => again({ time })} />
            )}
          </Labelled>
          <Labelled label={t("setup.zone")} why={found.naive ? why("starter.zone") : ""}>
            {(id) => (
              <AutoComplete id={id} value={zone} options={zones} showSearch={{ filterOption: (text, option) => (option?.value ?? "").toLowerCase().includes(text.toLowerCase()) }} onChange={setZone} onBlur={settled} onSelect={(value: string) => again({ timezone: value })} />
            )}
          </Labelled>
          <Labelled label={t("setup.grain")} why={why("starter.grain")}>
            {(id) => (
              <Select id={id} value={choice.grain ?? String(dataset["grain"])} options={grains.map((value) => ({ value, label: t(`setup.grain.${value}`) }))} onChange={(grain) => change({ ...choice, grain })} />
            )}
          </Labelled>
          {found.money.length > 0 && (
            <Labelled label={t("setup.currency", { columns: found.money.join(t("word.comma")) })} why={t("setup.currency_help")}>
              {(id) => (
                <Select id={id} allowClear disabled={busy} value={currency || null} placeholder={t("setup.no_currency")} options={["CNY", "USD", "EUR", "JPY", "GBP", "HKD", "SGD"].map((value) => ({ value, label: value }))} onChange={(next: string | null | undefined) => {
                  setCurrency(next ?? "");
                  again({ currency: next ?? undefined });
                }} />
              )}
            </Labelled>
          )}
        </div>
        {proposed.length > 0 && (
          <fieldset className="plain-set">
            <legend className="small dim">{t("setup.dimensions")}</legend>
            <Checkbox.Group value={choice.dimensions ?? proposed} options={proposed} onChange={(dimensions) => change({ ...choice, dimensions })} />
          </fieldset>
        )}
        <Reasons found={found} only={hints} />
        <Sample found={found} />
      </div>
    </Card>
  );
}

function MetricsCard({ found, choice, change }: ProposalProps) {
  const { t, message, language } = useWords();
  const why = (name: string) => message(found.reasons.find((one) => one.params?.["name"] === name));
  const toggle = (name: string, on: boolean) =>
    change({ ...choice, left: on ? choice.left.filter((one) => one !== name) : [...choice.left, name] });
  return (
    <Card title={t("setup.metrics")} note={t("setup.metrics_note")}>
      <ul className="proposals">
        {found.metrics.map((metric) => {
          const name = nameOf(metric);
          const governance = governanceOf(metric);
          return (
            <li key={name} className={choice.left.includes(name) ? "proposal-row dim" : "proposal-row"} data-testid={`metric-${name}`}>
              <Checkbox checked={!choice.left.includes(name)} onChange={(event) => toggle(name, event.target.checked)}>
                <strong>{name}</strong>
              </Checkbox>
              <Input aria-label={t("setup.label_of", { name })} value={choice.label[name] ?? labelOf(metric, language)} onChange={(event) => change({ ...choice, label: { ...choice.label, [name]: event.target.value } })} />
              <Select
                aria-label={t("setup.direction_of", { name })}
                value={choice.direction[name] ?? String(governance["good_direction"])}
                options={["up", "down", "none"].map((value) => ({ value, label: t(`direction.${value}`) }))}
                onChange={(direction) => change({ ...choice, direction: { ...choice.direction, [name]: direction } })}
              />
              <span className="small mid proposal-why">{why(name)}</span>
            </li>
          );
        })}
        {found.monitors.map((monitor) => {
          const name = nameOf(monitor);
          const gone = choice.left.includes(String(monitor["metric"]));
          return (
            <li key={name} className="proposal-row">
              <Checkbox disabled={gone} checked={!gone && !choice.left.includes(name)} onChange={(event) => toggle(name, event.target.checked)}>
                <strong>{t("setup.monitor", { name })}</strong>
              </Checkbox>
              <span className="small mid proposal-why">{why(name)}</span>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}

function Labelled({ label, why, children }: { label: string; why: string; children: (id: string) => React.ReactNode }) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children(id)}
      {why && <span className="small mid">{why}</span>}
    </div>
  );
}

function Reasons({ found, only }: { found: Suggestion; only?: Set<string> }) {
  const { message } = useWords();
  const shown = found.reasons.filter((one) => !only || (only.has(one.code) && one.code !== "starter.zone"));
  return (
    <>
      {shown.map((one) => (
        <p key={JSON.stringify(one)} className="list row">
          <Icon name="alert" size={14} />
          <span>{message(one)}</span>
        </p>
      ))}
    </>
  );
}

function Sample({ found }: { found: Suggestion }) {
  const { t } = useWords();
  return (
    <details>
      <summary className="list blue">{t("setup.sample")}</summary>
      <Scroll label={t("setup.sample")}>
        <table className="plain">
          <thead>
            <tr>
              {found.columns.map((one) => (
                <th key={one.name} scope="col">
                  {one.name}
                  <div className="small dim">{one.type}</div>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {found.sample.map((row, at) => (
              <tr key={at}>
                {row.map((cell, place) => (
                  <td key={place} className="nowrap">{cell === null ? "" : String(cell)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </details>
  );
}
