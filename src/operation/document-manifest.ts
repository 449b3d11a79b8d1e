/**
 * Reads the documents that a deployment persists.
 *
 * In      a file, or a folder whose `.json` files are manifests and whose `.graphql` files are one document each. A manifest is
 *         Apollo's (`apollo-persisted-query-manifest`, version 1) or a mapping of ids to documents.
 * Out     every document with its id. A document of a `.graphql` file goes by its SHA-256.
 * Rule    an id of 64 hexadecimal digits, with `sha256:` or without, is the document's SHA-256; another prefix than `x-…:` is
 *         reserved (GraphQL over HTTP, appendix Persisted Documents); one id names one document.
 * Errors  CONFIG_INVALID with every problem found. That a document fits the schema is `prepare-documents.ts`'s to say.
 */
import { hash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { GatewayError } from "../kernel/errors.ts";
import { type PersistedDocument, SHA256_PREFIX } from "./document-store.ts";

type Report = (problem: string) => void;

const APOLLO_FORMAT = "apollo-persisted-query-manifest";
const NOTHING = [undefined, undefined] as const;
const HASH_ID = /^(?:sha256:)?([0-9a-f]{64})$/i;
const RESERVED_ID = /^(?!x-)[^:]*:/;

export async function readDocuments(path: string): Promise<readonly PersistedDocument[]> {
  const problems: string[] = [];
  const files = await filesAt(path).catch((cause: unknown) => {
    throw invalid([`\`${path}\` cannot be read`], cause);
  });
  if (files.length === 0) problems.push(`\`${path}\` holds no \`.json\` and no \`.graphql\` file`);
  const found: PersistedDocument[] = [];
  for (const file of files) {
    const report: Report = (problem) => problems.push(`\`${basename(file)}\`: ${problem}`);
    const text = await readFile(file, "utf8");
    found.push(...(file.endsWith(".json") ? fromManifest(text, report) : [ofText(text)]));
  }
  const documents = onePerId(found, (problem) => problems.push(problem));
  if (problems.length > 0) throw invalid(problems);
  return documents;
}

async function filesAt(path: string): Promise<readonly string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const names = (await readdir(path)).filter((name) => /\.(?:json|graphql)$/.test(name));
  return names.toSorted().map((name) => join(path, name));
}

const ofText = (text: string): PersistedDocument => ({ id: SHA256_PREFIX + hash("sha256", text), text });

function fromManifest(text: string, report: Report): readonly PersistedDocument[] {
  const manifest = parseJson(text);
  if (!isRecord(manifest)) {
    report("is no JSON object");
    return [];
  }
  const entries =
    "format" in manifest || "operations" in manifest
      ? operationsOf(manifest, report)
      : Object.entries(manifest);
  return entries.flatMap(([id, document]) => documentOf(id, document, report));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function operationsOf(
  { format, version, operations }: Readonly<Record<string, unknown>>,
  report: Report,
): readonly (readonly [unknown, unknown])[] {
  if (format !== APOLLO_FORMAT || version !== 1) report(`\`format\` is not \`${APOLLO_FORMAT}\`, version 1`);
  else if (!Array.isArray(operations)) report("`operations` is no list");
  else
    return operations.map((operation) =>
      isRecord(operation) ? [operation["id"], operation["body"]] : NOTHING,
    );
  return [];
}

function documentOf(id: unknown, text: unknown, report: Report): readonly PersistedDocument[] {
  if (typeof id !== "string" || id === "") report("an operation has no `id`");
  else if (typeof text !== "string" || text.trim() === "") report(`\`${id}\` has no document`);
  else if (idProblem(id, text)) report(`\`${id}\` ${idProblem(id, text)}`);
  else return [{ id, text }];
  return [];
}

function idProblem(id: string, text: string): string | null {
  const named = HASH_ID.exec(id)?.[1];
  if (named !== undefined) return named === hash("sha256", text) ? null : "is not its document's SHA-256";
  return RESERVED_ID.test(id) ? "has a reserved prefix: use `sha256:`, `x-…:` or none" : null;
}

function onePerId(found: readonly PersistedDocument[], report: Report): readonly PersistedDocument[] {
  const byId = new Map<string, PersistedDocument>();
  for (const document of found) {
    const known = byId.get(document.id);
    if (known && known.text !== document.text) report(`\`${document.id}\` names two documents`);
    byId.set(document.id, document);
  }
  return [...byId.values()];
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function invalid(problems: readonly string[], cause?: unknown): GatewayError {
  return new GatewayError("CONFIG_INVALID", "the persisted documents cannot be used", {
    cause,
    problems: problems.map((problem) => `server.persistedDocuments: ${problem}`),
  });
}
