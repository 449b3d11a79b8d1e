/**
 * The national policies, cut down or multiplied to any number of which the same ten concern one reader: a labour inspector.
 *
 * Ten     what his agency may claim, its register, a case referred to it and its header.
 * Others  policies of the other agencies, again and again under ids of their own. What holds for all agencies is left out, so that the
 *         reader's decisions are the same under any number.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../src/config/package-root.ts";
import { compilePolicyTexts, SCHEMA_FILE } from "../src/policy/compile.ts";
import { loadDomain } from "../src/policy/domain.ts";
import { type PolicyFile, readPolicyFiles } from "../src/policy/policy-files.ts";
import type { PolicySet } from "../src/policy/policy-set.ts";
import { splitPolicies } from "../src/policy/policy-text.ts";

const FOLDER = join(PACKAGE_ROOT, "policies");
const OWN = { folder: "lmra/", files: ["lmra/claims.cedar", "lmra/person.cedar", "lmra/case.cedar"] };
const OWN_COUNT = 10;
/** A file holds 256 KiB at most. */
const IN_A_FILE = 100;

export async function compileSome(count: number): Promise<PolicySet> {
  const files = await readPolicyFiles(FOLDER);
  const own = OWN.files.flatMap((name) => textsOf(files.filter(({ file }) => file === name)));
  const others = textsOf(files.filter(({ file }) => file.includes("/") && !file.startsWith(OWN.folder)));
  const chosen = Array.from({ length: count }, (_, at) =>
    at < OWN_COUNT ? (own[at] ?? "") : again(others, at - OWN_COUNT),
  );
  const sources = chosen.flatMap((_, at) =>
    at % IN_A_FILE === 0 ? [{ file: `${at}.cedar`, text: chosen.slice(at, at + IN_A_FILE).join("\n") }] : [],
  );
  const schemaText = await readFile(join(FOLDER, SCHEMA_FILE), "utf8");
  return compilePolicyTexts(sources, schemaText, loadDomain(join(PACKAGE_ROOT, "schema")));
}

const textsOf = (files: readonly PolicyFile[]): readonly string[] =>
  files.flatMap((file) => splitPolicies(file.text).policies.map(({ text }) => text));

function again(texts: readonly string[], turn: number): string {
  const text = texts[turn % texts.length] ?? "";
  return text.replace(/@id\("([^"]+)"\)/, `@id("$1.${Math.floor(turn / texts.length)}")`);
}
