/**
 * Reads a folder of Cedar policies and compiles it into a `PolicySet`, outside the request path.
 *
 * In      `<policiesDir>/**` `*.cedar` and the schema text (by default `<policiesDir>/schema.cedarschema`).
 * Out     the policy set, with a version over all texts. cedar-wasm runs in a worker that ends with the compilation.
 * Errors  POLICY_INVALID with every problem at once, each `file:line:column: message`; lines and columns count
 *         characters, also in Arabic text.
 * Cost    about 0.7 s for 200 policies; once at start-up.
 */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { PolicyId } from "../kernel/brands.ts";
import { GatewayError } from "../kernel/errors.ts";
import { type CedarSchema, cedarSchemaFrom } from "./cedar/types.ts";
import type { CedarJob, CedarProblem, CedarReply, FormatJob } from "./cedar-worker.ts";
import { type Domain, loadDomain } from "./domain.ts";
import { lint } from "./lint.ts";
import { type CompiledPolicy, PolicySet } from "./policy-set.ts";
import { charOffset, lineAndColumn, splitPolicies } from "./policy-text.ts";

/** Beside the policies; written by `ihala compose`. */
export const SCHEMA_FILE = "schema.cedarschema";
const BASELINE = "baseline.cedar";
const WORKER_TIMEOUT_MS = 30_000;

export interface PolicySource {
  readonly policiesDir: string;
  /** Folder of the domain tables; by default the one that ships. */
  readonly schemaDir?: string;
  /** Instead of the folder's `schema.cedarschema`. */
  readonly schemaText?: string;
}

export interface PolicyFile {
  /** Relative to the folder, with `/`. */
  readonly file: string;
  readonly text: string;
}

export async function compilePolicies({
  policiesDir,
  schemaDir,
  schemaText,
}: PolicySource): Promise<PolicySet> {
  const files = await readPolicyFiles(policiesDir);
  const schema = schemaText ?? (await readText(policiesDir, SCHEMA_FILE));
  return compilePolicyTexts(files, schema, loadDomain(schemaDir));
}

export async function compilePolicyTexts(
  files: readonly PolicyFile[],
  schemaText: string,
  domain: Domain = loadDomain(),
): Promise<PolicySet> {
  const split = files.map((source) => ({ source, ...splitPolicies(source.text) }));
  const located = split.flatMap(({ source, policies }) =>
    policies.map((policy, index) => ({ ...policy, source, key: `${source.file}#${index}` })),
  );
  const bounds = split.flatMap(({ source, problems }) =>
    problems.map(({ message, offset }) => `${at(source, offset)}: ${message}`),
  );
  const reply = await runCedar<CedarReply>({
    schemaText,
    policies: Object.fromEntries(located.map(({ key, text }) => [key, text])),
  });
  const byKey = new Map(located.map((policy) => [policy.key, policy]));
  const problems = [...bounds, ...reply.problems.map((problem) => describe(problem, byKey, schemaText))];
  if (!reply.schema) throw invalid(problems);

  const compiled = located.flatMap(({ key, source, text, offset }): CompiledPolicy[] => {
    const json = reply.policies[key];
    if (!json) return [];
    const id = (json.annotations?.["id"] ?? "") as PolicyId;
    return [
      { id, file: source.file, line: Number.parseInt(lineAndColumn(source.text, offset), 10), text, json },
    ];
  });
  const schema: CedarSchema = cedarSchemaFrom(reply.schema);
  problems.push(...lint(compiled, schema, domain));
  if (compiled.length === 0 && problems.length === 0) problems.push("no policy was found");
  if (problems.length > 0) throw invalid(problems);
  return new PolicySet(versionOf(files, schemaText), compiled, schema, domain);
}

/** Cedar's own formatter in its canonical form (110 columns, two spaces). */
export function formatPolicies(texts: readonly string[]): Promise<readonly string[]> {
  return runCedar<readonly string[]>({ formatTexts: texts });
}

export async function readPolicyFiles(policiesDir: string): Promise<PolicyFile[]> {
  const entries = await readdir(policiesDir, { recursive: true }).catch((cause: unknown) => {
    throw invalid([`the folder \`${policiesDir}\` cannot be read: ${(cause as Error).message}`]);
  });
  const names = entries.map((name) => name.replaceAll("\\", "/")).filter((name) => name.endsWith(".cedar"));
  names.sort((a, b) => Number(b === BASELINE) - Number(a === BASELINE) || (a < b ? -1 : 1));
  return Promise.all(names.map(async (file) => ({ file, text: await readText(policiesDir, file) })));
}

async function readText(folder: string, file: string): Promise<string> {
  try {
    return await readFile(join(folder, file), "utf8");
  } catch (cause) {
    throw invalid([`${file}: cannot be read: ${(cause as Error).message}`]);
  }
}

function describe(
  { policy, message, byteOffset }: CedarProblem,
  policies: ReadonlyMap<string, { source: PolicyFile; text: string; offset: number }>,
  schemaText: string,
): string {
  const found = policy === null ? undefined : policies.get(policy);
  if (!found)
    return `${SCHEMA_FILE}:${lineAndColumn(schemaText, charOffset(schemaText, byteOffset))}: ${message}`;
  return `${at(found.source, found.offset + charOffset(found.text, byteOffset))}: ${message}`;
}

const at = ({ file, text }: PolicyFile, offset: number) => `${file}:${lineAndColumn(text, offset)}`;

const invalid = (problems: readonly string[]) =>
  new GatewayError("POLICY_INVALID", `the policies are not valid: ${problems.length} problem(s)`, {
    problems,
  });

function versionOf(files: readonly PolicyFile[], schemaText: string): string {
  const hash = createHash("sha256");
  for (const { file, text } of [...files, { file: SCHEMA_FILE, text: schemaText }]) {
    hash.update(`${file}\0${Buffer.byteLength(text)}\0${text}`);
  }
  return hash.digest("hex");
}

/** A trap, a crash or a hang of the worker refuses the policies; it never reaches the gateway. */
function runCedar<Reply>(job: CedarJob | FormatJob): Promise<Reply> {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  const worker = new Worker(new URL(`./cedar-worker.${extension}`, import.meta.url), { workerData: job });
  const { promise, resolve, reject } = Promise.withResolvers<Reply>();
  const refuse = (why: string) => reject(invalid([`Cedar's compiler ${why}`]));
  const timer = setTimeout(() => refuse(`did not answer in ${WORKER_TIMEOUT_MS} ms`), WORKER_TIMEOUT_MS);
  worker.once("message", resolve);
  worker.once("error", (error: Error) => refuse(`failed: ${error.message}`));
  worker.once("exit", () => refuse("ended without an answer"));
  return promise.finally(() => {
    clearTimeout(timer);
    void worker.terminate();
  });
}
