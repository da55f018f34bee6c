import { clockTime } from "../i18n/times";
import { useWords } from "../i18n/useWords";
import { useStreamLost } from "../live/stream";

/** A thin bar while the stream is lost: what one sees is old from then on. */
export function StreamBar() {
  const { t } = useWords();
  const lostAt = useStreamLost();
  return (
    <div role="status" className={lostAt ? "streambar" : "visually-hidden"}>
      {lostAt ? t("stream.lost", { at: clockTime(lostAt) }) : ""}
    </div>
  );
}
