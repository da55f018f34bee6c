import { useQuery } from "@tanstack/react-query";
import * as queries from "../../api/queries";
import { Card } from "../../components/Card";
import { useWords } from "../../i18n/useWords";
import { ModeControl, modes } from "../../layout/ModeControl";

/** What the three modes mean, and the change of the site's. */
export function SiteModeCard() {
  const { t } = useWords();
  const { data: loop } = useQuery(queries.loop());
  return (
    <Card title={t("mode.title")} extra={<ModeControl testId="settings-mode" />}>
      <dl className="facts">
        {modes.map((mode) => (
          <div key={mode} style={{ display: "contents" }}>
            <dt className={loop?.mode === mode ? "strong blue" : ""}>{t(`mode.${mode}`)}</dt>
            <dd>{t(`mode.help.${mode}`)}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
