/**
 * Documents that callers name instead of sending: the deployment's own, and those that callers have registered.
 *
 * In      what a question names: a text, an id, Apollo's hash. And who asks, by their authorization.
 * Out     the text that is to run.
 * Rule    one way of naming, else BAD_REQUEST: with an id beside a text, which of them would run is a guess that is not made.
 *         A hash beside a text must be that text's. `only`: nothing but the deployment's own runs, by id or word for word.
 *         What a reader registered is that reader's: another who names its hash learns nothing of it.
 * Errors  PERSISTED_DOCUMENT_NOT_FOUND, PERSISTED_DOCUMENT_REQUIRED; in Apollo's words PERSISTED_QUERY_NOT_FOUND (the client
 *         sends the text along) and PERSISTED_QUERY_NOT_SUPPORTED (it stops asking by hash).
 * Source  GraphQL over HTTP, appendix Persisted Documents; Apollo's automatic persisted queries, version 1.
 */
import { hash } from "node:crypto";
import { LRUCache } from "lru-cache";
import { GatewayError } from "../kernel/errors.ts";
import { MAX_REGISTERED_CHARACTERS, MAX_REGISTERED_DOCUMENTS } from "../kernel/limits.ts";

export interface PersistedDocument {
  /** As the manifest writes it. */
  readonly id: string;
  readonly text: string;
}

export interface Naming {
  readonly query: string | null;
  readonly documentId: string | null;
  /** Of `extensions.persistedQuery`. */
  readonly sha256Hash: string | null;
}

export interface DocumentStoreOptions {
  readonly documents?: readonly PersistedDocument[];
  readonly only?: boolean;
  /** Callers may register documents by hash; never with `only`. */
  readonly automatic?: boolean;
}

export const SHA256_PREFIX = "sha256:";
const SHA256_HEX = /^[0-9a-f]{64}$/;

export class DocumentStore {
  readonly #only: boolean;
  readonly #registered: LRUCache<string, string> | null;
  #documents: readonly PersistedDocument[] = [];
  #texts: ReadonlyMap<string, string> = new Map();
  #listed: ReadonlySet<string> = new Set();

  constructor({ documents = [], only = false, automatic = false }: DocumentStoreOptions = {}) {
    this.#only = only;
    this.#registered = automatic && !only ? newRegister() : null;
    this.replace(documents);
  }

  /** The deployment's own, to be prepared before they are asked for. */
  get documents(): readonly PersistedDocument[] {
    return this.#documents;
  }

  /** Takes up another list whole; questions already resolved run as they were. */
  replace(documents: readonly PersistedDocument[]): void {
    const byHash = documents.map(({ text }) => [SHA256_PREFIX + hash("sha256", text), text] as const);
    this.#texts = new Map([...byHash, ...documents.map(({ id, text }) => [id, text] as const)]);
    this.#listed = new Set(documents.map(({ text }) => text));
    this.#documents = documents;
  }

  textOf({ query, documentId, sha256Hash }: Naming, authorization: string): string {
    if (documentId !== null) {
      if (query !== null || sha256Hash !== null) throw twice();
      return this.#byId(documentId);
    }
    if (sha256Hash !== null && query === null) return this.#byHash(sha256Hash, authorization);
    if (query === null) throw refused("`query` is missing: send a JSON object with the document as its text");
    if (sha256Hash !== null && sha256Hash !== hash("sha256", query))
      throw refused("`extensions.persistedQuery.sha256Hash` is not the SHA-256 of `query`");
    if (this.#only && !this.#listed.has(query)) throw required();
    return query;
  }

  /** After a question was answered: the next one may name its text by hash, if it did so itself. */
  register({ query, sha256Hash }: Naming, authorization: string): void {
    if (query !== null && sha256Hash !== null)
      this.#registered?.set(registerKey(sha256Hash, authorization), query);
  }

  #byId(id: string): string {
    if (id.startsWith(SHA256_PREFIX) && !SHA256_HEX.test(id.slice(SHA256_PREFIX.length)))
      throw refused("`documentId` with `sha256:` takes 64 hexadecimal digits in lower case");
    const text = this.#texts.get(id);
    if (text !== undefined) return text;
    throw new GatewayError("PERSISTED_DOCUMENT_NOT_FOUND", "no persisted document has this `documentId`");
  }

  #byHash(sha256Hash: string, authorization: string): string {
    const text =
      this.#texts.get(SHA256_PREFIX + sha256Hash) ??
      this.#registered?.get(registerKey(sha256Hash, authorization));
    if (text !== undefined) return text;
    if (this.#registered === null && this.#documents.length === 0)
      throw new GatewayError("PERSISTED_QUERY_NOT_SUPPORTED", "PersistedQueryNotSupported");
    throw new GatewayError("PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound");
  }
}

const newRegister = (): LRUCache<string, string> =>
  new LRUCache({
    max: MAX_REGISTERED_DOCUMENTS,
    maxSize: MAX_REGISTERED_CHARACTERS,
    sizeCalculation: (text) => text.length + 1,
  });

/** Of both in one, so that no token is kept. */
const registerKey = (sha256Hash: string, authorization: string): string =>
  hash("sha256", `${sha256Hash} ${authorization}`);

const refused = (message: string): GatewayError => new GatewayError("BAD_REQUEST", message);

const twice = (): GatewayError =>
  refused(
    "`documentId` names the whole document: send neither `query` nor `extensions.persistedQuery` with it",
  );

const required = (): GatewayError =>
  new GatewayError(
    "PERSISTED_DOCUMENT_REQUIRED",
    "only persisted documents are answered here: name one by `documentId`",
  );
