/** The design tokens of both themes; the only place where a colour is written down. */
export const light = {
  canvas: "#F6F7F9",
  surface: "#FFFFFF",
  sunken: "#F1F3F6",
  nav: "#FBFBFC",
  line: "#E3E7ED",
  outline: "#868F9E",
  ink: "#111827",
  ink2: "#475162",
  ink3: "#626C7C",
  primary: "#1D4ED8",
  button: "#1D4ED8",
  "primary-tint": "#EAF1FF",
  "primary-line": "#B9CDFB",
  bad: "#A8420A",
  "bad-fill": "#E0660A",
  "bad-tint": "#FFF3E6",
  "bad-line": "#EDBB8E",
  good: "#0B6B60",
  "good-fill": "#12907F",
  "good-tint": "#E5F6F3",
  "good-line": "#A9D9D1",
  wait: "#5B3CC4",
  "wait-tint": "#F3F0FF",
  "wait-line": "#CDC2F5",
  red: "#C40F3A",
  green: "#12743F",
  observed: "#1B2638",
  expected: "#4C7ACB",
  band: "#CFE0FB",
  "band-edge": "#6C95DE",
  comparison: "#7A8596",
  planned: "#F1EEFB",
  bar: "#5A6579",
  volume: "#C3CCD9",
  good2: "#7CC2BA",
} as const;

export type Token = keyof typeof light;
export type Palette = Record<Token, string>;

export const dark: Palette = {
  canvas: "#0E1218",
  surface: "#161B23",
  sunken: "#1E242E",
  nav: "#11161D",
  line: "#29313D",
  outline: "#6E7A8C",
  ink: "#E8ECF3",
  ink2: "#AEB7C6",
  ink3: "#8E99AA",
  primary: "#86AEFF",
  button: "#2E63E6",
  "primary-tint": "#16254A",
  "primary-line": "#2C4A8C",
  bad: "#FFAE66",
  "bad-fill": "#F08A32",
  "bad-tint": "#36220F",
  "bad-line": "#7A4A1C",
  good: "#5BD3C2",
  "good-fill": "#22A896",
  "good-tint": "#0F2E2B",
  "good-line": "#1F5A52",
  wait: "#BBA7FF",
  "wait-tint": "#251E42",
  "wait-line": "#4B3D86",
  red: "#FF7A93",
  green: "#56CB8A",
  observed: "#F1F4F9",
  expected: "#7FA6EE",
  band: "#213B66",
  "band-edge": "#5B86D6",
  comparison: "#6B7688",
  planned: "#1F1C32",
  bar: "#8E99AA",
  volume: "#3B4656",
  good2: "#1F6B62",
};

export type ThemeName = "light" | "dark";
export const palettes: Record<ThemeName, Palette> = { light, dark };

/** What follows from "up" and "down": colours of the difference, by the reader's habit. */
export type MoveColours = "goodness" | "red_up" | "green_up";

export const fontFamily =
  "'Inter Variable', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', system-ui, sans-serif";
