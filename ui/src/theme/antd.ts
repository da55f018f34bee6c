import { theme, type ThemeConfig } from "antd";
import { fontFamily, palettes, type ThemeName } from "./tokens";

/** Ant Design's tokens, from ours. still: nothing moves. */
export function antdTheme(name: ThemeName, still: boolean): ThemeConfig {
  const p = palettes[name];
  return {
    algorithm: name === "dark" ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      colorPrimary: p.button,
      colorLink: p.primary,
      colorLinkHover: p.primary,
      colorError: p.bad,
      colorWarning: p.bad,
      colorSuccess: p.good,
      colorText: p.ink,
      colorTextSecondary: p.ink2,
      colorTextTertiary: p.ink3,
      colorTextDescription: p.ink3,
      colorTextPlaceholder: p.ink3,
      colorBgBase: p.surface,
      colorBgContainer: p.surface,
      colorBgElevated: p.surface,
      colorBgLayout: p.canvas,
      colorBorder: p.outline,
      colorBorderSecondary: p.line,
      colorSplit: p.line,
      borderRadius: 6,
      borderRadiusLG: 8,
      borderRadiusSM: 4,
      fontFamily,
      fontSize: 14,
      lineHeight: 22 / 14,
      motion: !still,
      motionDurationFast: "0.12s",
      motionDurationMid: "0.12s",
      motionDurationSlow: "0.18s",
      boxShadow: "none",
      controlHeight: 32,
    },
    components: {
      Button: { fontWeight: 500, primaryShadow: "none", defaultShadow: "none", dangerShadow: "none" },
      Segmented: {
        trackBg: p.sunken,
        itemColor: p.ink2,
        itemSelectedBg: p.surface,
        itemSelectedColor: p.ink,
        fontSize: 12,
      },
      Table: {
        headerBg: "transparent",
        headerColor: p.ink3,
        headerSplitColor: "transparent",
        cellFontSize: 13,
        cellPaddingBlock: 8,
        cellPaddingInline: 12,
        rowHoverBg: p.sunken,
        borderColor: p.line,
      },
      Tooltip: { colorBgSpotlight: p.ink, colorTextLightSolid: p.surface },
    },
  };
}
