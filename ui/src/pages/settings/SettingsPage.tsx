import { useQuery } from "@tanstack/react-query";
import { Segmented } from "antd";
import type { ReactNode } from "react";
import { setLanguage } from "../../api/actions";
import * as queries from "../../api/queries";
import { Card } from "../../components/Card";
import { Difference } from "../../components/Difference";
import { useAct } from "../../components/useAct";
import { switchLanguage } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import { SpeedChoice } from "../../layout/ClockControl";
import { useStamp } from "../../live/clock";
import { setPreferences, usePreferences } from "../../theme/preferences";
import type { MoveColours } from "../../theme/tokens";
import { SiteModeCard } from "./SiteModeCard";
import { TokensCard } from "./TokensCard";

/** What one reader likes, and what holds for the whole site. */
export function SettingsPage() {
  const { t } = useWords();
  const stamp = useStamp();
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t("nav.settings")}</h1>
      </div>
      <div className="halves">
        <div className="stack">
          <Mine />
          <TokensCard />
        </div>
        <div className="stack">
          <SiteModeCard />
          {stamp?.kind === "demo" && (
            <Card title={t("clock.title")}>
              <SpeedChoice />
            </Card>
          )}
        </div>
      </div>
    </div>
  );
}

function Line({ label, help, children }: { label: string; help?: string; children: ReactNode }) {
  return (
    <div className="stack tight">
      <span className="small mid">{label}</span>
      <div>{children}</div>
      {help && <span className="small dim">{help}</span>}
    </div>
  );
}

function Mine() {
  const { t, language } = useWords();
  const preferences = usePreferences();
  const { data: me } = useQuery(queries.session());
  const act = useAct(setLanguage, { done: t("settings.saved"), kinds: ["session"], after: (answer) => void switchLanguage(answer.language) });
  return (
    <Card title={t("settings.mine")} note={me?.name}>
      <div className="stack">
        <Line label={t("settings.language")}>
          <Segmented
            name="language"
            aria-label={t("settings.language")}
            value={language}
            options={[
              { value: "zh", label: <span lang="zh-CN">中文</span> },
              { value: "en", label: <span lang="en">English</span> },
            ]}
            onChange={(value) => act.mutate(value === "zh" ? "zh" : "en")}
          />
        </Line>
        <Line label={t("settings.theme")}>
          <Segmented
            name="theme"
            aria-label={t("settings.theme")}
            value={preferences.theme}
            options={(["system", "light", "dark"] as const).map((value) => ({ value, label: t(`theme.${value}`) }))}
            onChange={(theme) => setPreferences({ theme })}
          />
        </Line>
        <Line label={t("settings.moves")} help={t("settings.moves_help")}>
          <Segmented
            name="moves"
            vertical
            aria-label={t("settings.moves")}
            value={preferences.moves}
            options={(["goodness", "red_up", "green_up"] as MoveColours[]).map((value) => ({ value, label: t(`moves.${value}`) }))}
            onChange={(moves) => setPreferences({ moves })}
          />
          <div className="row wrap moves-example">
            <Difference value={0.019} unit="ratio" better={false} />
            <Difference value={-0.0168} unit="ratio" better={false} />
            <Difference value={28} unit="CNY" better />
          </div>
        </Line>
      </div>
    </Card>
  );
}
