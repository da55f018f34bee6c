import type { AttributionView } from "../../api/types";
import { formatShare } from "../../i18n/numbers";
import type { Words } from "../../i18n/useWords";

/** The part of the change that the root causes explain; null where the server does not say it. */
export function explainedShare(view: Pick<AttributionView, "root_causes">): number | null {
  const shares = view.root_causes.map((cause) => cause.share);
  const known = shares.filter((share): share is number => share !== null);
  return known.length === 0 || known.length < shares.length ? null : known.reduce((sum, share) => sum + share, 0);
}

/** What the attribution says, in one sentence; it never names a cause for certain. */
export function attributionText(view: AttributionView, { t, slice }: Words): string {
  const share = explainedShare(view);
  const slices = view.root_causes.map((cause) => slice(cause.slice)).join(t("word.and"));
  if (view.verdict === "local" && share === null) return t("attribution.no_share", { slices });
  return t(`attribution.verdict.${view.verdict}`, { slices, share: formatShare(share) });
}
