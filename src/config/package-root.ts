/** Absolute path of the package: where `schema/`, `policies/` and `package.json` are, from the sources and from `dist/` alike. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

function findRoot(from: string): string {
  const parent = dirname(from);
  if (existsSync(join(from, "package.json")) && existsSync(join(from, "schema"))) return from;
  if (parent === from) throw new Error("no package.json beside a schema folder above this file");
  return findRoot(parent);
}

export const PACKAGE_ROOT: string = findRoot(import.meta.dirname);
