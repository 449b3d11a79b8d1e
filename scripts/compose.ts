/** Composes `schema/` into `schema/supergraph.graphql`. Prints every problem and writes nothing when there is one. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../src/config/package-root.ts";
import { GatewayError } from "../src/kernel/errors.ts";
import { composeSubgraphs } from "../src/supergraph/compose.ts";

const schemaDir = join(PACKAGE_ROOT, "schema");
try {
  await writeFile(join(schemaDir, "supergraph.graphql"), await composeSubgraphs(schemaDir));
} catch (error) {
  if (!(error instanceof GatewayError)) throw error;
  for (const problem of error.detail.problems ?? []) console.error(problem);
  process.exitCode = 1;
}
