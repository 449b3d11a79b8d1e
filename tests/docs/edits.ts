/** Does to a file what a reader of the document does with an editor. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect } from "vitest";
import type { Block } from "./blocks.ts";

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

export async function applyEdit(directory: string, { language, words, text }: Block): Promise<void> {
  const [name = ""] = words;
  const file = join(directory, name);
  if (name.startsWith("examples/")) {
    expect(await readFile(file, "utf8"), `${name} holds what is shown`).toContain(text.trim());
    return;
  }
  const before = await readFile(file, "utf8").catch(() => "");
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, edited(before, language, text));
}

function edited(before: string, language: string, text: string): string {
  if (before === "") return text;
  if (language === "json") return JSON.stringify(merged(JSON.parse(before), JSON.parse(text)), null, 2);
  return withLines(before, text);
}

/** Lists grow at their end, mappings by their keys. */
function merged(one: Json, other: Json): Json {
  if (Array.isArray(one) && Array.isArray(other)) return [...one, ...other];
  if (!isMapping(one) || !isMapping(other)) return other;
  const entries = Object.entries(other).map(([name, value]) => {
    const known = one[name];
    return [name, known === undefined ? value : merged(known, value)] as const;
  });
  return { ...one, ...Object.fromEntries(entries) };
}

const isMapping = (value: Json): value is { readonly [name: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** New lines go below the line that the block shows above them; imports go to the others. */
function withLines(before: string, text: string): string {
  let result = before;
  let above = "";
  for (const line of text.split("\n").filter((one) => one.trim() !== "" && one !== "}")) {
    if (result.split("\n").includes(line)) above = line;
    else if (line.startsWith("import ")) result = result.replace(/^import /m, `${line}\nimport `);
    else {
      expect(above, `the block shows where \`${line.trim()}\` goes`).not.toBe("");
      result = result.replace(`${above}\n`, () => `${above}\n${line}\n`);
      above = line;
    }
  }
  return result;
}
