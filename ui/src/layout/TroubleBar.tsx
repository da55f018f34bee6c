import { useQuery } from "@tanstack/react-query";
import * as queries from "../api/queries";
import { Icon } from "../components/Icon";
import { useWords } from "../i18n/useWords";

/** Says so on every page when the loop itself stands still, why, and what to do. */
export function TroubleBar() {
  const { t } = useWords();
  const { data: loop } = useQuery(queries.loop());
  if (!loop?.trouble) return null;
  const { problem, fix } = loop.trouble;
  return (
    <div role="alert" className="troublebar" data-testid="loop-trouble">
      <Icon name="fault" />
      <span>
        <strong>{t("trouble.title")}</strong>
        {t("word.colon")}
        {problem} {fix && t("problem.fix", { fix })}
      </span>
    </div>
  );
}
