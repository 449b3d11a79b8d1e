/**
 * The only place that calls cedar-wasm, in a worker thread: a trap in WebAssembly ends the worker, not the gateway.
 *
 * In      one job: schema text and policies that `policy-text.ts` has split and bounded, or whole files to format.
 * Out     per policy its JSON form (EST), or problems with UTF-8 byte offsets into that policy; the schema as JSON.
 *         Warnings are problems too: an impossible policy is a mistake.
 * Rule    only text goes in. A policy at which Cedar traps is a problem that names it; the instance is not used after that.
 */
import { parentPort, workerData } from "node:worker_threads";
import * as cedar from "@cedar-policy/cedar-wasm/nodejs";
import type { PolicyJson } from "./cedar/partial.ts";
import type { SchemaJson } from "./cedar/types.ts";
import { readExactly } from "./large-numbers.ts";
import { validationSchema } from "./validation-schema.ts";

export interface CedarJob {
  readonly schemaText: string;
  /** Keyed by a name of the caller's; unique, also among templates. */
  readonly policies: Readonly<Record<string, string>>;
  readonly templates: Readonly<Record<string, string>>;
}

export interface CedarProblem {
  /** Key of the policy; null for the schema. */
  readonly policy: string | null;
  readonly message: string;
  readonly byteOffset: number;
}

export interface CedarReply {
  readonly schema: SchemaJson | null;
  /** Templates too. */
  readonly policies: Readonly<Record<string, PolicyJson>>;
  readonly problems: readonly CedarProblem[];
}

export interface FormatJob {
  /** Whole files, bounded by `policy-text.ts`. */
  readonly formatTexts: readonly string[];
}

/** For each text, in their order. */
export type FormatReply = readonly ({ readonly text: string } | Omit<CedarProblem, "policy">)[];

/** Whose policy it is, or that it was being read: the place says that. */
const PREAMBLE = /^(for policy `[^`]*`[,:] |failed to parse (policy|template) from string: )/;
const FORMAT = { lineWidth: 110, indentWidth: 2 };

parentPort?.postMessage(
  "formatTexts" in workerData
    ? (workerData as FormatJob).formatTexts.map(format)
    : compile(workerData as CedarJob),
);

function compile({ schemaText, policies, templates }: CedarJob): CedarReply {
  const schema = cedar.schemaToJsonWithResolvedTypes(schemaText);
  if (schema.type === "failure") {
    return { schema: null, policies: {}, problems: schema.errors.map((error) => problem(null, error)) };
  }
  const parsed: Record<string, PolicyJson> = {};
  const problems: CedarProblem[] = [];
  for (const [key, text] of Object.entries({ ...policies, ...templates })) {
    try {
      const policy = readExactly(text, key in templates ? cedar.templateToJson : cedar.policyToJson);
      if (policy.type === "success") parsed[key] = policy.json as unknown as PolicyJson;
      else problems.push(...policy.errors.map((error) => problem(key, error)));
    } catch (trap) {
      const message = `Cedar's compiler failed on the policy: ${(trap as Error).message}`;
      return { schema: null, policies: {}, problems: [...problems, { policy: key, message, byteOffset: 0 }] };
    }
  }
  const readable = (texts: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(texts).filter(([key]) => key in parsed));
  const reduced = validationSchema(schema.json as unknown as SchemaJson, Object.values(parsed));
  const validated = cedar.validate({
    schema: reduced as unknown as cedar.SchemaJson<string>,
    policies: { staticPolicies: readable(policies), templates: readable(templates) },
  });
  if (validated.type === "failure") problems.push(...validated.errors.map((error) => problem(null, error)));
  else {
    for (const { policyId, error } of [...validated.validationErrors, ...validated.validationWarnings]) {
      problems.push(problem(policyId, error));
    }
  }
  return { schema: schema.json as unknown as SchemaJson, policies: parsed, problems };
}

function problem(policy: string | null, error: cedar.DetailedError): CedarProblem {
  const said = error.message.replace(PREAMBLE, "");
  const message = error.help ? `${said} (${error.help})` : said;
  return { policy, message, byteOffset: error.sourceLocations?.[0]?.start ?? 0 };
}

function format(policyText: string): FormatReply[number] {
  const formatted = cedar.formatPolicies({ policyText, ...FORMAT });
  if (formatted.type === "success") return { text: `${formatted.formatted_policy.trimEnd()}\n` };
  const [error] = formatted.errors;
  const { message, byteOffset } = problem(null, error!);
  return { message, byteOffset };
}
