import { useTranslation } from "react-i18next";
import { formatDifference, nothing } from "../i18n/numbers";
import { usePreferences } from "../theme/preferences";
import { Icon } from "./Icon";

function word(better: boolean | null, inside: boolean): string {
  if (inside) return "than_expected.inside";
  return better === null ? "than_expected.unknown" : better ? "than_expected.better" : "than_expected.worse";
}

/** Arrow and difference coloured by the reader's habit; the word always orange or teal, by the good direction. */
export function Difference(props: { value: number | null; unit: string; better: boolean | null; inside?: boolean }) {
  const { value, unit, inside = false } = props;
  const better = inside ? null : props.better; // inside its band a difference is neither good nor bad
  const { t } = useTranslation();
  const { moves } = usePreferences();
  if (value === null) return <span className="dim">{nothing}</span>;
  const goodness = better === null ? "mid" : better ? "good" : "bad";
  const up = value > 0;
  const colour = moves === "goodness" ? goodness : (moves === "red_up") === up ? "move-red" : "move-green";
  return (
    <span className="difference">
      <span className={`row nowrap strong ${value === 0 ? "mid" : colour}`} style={{ gap: 4 }}>
        {value !== 0 && <Icon name={up ? "up" : "down"} size={12} />}
        {formatDifference(value, unit)}
      </span>
      <span className={`small ${goodness}`}>{t(word(better, inside))}</span>
    </span>
  );
}
