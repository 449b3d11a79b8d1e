/** A throw-away copy of the schema folder whose files a test may edit. */
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";

export const SCHEMA_DIR = join(PACKAGE_ROOT, "schema");

export interface SchemaCopy extends AsyncDisposable {
  readonly dir: string;
  /** Replaces in a file; the text must be there, so that a test cannot pass by missing its mark. */
  replace(file: string, from: string | RegExp, to: string): Promise<void>;
  append(file: string, text: string): Promise<void>;
  remove(file: string): Promise<void>;
}

export async function schemaCopy(): Promise<SchemaCopy> {
  const dir = await mkdtemp(join(tmpdir(), "ihala-schema-"));
  await cp(SCHEMA_DIR, dir, { recursive: true });
  const edit = async (file: string, change: (text: string) => string) => {
    const before = await readFile(join(dir, file), "utf8");
    const after = change(before);
    if (after === before) throw new Error(`nothing to change in ${file}`);
    await writeFile(join(dir, file), after);
  };
  return {
    dir,
    replace: (file, from, to) => edit(file, (text) => text.replace(from, to)),
    append: (file, text) => edit(file, (before) => `${before}\n${text}\n`),
    remove: (file) => rm(join(dir, file)),
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }),
  };
}
