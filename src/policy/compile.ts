/**
 * Compiles Cedar policies into a `PolicySet`, outside the request path.
 *
 * In      `<policiesDir>/**` `*.cedar`, `*.links.yaml` for templates, and the schema text (by default `<policiesDir>/schema.cedarschema`).
 * Out     the policy set, with a version over all texts. cedar-wasm runs in a worker that ends with the compilation.
 * Errors  POLICY_INVALID with every problem at once, each `file:line:column: message`; lines and columns count
 *         characters, also in Arabic text.
 * Cost    about 0.7 s for 200 policies; once at start-up, and for texts that have changed. The last few sets are kept.
 */
import { createHash } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { PolicyId } from "../kernel/brands.ts";
import type { PolicyJson } from "./cedar/partial.ts";
import { cedarSchemaFrom } from "./cedar/types.ts";
import type { CedarProblem, CedarReply } from "./cedar-worker.ts";
import { type Domain, loadDomain } from "./domain.ts";
import { readLinks } from "./links.ts";
import { lint } from "./lint.ts";
import { isCedarText, type PolicyFile, readPolicyFiles, readText } from "./policy-files.ts";
import { type CompiledPolicy, PolicySet } from "./policy-set.ts";
import { charOffset, type PolicyText, splitPolicies } from "./policy-text.ts";
import { type Place, type PolicyProblem, placeIn, policyInvalid } from "./problem.ts";
import { runCedar } from "./run-cedar.ts";

/** Beside the policies; written by `ihala compose`. */
export const SCHEMA_FILE = "schema.cedarschema";

export interface PolicySource {
  readonly policiesDir: string;
  /** Folder of the domain tables. */
  readonly schemaDir: string;
  /** Instead of the folder's `schema.cedarschema`. */
  readonly schemaText?: string;
}

export interface Compilation {
  /** Null when there is any problem. */
  readonly policySet: PolicySet | null;
  readonly problems: readonly PolicyProblem[];
}

export async function compilePolicies(source: PolicySource): Promise<PolicySet> {
  return valid(await tryCompilePolicies(source));
}

export async function tryCompilePolicies({
  policiesDir,
  schemaDir,
  schemaText,
}: PolicySource): Promise<Compilation> {
  const files = await readPolicyFiles(policiesDir);
  const schema = schemaText ?? (await readText(policiesDir, SCHEMA_FILE));
  return tryCompilePolicyTexts(files, schema, loadDomain(schemaDir));
}

export async function compilePolicyTexts(
  files: readonly PolicyFile[],
  schemaText: string,
  domain: Domain,
): Promise<PolicySet> {
  return valid(await tryCompilePolicyTexts(files, schemaText, domain));
}

function valid({ policySet, problems }: Compilation): PolicySet {
  if (policySet) return policySet;
  throw policyInvalid(problems);
}

const kept = new LRUCache<string, PolicySet>({ max: 4 });

/** Texts that were compiled a moment ago are not compiled again: a reload that changes something else, a draft and what it is held to. */
export async function tryCompilePolicyTexts(
  files: readonly PolicyFile[],
  schemaText: string,
  domain: Domain,
): Promise<Compilation> {
  const version = versionOf(files, schemaText);
  const known = kept.get(version);
  if (known && known.domain === domain) return { policySet: known, problems: [] };
  const compilation = await compileAnew(files, schemaText, domain, version);
  if (compilation.policySet) kept.set(version, compilation.policySet);
  return compilation;
}

async function compileAnew(
  files: readonly PolicyFile[],
  schemaText: string,
  domain: Domain,
  version: string,
): Promise<Compilation> {
  const { policies, templates, problems } = split(files);
  const reply = await runCedar<CedarReply>({
    schemaText,
    policies: textsOf(policies),
    templates: textsOf(templates),
  });
  const written = new Map([...policies, ...templates]);
  problems.push(
    ...reply.problems.map(({ message, ...where }) => ({
      place: placeOf(where, written, schemaText),
      message,
    })),
  );
  if (!reply.schema) return { policySet: null, problems };

  const compiledFrom = (located: Located) =>
    [...located].flatMap(([key, { source, text, offset }]): CompiledPolicy[] => {
      const json = reply.policies[key];
      return json ? [{ id: idOf(json), ...placeIn(source, offset), text, json }] : [];
    });
  const compiledTemplates = compiledFrom(templates);
  const isTemplateWrong = reply.problems.some(({ policy }) => policy !== null && templates.has(policy));
  const linked = isTemplateWrong
    ? NOTHING_LINKED
    : await linkTemplates(files, templatesById(templates, reply), schemaText);
  problems.push(...linked.problems);

  const compiled = inOrderOf(files, [...compiledFrom(policies), ...linked.policies]);
  const schema = cedarSchemaFrom(reply.schema);
  problems.push(...lint(compiled, compiledTemplates, schema, domain));
  if (compiled.length === 0 && problems.length === 0)
    problems.push({ place: null, message: "no policy was found" });
  if (problems.length > 0) return { policySet: null, problems };
  return { policySet: new PolicySet(version, compiled, schema, domain), problems };
}

