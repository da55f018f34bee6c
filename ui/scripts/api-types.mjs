// Makes src/api/schema.d.ts from the server's openapi.json, or checks that the committed one still fits.
//   node scripts/api-types.mjs write|check PATH/openapi.json
import { readFile, writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";

const [mode, source] = process.argv.slice(2);
const target = new URL("../src/api/schema.d.ts", import.meta.url);

if (!["write", "check"].includes(mode) || !source) {
  console.error("usage: npm run generate:api|check:api -- PATH/openapi.json");
  process.exit(2);
}

const banner = "// Made from the server's OpenAPI document by scripts/api-types.mjs. Do not edit.\n";
const made = banner + astToString(await openapiTS(pathToFileURL(source), { alphabetize: true }));
if (mode === "write") {
  await writeFile(target, made);
} else if (made !== (await readFile(target, "utf8"))) {
  console.error(
    "src/api/schema.d.ts does not fit the server's OpenAPI document.\n" +
      `Fix: npm run generate:api -- ${source}, then npm run typecheck, then commit the file.`,
  );
  process.exit(1);
}
