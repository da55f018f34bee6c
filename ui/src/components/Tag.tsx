import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { IncidentState, Severity, Verdict } from "../api/types";
import { Icon, type IconName } from "./Icon";

export type Tone = "plain" | "blue" | "good" | "bad" | "wait";

/** A status: shape and word first, colour third. */
export function Tag({ icon, tone = "plain", children }: { icon?: IconName; tone?: Tone; children: ReactNode }) {
  return (
    <span className={`tag tag-${tone}`}>
      {icon && <Icon name={icon} size={14} />}
      {children}
    </span>
  );
}

export const stateLooks: Record<IncidentState, { icon: IconName; tone: Tone }> = {
  open: { icon: "circle", tone: "plain" },
  acknowledged: { icon: "hand", tone: "plain" },
  in_progress: { icon: "clock", tone: "blue" },
  resolved: { icon: "check", tone: "plain" },
  verified: { icon: "check", tone: "good" },
  closed: { icon: "check", tone: "plain" },
  reopened: { icon: "loop", tone: "bad" },
  merged: { icon: "link", tone: "plain" },
  false_alarm: { icon: "cross", tone: "plain" },
  expected: { icon: "calendar", tone: "plain" },
};

export function StateTag({ state }: { state: IncidentState }) {
  const { t } = useTranslation();
  const { icon, tone } = stateLooks[state];
  return (
    <Tag icon={icon} tone={tone}>
      <span data-testid="incident-state" data-state={state}>
        {t(`state.${state}`)}
      </span>
    </Tag>
  );
}

/** Four bars and a fill: S1 solid, S2 tinted, S3 outlined, S4 grey. */
export function SeverityTag({ severity, short = false }: { severity: Severity; short?: boolean }) {
  const { t } = useTranslation();
  const filled = 5 - Number(severity.slice(1));
  return (
    <span className={`tag severity severity-${severity}`}>
      <svg className="icon" width="14" height="12" viewBox="0 0 14 12" aria-hidden="true" fill="currentColor">
        {[1, 2, 3, 4].map((bar) => (
          <rect
            key={bar}
            x={(bar - 1) * 3.5}
            y={12 - bar * 2.6}
            width="2.4"
            height={bar * 2.6}
            opacity={bar <= filled ? 1 : 0.3}
          />
        ))}
      </svg>
      {short ? severity : `${severity} ${t(`severity.${severity}`)}`}
    </span>
  );
}

export const verdictIcons: Record<Verdict, IconName> = {
  true: "check",
  false_alarm: "cross",
  expected: "calendar",
  new_normal: "metric",
  missed: "alert",
};
