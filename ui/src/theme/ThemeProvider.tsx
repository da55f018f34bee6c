import { App as AntApp, ConfigProvider } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import { useLayoutEffect, useMemo, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { antdTheme } from "./antd";
import { useStillness, useThemeName } from "./preferences";
import { palettes, type Token } from "./tokens";

/** Puts our tokens on the document as CSS variables and into Ant Design. */
export function ThemeProvider({ children }: { children: ReactNode }) {
  const name = useThemeName();
  const still = useStillness();
  const { i18n } = useTranslation();
  useLayoutEffect(() => {
    const root = document.documentElement;
    root.dataset.theme = name;
    root.style.colorScheme = name;
    for (const token of Object.keys(palettes[name]) as Token[]) {
      root.style.setProperty(`--${token}`, palettes[name][token]);
    }
  }, [name]);
  const config = useMemo(() => antdTheme(name, still), [name, still]);
  return (
    <ConfigProvider
      theme={config}
      locale={i18n.language === "zh" ? zhCN : enUS}
      button={{ autoInsertSpace: false }}
    >
      <AntApp message={{ maxCount: 1 }}>{children}</AntApp>
    </ConfigProvider>
  );
}