type Located = ReadonlyMap<string, PolicyText & { readonly source: PolicyFile }>;

function split(files: readonly PolicyFile[]): {
  readonly policies: Located;
  readonly templates: Located;
  readonly problems: PolicyProblem[];
} {
  const parts = files
    .filter(({ file }) => isCedarText(file))
    .map((source) => ({ source, ...splitPolicies(source.text) }));
  const located = parts.flatMap(({ source, policies }) =>
    policies.map((policy, index) => [`${source.file}#${index}`, { ...policy, source }] as const),
  );
  return {
    policies: new Map(located.filter(([, { slots }]) => slots.length === 0)),
    templates: new Map(located.filter(([, { slots }]) => slots.length > 0)),
    problems: parts.flatMap(({ source, problems }) =>
      problems.map(({ message, offset }) => ({ place: placeIn(source, offset), message })),
    ),
  };
}

const textsOf = (located: Located) => Object.fromEntries([...located].map(([key, { text }]) => [key, text]));
const idOf = (json: PolicyJson) => (json.annotations?.["id"] ?? "") as PolicyId;

interface Linked {
  readonly policies: readonly CompiledPolicy[];
  readonly problems: readonly PolicyProblem[];
}
const NOTHING_LINKED: Linked = { policies: [], problems: [] };

function templatesById(templates: Located, { policies }: CedarReply): ReadonlyMap<string, PolicyText> {
  return new Map(
    [...templates].flatMap(([key, template]) => {
      const json = policies[key];
      return json ? [[idOf(json), template] as const] : [];
    }),
  );
}

/** Cedar reads the policies that links make like any other: a link's entity may not be one of the schema's. */
async function linkTemplates(
  files: readonly PolicyFile[],
  templates: ReadonlyMap<string, PolicyText>,
  schemaText: string,
): Promise<Linked> {
  const read = files.filter(({ file }) => !isCedarText(file)).map((file) => readLinks(file, templates));
  const links = new Map(read.flatMap((file) => file.links).map((link, index) => [`${index}`, link]));
  const problems = read.flatMap((file) => file.problems);
  if (links.size === 0) return { policies: [], problems };
  const policies = Object.fromEntries([...links].map(([key, { text }]) => [key, text]));
  const reply = await runCedar<CedarReply>({ schemaText, policies, templates: {} });
  return {
    policies: [...links].flatMap(([key, { id, template, place, text, annotations }]): CompiledPolicy[] => {
      const json = reply.policies[key];
      if (!json) return [];
      const own = { ...json, annotations: { ...json.annotations, ...annotations } };
      return [{ id: id as PolicyId, ...place, text, json: own, template }];
    }),
    problems: [
      ...problems,
      ...reply.problems.map(({ policy, message }) => ({
        place: links.get(policy ?? "")?.place ?? null,
        message,
      })),
    ],
  };
}

/** Among forbids the first names the reason, be it a link. */
function inOrderOf(files: readonly PolicyFile[], policies: readonly CompiledPolicy[]): CompiledPolicy[] {
  const order = new Map(files.map(({ file }, index) => [file, index]));
  return policies.toSorted((a, b) => order.get(a.file)! - order.get(b.file)!);
}

function placeOf(
  { policy, byteOffset }: Pick<CedarProblem, "policy" | "byteOffset">,
  policies: Located,
  schemaText: string,
): Place {
  const found = policy === null ? undefined : policies.get(policy);
  if (!found) return placeIn({ file: SCHEMA_FILE, text: schemaText }, charOffset(schemaText, byteOffset));
  return placeIn(found.source, found.offset + charOffset(found.text, byteOffset));
}

function versionOf(files: readonly PolicyFile[], schemaText: string): string {
  const hash = createHash("sha256");
  for (const { file, text } of [...files, { file: SCHEMA_FILE, text: schemaText }]) {
    hash.update(`${file}\0${Buffer.byteLength(text)}\0${text}`);
  }
  return hash.digest("hex");
}
