/**
 * The outer form of a question, refused in our own words before Apollo Server reads it: one question, as text.
 *
 * Persisted documents: there are none. Whoever names one by id or hash believes that the server knows it; with a text beside it,
 * which of the two would run is a guess that we do not make (security design, A14).
 *
 * In      the parsed body of a POST, undefined for a GET; the search of the URL.
 * Errors  BAD_REQUEST.
 */
import { GatewayError } from "../kernel/errors.ts";

const PERSISTED = ["id", "documentId", "queryId", "hash"];

export function checkForm(body: unknown, search: string): void {
  if (Array.isArray(body)) throw refused("a batch is not served: send one question at a time");
  if (body === undefined) checkQuestion(Object.fromEntries(new URLSearchParams(search)));
  else checkQuestion(typeof body === "object" && body !== null ? body : {});
}

function checkQuestion(question: object): void {
  const { query, extensions } = question as { readonly query?: unknown; readonly extensions?: unknown };
  const named = PERSISTED.find((name) => Object.hasOwn(question, name));
  if (named ?? namesPersisted(extensions)) {
    const what = named ?? "extensions.persistedQuery";
    throw refused(`\`${what}\` names a persisted document, and there are none: send \`query\` alone`);
  }
  if (typeof query !== "string" || query.trim() === "")
    throw refused("`query` is missing: send a JSON object with the document as its text");
}

/** A GET carries them as JSON text. */
function namesPersisted(extensions: unknown): boolean {
  if (typeof extensions === "string") return extensions.includes("persistedQuery");
  return typeof extensions === "object" && extensions !== null && "persistedQuery" in extensions;
}

const refused = (message: string): GatewayError => new GatewayError("BAD_REQUEST", message);
