/**
 * The outer form of a question, read and refused in our own words before anything of it is parsed as GraphQL.
 *
 * In      one question of a parsed JSON body, or the search of a URL; nothing about it is known.
 * Out     what it names and brings; which text that is, the document store says.
 * Errors  BAD_REQUEST. Other spellings of a document's id than `documentId` are refused, not ignored: whoever uses one believes
 *         that it is heard (security design, A14).
 * Source  GraphQL over HTTP §4 and its appendix Persisted Documents: null and an empty `operationName` are left out.
 */
import { GatewayError } from "../kernel/errors.ts";
import type { Naming } from "../operation/document-store.ts";

type Json = Readonly<Record<string, unknown>>;

export interface Question extends Naming {
  readonly operationName: string | undefined;
  readonly variables: Json;
}

const OTHER_SPELLINGS = ["id", "queryId", "hash", "doc_id", "docId"];
const PARAMETERS = ["query", "documentId", "operationName", "variables", "extensions", ...OTHER_SPELLINGS];
const SHA256_HEX = /^[0-9a-f]{64}$/;
const NO_VARIABLES: Json = {};

export function questionOf(body: unknown): Question {
  if (!isObject(body)) throw refused("the body is no JSON object with a question");
  const other = OTHER_SPELLINGS.find((name) => Object.hasOwn(body, name));
  if (other !== undefined)
    throw refused(`\`${other}\` is not read: name a persisted document by \`documentId\``);
  return {
    query: textIn(body, "query"),
    documentId: textIn(body, "documentId"),
    sha256Hash: sha256HashOf(objectIn(body, "extensions")),
    operationName: textIn(body, "operationName") || undefined,
    variables: objectIn(body, "variables") ?? NO_VARIABLES,
  };
}

/** Variables and extensions are JSON texts in it. */
export function questionInSearch(search: string): Question {
  const given = new URLSearchParams(search);
  const body: Record<string, unknown> = {};
  for (const name of PARAMETERS) {
    const [value, ...more] = given.getAll(name);
    if (more.length > 0) throw refused(`\`${name}\` is given twice`);
    if (value !== undefined)
      body[name] = name === "variables" || name === "extensions" ? json(name, value) : value;
  }
  return questionOf(body);
}

function json(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refused(`\`${name}\` is no JSON`);
  }
}

function textIn(body: Json, name: string): string | null {
  const value = body[name] ?? null;
  if (value !== null && typeof value !== "string") throw refused(`\`${name}\` must be a text`);
  if (value?.trim() === "" && name !== "operationName") throw refused(`\`${name}\` is empty`);
  return value;
}

function objectIn(body: Json, name: string): Json | null {
  const value = body[name] ?? null;
  if (value === null || isObject(value)) return value;
  throw refused(`\`${name}\` must be an object`);
}

function sha256HashOf(extensions: Json | null): string | null {
  const named = extensions?.["persistedQuery"];
  if (named === undefined || named === null) return null;
  if (isObject(named) && named["version"] === 1) {
    const { sha256Hash } = named;
    if (typeof sha256Hash === "string" && SHA256_HEX.test(sha256Hash)) return sha256Hash;
  }
  throw refused(
    "`extensions.persistedQuery` must be `{version: 1, sha256Hash}` with 64 hexadecimal digits in lower case",
  );
}

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const refused = (message: string): GatewayError => new GatewayError("BAD_REQUEST", message);
