/**
 * Reads the configuration: the file, then the environment over it, then the checks. One frozen object, or every problem at once.
 *
 * In      path of a YAML file (`--config`, else `IHALA_CONFIG`, else none: the sandbox of Bahrain), environment variables,
 *         and overrides of the command line, which win.
 * Out     the frozen configuration; its relative paths are relative to the file, `data` to the working directory.
 * Errors  CONFIG_INVALID with one line for each problem, `path: what is wrong`.
 */
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import { GatewayError } from "../kernel/errors.ts";
import { type Config, configSchema } from "./config.ts";
import { type Environment, environment } from "./environment.ts";
import { type EnvironmentKey, environmentKeys } from "./environment-keys.ts";

export interface LoadOptions {
  readonly path?: string | undefined;
  readonly env?: Environment;
  /** By path, `server.port`. */
  readonly overrides?: Readonly<Record<string, string | number>>;
}

/** A configuration that can be read again, as it was read the first time. */
export interface ConfigSource {
  read(): Promise<Config>;
  /** Null when no file is named. */
  readonly file: string | null;
}

export const configSource = (options: LoadOptions): ConfigSource => ({
  read: () => loadConfig(options),
  file: configFile(options),
});

type Tree = Record<string, unknown>;

export async function loadConfig({
  path,
  env = environment(),
  overrides = {},
}: LoadOptions = {}): Promise<Config> {
  const file = configFile({ path, env });
  const tree = file ? await readTree(file) : {};
  for (const key of environmentKeys()) {
    const text = env[key.name];
    if (text !== undefined && text !== "") place(tree, key.path, typed(text, key.type));
  }
  for (const [at, value] of Object.entries(overrides)) place(tree, at.split("."), value);
  const parsed = configSchema.safeParse(tree);
  if (!parsed.success) throw invalid(parsed.error.issues.flatMap(describe), file);
  return freeze(withAbsolutePaths(parsed.data, file ? dirname(file) : "."));
}

/** The file that is read, absolute; null when none is named. */
function configFile({ path, env = environment() }: Pick<LoadOptions, "path" | "env">): string | null {
  const named = path ?? env["IHALA_CONFIG"];
  return named ? resolve(named) : null;
}

/** A path written in the configuration is relative to its file; `data` alone to the working directory. */
function withAbsolutePaths(config: z.output<typeof configSchema>, base: string): Config {
  const { tls, persistedDocuments } = config.server;
  const folder = <Section extends { directory?: string | undefined }>(section: Section): Section =>
    section.directory === undefined ? section : { ...section, directory: resolve(base, section.directory) };
  const { keysDirectory } = config.audit;
  const keysFolder = keysDirectory && { keysDirectory: resolve(base, keysDirectory) };
  const files = tls && {
    certificate: resolve(base, tls.certificate),
    key: resolve(base, tls.key),
    ...(tls.clientCa !== undefined && { clientCa: resolve(base, tls.clientCa) }),
  };
  return {
    ...config,
    schema: folder(config.schema),
    policy: folder(config.policy),
    audit: { ...folder(config.audit), ...keysFolder },
    server: {
      ...config.server,
      ...(files && { tls: files }),
      persistedDocuments: {
        ...persistedDocuments,
        ...(persistedDocuments.path !== undefined && { path: resolve(base, persistedDocuments.path) }),
      },
    },
  };
}

async function readTree(file: string): Promise<Tree> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new GatewayError("CONFIG_INVALID", `the configuration file \`${file}\` cannot be read`, { cause });
  });
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, schema: "core" });
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) => {
      const { line } = lines.linePos(error.pos[0]);
      return `line ${line}: ${error.message.split("\n")[0]}`;
    });
    throw invalid(problems, file);
  }
  const tree: unknown = document.toJS({ maxAliasCount: 100 });
  if (tree === null || tree === undefined) return {};
  if (typeof tree === "object" && !Array.isArray(tree)) return tree as Tree;
  throw invalid(["the file holds no mapping of keys"], file);
}

/** Sets `path` in the tree; where the file holds something that is no mapping, it is left for the checks to report. */
function place(tree: Tree, path: readonly string[], value: unknown): void {
  const [first = "", ...rest] = path;
  if (rest.length === 0) {
    tree[first] = value;
    return;
  }
  tree[first] ??= {};
  const inner = tree[first];
  if (typeof inner === "object" && !Array.isArray(inner)) place(inner as Tree, rest, value);
}

/** Text that is not of the type is passed on as it is, so that the schema reports it. */
function typed(text: string, type: EnvironmentKey["type"]): unknown {
  if (type === "boolean") return text === "true" ? true : text === "false" ? false : text;
  if (type === "number") return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
  return text;
}

function describe(issue: z.core.$ZodIssue): string[] {
  const at = issue.path.map(String).join(".");
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((name) => `${at ? `${at}.` : ""}${name}: unknown key`);
  const nested = issue.code === "invalid_union" ? issue.errors.flat().map(({ message }) => message) : [];
  const what = nested.length > 0 ? [...new Set(nested)].join("; or ") : issue.message;
  return [`${at || "(file)"}: ${what}`];
}

function invalid(problems: readonly string[], file: string | null): GatewayError {
  const where = file ? ` in \`${file}\`` : "";
  const count = problems.length === 1 ? "one problem" : `${problems.length} problems`;
  return new GatewayError("CONFIG_INVALID", `the configuration has ${count}${where}`, { problems });
}

function freeze<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null) return value;
  for (const inner of Object.values(value)) freeze(inner);
  return Object.freeze(value);
}
