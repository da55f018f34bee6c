import { createInstance } from "i18next";
import { initReactI18next } from "react-i18next";
import { collect } from "./collect";

export type Language = "zh" | "en";

const i18next = createInstance();
const key = "metricloop.language";

/** The language before anybody has logged in: the last one used here, else the browser's. */
export function firstLanguage(): Language {
  try {
    const kept = localStorage.getItem(key);
    if (kept === "zh" || kept === "en") return kept;
  } catch {
    // Storage is refused in private windows; the browser's own language is then good enough.
  }
  return navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
}

export async function switchLanguage(language: Language): Promise<void> {
  try {
    localStorage.setItem(key, language);
  } catch {
    // See above.
  }
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  await i18next.changeLanguage(language);
}

void i18next.use(initReactI18next).init({
  resources: { zh: collect("zh"), en: collect("en") },
  lng: firstLanguage(),
  fallbackLng: "en",
  ns: ["ui", "messages"],
  defaultNS: "ui",
  keySeparator: false, // keys are codes such as "timeline.opened", searched for as they are written
  nsSeparator: false,
  interpolation: { escapeValue: false },
  returnNull: false,
});
document.documentElement.lang = i18next.language === "zh" ? "zh-CN" : "en";

export { i18next };
