import { describe, expect, it } from "vitest";
import { collect } from "./collect";

/** The server's own source says which codes it may send; each must have a sentence in both languages. */
const sources = import.meta.glob<string>("../../../src/metricloop/**/*.py", { eager: true, query: "?raw", import: "default" });

const bare = (texts: Record<string, string>) => new Set(Object.keys(texts).map((key) => key.replace(/(_up|_down)?(_one|_other)?$/, "")));

function codes(): string[] {
  const found = new Set<string>();
  for (const text of Object.values(sources)) {
    for (const [, code] of text.matchAll(/\bMessage\(\s*"([a-z_]+\.[a-z_]+)"/g)) if (code) found.add(code);
    for (const [, triggers] of text.matchAll(/class Trigger\(StrEnum\):([\s\S]*?)\n\n\n/g)) {
      for (const [, name] of (triggers ?? "").matchAll(/= "([a-z_]+)"/g)) found.add(`timeline.${name}`);
    }
  }
  return [...found].toSorted();
}

describe("the server's message codes", () => {
  it("are found in its source", () => {
    expect(codes()).toContain("headline.global");
  });

  it("all have a sentence in both languages", () => {
    const known = { zh: bare(collect("zh").messages), en: bare(collect("en").messages) };
    expect(codes().filter((code) => !known.zh.has(code) || !known.en.has(code))).toEqual([]);
  });
});
