import { describe, expect, it } from "vitest";
import { collect } from "./collect";

const zh = collect("zh");
const en = collect("en");
const plural = /_(zero|one|two|few|many|other)$/;
const bare = (texts: Record<string, string>) => [...new Set(Object.keys(texts).map((key) => key.replace(plural, "")))].toSorted();
const blanks = (text: string) => [...new Set([...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]))].toSorted();

const sources = import.meta.glob<string>(["../**/*.{ts,tsx}", "!../**/*.test.*"], { eager: true, query: "?raw", import: "default" });

describe("the texts", () => {
  it("have the same keys in Chinese and English", () => {
    expect(bare(zh.ui)).toEqual(bare(en.ui));
    expect(bare(zh.messages)).toEqual(bare(en.messages));
  });

  it("name the same parameters in both languages", () => {
    for (const family of ["ui", "messages"] as const) {
      for (const [key, text] of Object.entries(zh[family])) {
        const other = en[family][key];
        if (other === undefined || /^(greeting|unit)\./.test(key)) continue;
        // English says "one" in words where Chinese counts with a figure.
        const wanted = blanks(text).filter((name) => name !== "count");
        expect(blanks(other).filter((name) => name !== "count"), key).toEqual(wanted);
      }
    }
  });

  it("exist for every key that the code names", () => {
    const known = new Set([...bare(en.ui), ...Object.keys(en.ui)]);
    const missing: string[] = [];
    for (const text of Object.values(sources)) {
      for (const [call] of text.matchAll(/\bt\((?:[^()"`]|"[^"]*")*/g)) {
        if (call.includes("===")) continue; // what it compares with is no key
        for (const [, key] of call.matchAll(/"([a-z_]+\.[A-Za-z0-9_.…]+)"/g)) if (key && !known.has(key)) missing.push(key);
      }
    }
    expect(missing).toEqual([]);
  });

  it("have no exclamation mark and no 您", () => {
    for (const text of [...Object.values(zh.ui), ...Object.values(zh.messages)]) expect(text).not.toMatch(/[！您]/);
  });
});
