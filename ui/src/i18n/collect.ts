type Texts = Record<string, string>;

const files = import.meta.glob<Texts>("./*/*.json", { eager: true, import: "default" });

/** The texts of one language: `messages` by itself, all other files together as `ui`. */
export function collect(language: string): { ui: Texts; messages: Texts } {
  const ui: Texts = {};
  let messages: Texts = {};
  for (const [path, texts] of Object.entries(files)) {
    if (!path.startsWith(`./${language}/`)) continue;
    if (path.endsWith("/messages.json")) messages = texts;
    else Object.assign(ui, texts);
  }
  return { ui, messages };
}
