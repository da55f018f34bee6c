import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Input, Modal } from "antd";
import { useEffect, useState } from "react";
import * as queries from "../api/queries";
import { Icon, type IconName } from "../components/Icon";
import { aboutIncident, useWords } from "../i18n/useWords";
import { sections } from "./sections";

interface Hit {
  id: string;
  icon: IconName;
  title: string;
  kind: string;
  go: () => void;
}

function useHits(text: string, open: boolean): Hit[] {
  const { t, local, message } = useWords();
  const navigate = useNavigate();
  const [asked, setAsked] = useState("");
  useEffect(() => {
    const timer = window.setTimeout(() => setAsked(text.trim()), 200);
    return () => window.clearTimeout(timer);
  }, [text]);
  const { data: metrics } = useQuery(queries.metricDirectory());
  const filter = asked ? { q: asked, state: "all", limit: 6 } : { state: "active", limit: 6 };
  const { data: found } = useQuery({ ...queries.incidents(filter), enabled: open });
  const wanted = text.trim().toLowerCase();
  const fits = (...words: string[]) => words.some((word) => word.toLowerCase().includes(wanted));
  return [
    ...sections
      .filter((section) => fits(section.name, t(`nav.${section.name}`)))
      .map((section) => ({
        id: section.to,
        icon: section.icon,
        title: t(`nav.${section.name}`),
        kind: t("palette.page"),
        go: () => void navigate({ to: section.to }),
      })),
    ...(metrics ?? [])
      .filter((metric) => fits(metric.name, metric.label.zh ?? "", metric.label.en ?? "", ...Object.values(metric.synonyms).flat()))
      .slice(0, 8)
      .map((metric) => ({
        id: `metric-${metric.name}`,
        icon: "metric" as const,
        title: local(metric.label),
        kind: t("palette.metric"),
        go: () => void navigate({ to: "/metrics/$name", params: { name: metric.name } }),
      })),
    ...(found?.items ?? []).map((row) => ({
      id: `incident-${row.id}`,
      icon: "incident" as const,
      title: `#${row.id} ${message(row.headline, aboutIncident(row))}`,
      kind: t("palette.incident"),
      go: () => void navigate({ to: "/incidents/$id", params: { id: String(row.id) } }),
    })),
  ];
}

/** ⌘K: finds a page, a metric or an incident. */
export function Palette({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useWords();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const hits = useHits(text, open);
  const current = Math.min(at, Math.max(0, hits.length - 1));
  const choose = (hit: Hit | undefined) => {
    if (!hit) return;
    onClose();
    hit.go();
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setAt(Math.min(hits.length - 1, Math.max(0, current + step)));
    } else if (event.key === "Enter" && !event.nativeEvent.isComposing) choose(hits[current]);
  };
  const label = t("palette.open");
  return (
    <Modal
      open={open}
      onCancel={onClose}
      footer={null}
      closable={false}
      destroyOnHidden
      width={560}
      style={{ top: 64 }}
      title={<span className="visually-hidden">{label}</span>}
      afterOpenChange={(shown) => !shown && setText("")}
    >
      <Input
        autoFocus
        size="large"
        prefix={<Icon name="search" />}
        placeholder={t("palette.hint")}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
        role="combobox"
        aria-label={label}
        aria-expanded
        aria-controls="palette-hits"
        aria-activedescendant={hits[current] ? `hit-${current}` : undefined}
      />
      <div id="palette-hits" role="listbox" aria-label={label} className="palette">
        {hits.map((hit, index) => (
          <div
            key={hit.id}
            id={`hit-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === current}
            className="palette-hit"
            onClick={() => choose(hit)}
            onKeyDown={(event) => event.key === "Enter" && choose(hit)}
          >
            <Icon name={hit.icon} />
            <span className="grow cut">{hit.title}</span>
            <span className="small dim">{hit.kind}</span>
          </div>
        ))}
      </div>
      {hits.length === 0 && <p className="list dim palette-none">{t("palette.none", { text })}</p>}
    </Modal>
  );
}
