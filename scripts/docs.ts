/** Writes the documents that are generated from the code: configuration and errors. `node scripts/docs.ts` */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../src/config/package-root.ts";
import { configReference, configSchemaFile } from "../src/config/reference.ts";
import { errorReference } from "../src/server/error-reference.ts";

const write = (name: string, text: string) => writeFile(join(PACKAGE_ROOT, "docs", name), text);

await Promise.all([
  write("configuration.md", configReference()),
  write("config.schema.json", configSchemaFile()),
  write("errors.md", errorReference()),
]);
