import type { AttributionView } from "../../api/types";
import { formatShare } from "../../i18n/numbers";
import type { Words } from "../../i18n/useWords";

/** What the attribution says, in one sentence; it never names a cause for certain. */
export function attributionText(view: AttributionView, { t, slice }: Words): string {
  const shares = view.root_causes.map((cause) => cause.share ?? 0);
  return t(`attribution.verdict.${view.verdict}`, {
    slices: view.root_causes.map((cause) => slice(cause.slice)).join(t("word.and")),
    share: formatShare(shares.reduce((sum, share) => sum + share, 0)),
  });
}
