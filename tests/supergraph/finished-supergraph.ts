/** A folder that holds a finished supergraph and the tables, and no agency's document. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SCHEMA_DIR } from "./schema-copy.ts";

export async function finishedSupergraph(change: (sdl: string) => string, schemaDir = SCHEMA_DIR) {
  const dir = await mkdtemp(join(tmpdir(), "ihala-finished-"));
  for (const file of ["domain.json", "manifest.extra.json", "vocabulary.graphql"])
    await writeFile(join(dir, file), await readFile(join(schemaDir, file)));
  const sdl = await readFile(join(schemaDir, "supergraph.graphql"), "utf8");
  await writeFile(join(dir, "supergraph.graphql"), change(sdl));
  return { dir, [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }) };
}
