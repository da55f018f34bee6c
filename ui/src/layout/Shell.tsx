import { useQueryClient } from "@tanstack/react-query";
import { Outlet, useNavigate, useRouterState } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { listen } from "../live/stream";
import { BottomTabs } from "./BottomTabs";
import { KeyHelp } from "./KeyHelp";
import { Nav } from "./Nav";
import { Palette } from "./Palette";
import { sections } from "./sections";
import { useGlobalKeys } from "./shortcuts";
import { StreamBar } from "./StreamBar";
import { TroubleBar } from "./TroubleBar";
import { TopBar } from "./TopBar";

/** What stands around every page of a logged-in person. */
export function Shell() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const [palette, setPalette] = useState(false);
  const [help, setHelp] = useState(false);
  useEffect(() => listen(client), [client]);
  useEffect(() => {
    const toLogin = () => void navigate({ to: "/login", search: { next: window.location.pathname } });
    window.addEventListener("metricloop:logged-out", toLogin);
    return () => window.removeEventListener("metricloop:logged-out", toLogin);
  }, [navigate]);
  useGlobalKeys(
    (key) => {
      const section = sections.find((one) => one.key === key);
      if (section) void navigate({ to: section.to });
    },
    () => setPalette(true),
    () => setHelp(true),
  );
  // Detail pages bring their own action bar in place of the tabs.
  const detail = /^\/(incidents|tasks|proposals)\/./.test(path);
  return (
    <div className={detail ? "shell shell-detail" : "shell"}>
      <a href="#main" className="skip-link">
        {t("nav.skip")}
      </a>
      <Nav />
      <div className="shell-body">
        <StreamBar />
        <TopBar onSearch={() => setPalette(true)} />
        <TroubleBar />
        <main id="main" tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      {!detail && <BottomTabs />}
      <Palette open={palette} onClose={() => setPalette(false)} />
      <KeyHelp open={help} onClose={() => setHelp(false)} />
    </div>
  );
}
