/**
 * A GraphQL response of an agency as a reply: data without prototypes, errors with their path and without their words.
 *
 * Out     null for what is no GraphQL response. A code is kept when `keepCodes` lists it.
 * Bounds  100 errors.
 */
import type { SubgraphReply } from "../execute/backend.ts";
import type { ErrorCode } from "../kernel/errors.ts";
import { parseJson } from "./parse-json.ts";

export type KeptCodes = ReadonlySet<ErrorCode>;

const MASKED = "the agency reported an error";
const MAX_ERRORS = 100;

export function readReply(text: string, keepCodes: KeptCodes): SubgraphReply | null {
  return replyOf(tryParse(text), keepCodes);
}

/** `response` as `parseJson` gives it. */
export function replyOf(response: unknown, keepCodes: KeptCodes): SubgraphReply | null {
  if (!isRow(response)) return null;
  const { data = null, errors = [] } = response;
  if (!Array.isArray(errors) || !(data === null || isRow(data))) return null;
  if (data === null && errors.length === 0) return null;
  return { data, errors: errors.slice(0, MAX_ERRORS).map((error: unknown) => masked(error, keepCodes)) };
}

export function tryParse(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return null;
  }
}

function masked(error: unknown, keepCodes: KeptCodes): SubgraphReply["errors"][number] {
  const { path, extensions } = isRow(error) ? error : {};
  const code = isRow(extensions) ? (extensions["code"] as ErrorCode) : undefined;
  return {
    message: MASKED,
    ...(isPath(path) ? { path } : {}),
    ...(code && keepCodes.has(code) ? { code } : {}),
  };
}

const isPath = (path: unknown): path is readonly (string | number)[] =>
  Array.isArray(path) && path.every((step) => typeof step === "string" || Number.isSafeInteger(step));

export const isRow = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
