/** What each small command does, given its configuration and a terminal; resolves to the status of the process. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Config } from "../config/config.ts";
import { GatewayError } from "../kernel/errors.ts";
import { cedarSchema } from "../policy/cedar-schema.ts";
import { SCHEMA_FILE } from "../policy/compile.ts";
import { loadDomain } from "../policy/domain.ts";
import { composeSubgraphs } from "../supergraph/compose.ts";
import { policyDirectory, schemaDirectory } from "./folders.ts";
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
