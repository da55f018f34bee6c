import { Popover, Segmented } from "antd";
import { setClockSpeed } from "../api/actions";
import { useAct } from "../components/useAct";
import { Icon } from "../components/Icon";
import { clockTime, dayText, weekdayText } from "../i18n/times";
import { useWords } from "../i18n/useWords";
import { hearClock, useNow, useStamp } from "../live/clock";

/** Seconds of the system's time per second of the wall clock; 0 stands still. */
export const speeds = [0, 60, 180, 720, 3600];

/** Where the demo's clock runs: its time, and how fast. A live system shows nothing here. */
export function ClockControl() {
  const { t } = useWords();
  const stamp = useStamp();
  if (stamp === null || stamp.kind !== "demo") return null;
  return (
    <Popover trigger="click" placement="bottomRight" content={<SpeedChoice />} title={t("clock.title")}>
      <button type="button" className="chip-button" data-testid="demo-clock">
        <Icon name="clock" size={14} />
        <span className="visually-hidden">{t("clock.change")}</span>
        <ClockFace />
        <span className="dim chip-extra">{t(`clock.short.${stamp.speed}`, { defaultValue: `${stamp.speed} ×` })}</span>
      </button>
    </Popover>
  );
}

function ClockFace() {
  const { t } = useWords();
  const now = useNow();
  return (
    <span className="nowrap">
      <span className="chip-extra">
        {dayText(now)} {weekdayText(now, t)}{" "}
      </span>
      {clockTime(now)}
    </span>
  );
}

export function SpeedChoice() {
  const { t } = useWords();
  const stamp = useStamp();
  const act = useAct(setClockSpeed, { done: t("clock.changed"), kinds: [], after: hearClock });
  return (
    <div className="stack mid-gap" style={{ maxWidth: 280 }}>
      <p className="small mid">{t("clock.help")}</p>
      <Segmented
        vertical
        name="clock-speed"
        aria-label={t("clock.title")}
        value={stamp?.speed ?? 0}
        options={speeds.map((speed) => ({ value: speed, label: t(`clock.speed.${speed}`) }))}
        onChange={(speed) => act.mutate(speed)}
      />
    </div>
  );
}
