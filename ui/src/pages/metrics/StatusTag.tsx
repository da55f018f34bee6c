import type { MetricRow } from "../../api/types";
import type { IconName } from "../../components/Icon";
import { Tag, type Tone } from "../../components/Tag";
import { useWords } from "../../i18n/useWords";

const looks: Record<MetricRow["status"], { icon: IconName; tone: Tone }> = {
  certified: { icon: "check", tone: "blue" },
  draft: { icon: "pending", tone: "plain" },
  deprecated: { icon: "cross", tone: "bad" },
};

/** How far a definition may be relied on: shape and word, colour third. */
export function StatusTag({ status }: { status: MetricRow["status"] }) {
  const { t } = useWords();
  return <Tag {...looks[status]}>{t(`status.${status}`)}</Tag>;
}
