/** What each small command does, given its configuration and a terminal; resolves to the status of the process. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import type { Config } from "../config/config.ts";
import { GatewayError } from "../kernel/errors.ts";
import { cedarSchema } from "../policy/cedar-schema.ts";
import { compilePolicies, readPolicyFiles, SCHEMA_FILE } from "../policy/compile.ts";
import { decideLines } from "../policy/decide.ts";
import { loadDomain } from "../policy/domain.ts";
import { runPolicyTests } from "../policy/test-run.ts";
import { composeSubgraphs } from "../supergraph/compose.ts";
import { policyDirectory, policySource, schemaDirectory } from "./folders.ts";
import { productionProblems } from "./production.ts";
import type { Terminal } from "./terminal.ts";

/** Writes what follows from the schema folder: the supergraph, and the Cedar schema of fields, groups and agencies. */
export async function runCompose(
  config: Config,
  { check = false }: { readonly check?: boolean },
  terminal: Terminal,
): Promise<number> {
  const schemaDir = schemaDirectory(config);
  const { text: supergraph, hints } = await composeSubgraphs(schemaDir);
  for (const hint of hints) terminal.out(`hint: ${hint}\n`);
  const composed = [
    [join(schemaDir, "supergraph.graphql"), supergraph],
    [join(policyDirectory(config), SCHEMA_FILE), cedarSchema(loadDomain(schemaDir))],
  ] as const;
  for (const [file, text] of composed) {
    const before = await readFile(file, "utf8").catch(() => "");
    if (check && before !== text)
      throw new GatewayError("SUPERGRAPH_INVALID", `\`${file}\` is not what \`ihala compose\` writes`);
    if (!check) await writeFile(file, text);
    terminal.out(`${file}: ${before === text ? "unchanged" : "written"}\n`);
  }
  return 0;
}

export async function runServe(config: Config): Promise<number> {
  const policies = await readPolicyFiles(policyDirectory(config));
  const problems = await productionProblems(config, policies);
  throw new GatewayError("PRODUCTION_REFUSED", "this configuration must not serve production", { problems });
}

export async function runPolicyTest(config: Config, terminal: Terminal): Promise<number> {
  const policiesDir = policyDirectory(config);
  const reports = await runPolicyTests(await compilePolicies(policySource(config)), policiesDir);
  for (const { file, title, cells, failures } of reports) {
    terminal.out(`${failures.length === 0 ? "ok  " : "FAIL"} ${file}: ${title}, ${cells} cells\n`);
    for (const failure of failures) terminal.out(`       - ${failure}\n`);
  }
  return reports.some(({ failures }) => failures.length > 0) ? 1 : 0;
}

/** NDJSON in, NDJSON out; a line that is no question gets a line that says so, and the rest is answered. */
export async function runPolicyDecide(config: Config, terminal: Terminal): Promise<number> {
  const policySet = await compilePolicies(policySource(config));
  const lines = createInterface({
    input: Readable.from(terminal.input),
    crlfDelay: Number.POSITIVE_INFINITY,
  });
  for await (const answer of decideLines(policySet, lines)) terminal.out(`${answer}\n`);
  return 0;
}
