/** What the officers' commands do, given the policies and a terminal; each resolves to the status of the process. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import type { Config } from "../config/config.ts";
import { checkPolicies } from "../policy/check.ts";
import { compilePolicies } from "../policy/compile.ts";
import { decideLines, readQuestion } from "../policy/decide.ts";
import { explain } from "../policy/explain/explain.ts";
import { explanationText } from "../policy/explain/explanation-text.ts";
import { formatPolicies } from "../policy/format.ts";
import { isCedarText, readPolicyFiles } from "../policy/policy-files.ts";
import { problemText } from "../policy/problem.ts";
import { runPolicyTests } from "../policy/test-run.ts";
import { folderSource, policySetAt } from "./policy-folder.ts";
import type { Terminal } from "./terminal.ts";

export async function runPolicyCheck(
  config: Config,
  folder: string | undefined,
  { json = false }: { readonly json?: boolean },
  terminal: Terminal,
): Promise<number> {
  const { problems, policies, tests, invariants } = await checkPolicies(folderSource(config, folder));
  if (json) terminal.out(`${JSON.stringify(problems, null, 2)}\n`);
  else {
    for (const problem of problems) terminal.out(`${problemText(problem)}\n`);
    const found =
      problems.length === 0 ? `${policies} policies, ${tests} test files, ${invariants} invariants` : "";
    terminal.out(problems.length === 0 ? `ok: ${found}\n` : `${problems.length} problem(s)\n`);
  }
  return problems.length > 0 ? 1 : 0;
}

/** Rewrites what is not in canonical form; with `--check` says which files are not, and writes nothing. */
export async function runPolicyFmt(
  config: Config,
  folder: string | undefined,
  { check = false }: { readonly check?: boolean },
  terminal: Terminal,
): Promise<number> {
  const { policiesDir } = folderSource(config, folder);
  const policyFiles = await readPolicyFiles(policiesDir);
  const files = await formatPolicies(policyFiles.filter(({ file }) => isCedarText(file)));
  for (const { file, text, formatted, problems } of files) {
    for (const problem of problems) terminal.err(`${problemText(problem)}\n`);
    if (formatted === null || formatted === text) continue;
    if (!check) await writeFile(join(policiesDir, file), formatted);
    terminal.out(`${file}: ${check ? "not formatted" : "formatted"}\n`);
  }
  const isWrong = files.some(({ formatted, text }) => formatted === null || (check && formatted !== text));
  return isWrong ? 1 : 0;
}

export async function runPolicyTest(
  config: Config,
  folder: string | undefined,
  terminal: Terminal,
): Promise<number> {
  const source = folderSource(config, folder);
  const reports = await runPolicyTests(await compilePolicies(source), source.policiesDir);
  for (const { file, title, cells, failures } of reports) {
    terminal.out(`${failures.length === 0 ? "ok  " : "FAIL"} ${file}: ${title}, ${cells} cells\n`);
    for (const failure of failures) terminal.out(`       - ${failure}\n`);
  }
  return reports.some(({ failures }) => failures.length > 0) ? 1 : 0;
}

/** NDJSON in, NDJSON out; a line that is no question gets a line that says so, and the rest is answered. */
export async function runPolicyDecide(
  config: Config,
  folder: string | undefined,
  options: { readonly record?: boolean },
  terminal: Terminal,
): Promise<number> {
  const policySet = await policySetAt(config, folder);
  for await (const answer of decideLines(policySet, linesOf(terminal), options)) terminal.out(`${answer}\n`);
  return 0;
}

export async function runPolicyExplain(
  config: Config,
  folder: string | undefined,
  { json = false }: { readonly json?: boolean },
  terminal: Terminal,
): Promise<number> {
  const policySet = await policySetAt(config, folder);
  let number = 0;
  let bad = 0;
  for await (const line of linesOf(terminal)) {
    number += 1;
    if (line.trim() === "") continue;
    const question = readQuestion(line, number);
    if ("error" in question) {
      bad += 1;
      terminal.err(`line ${question.line}: ${question.error}\n`);
      continue;
    }
    const explanation = explain(policySet, question);
    terminal.out(json ? `${JSON.stringify(explanation)}\n` : `${explanationText(explanation)}\n`);
  }
  return bad > 0 ? 1 : 0;
}

export const linesOf = (terminal: Terminal) =>
  createInterface({ input: Readable.from(terminal.input), crlfDelay: Number.POSITIVE_INFINITY });
