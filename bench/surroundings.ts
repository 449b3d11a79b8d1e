/** When, where and with what a result was measured. */
import { readFile } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../src/config/package-root.ts";

export interface Surroundings {
  readonly date: string;
  readonly machine: { readonly cpu: string; readonly cores: number; readonly memoryGiB: number };
  readonly node: string;
  readonly packages: Readonly<Record<string, string>>;
}

/** Packages whose version says something about a result. */
const PACKAGES = [
  ...["@apollo/server", "graphql", "undici", "pg", "kysely", "jose", "type-graphql", "zod"],
  ...["@graphql-hive/router-query-planner", "@theguild/federation-composition"],
];

export async function surroundings(): Promise<Surroundings> {
  return {
    date: new Date().toISOString(),
    machine: {
      cpu: cpus()[0]?.model ?? "unknown",
      cores: cpus().length,
      memoryGiB: Math.round(totalmem() / 1_024 ** 3),
    },
    node: process.version,
    packages: await versions(),
  };
}

async function versions(): Promise<Record<string, string>> {
  const text = await readFile(join(PACKAGE_ROOT, "package.json"), "utf8");
  const { dependencies } = JSON.parse(text) as { readonly dependencies: Readonly<Record<string, string>> };
  return Object.fromEntries(PACKAGES.map((name) => [name, dependencies[name] ?? "unknown"]));
}
