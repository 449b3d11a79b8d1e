/**
 * The ledger over HTTP: `POST /spine` and `POST /content` (GraphQL, JSON in and out), `GET /files/<reference>`, `GET /readyz`.
 *
 * Every question, and every file, needs the gateway's outbound token that names the whole reader; without one 401, and nothing is read.
 * Bounds   body 1 MiB; of a file, one piece at a time. Errors: 400 no GraphQL request, 404, 405, 413; faults inside an answer are
 *          200 with `errors`; a fault inside a file cuts the connection.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import type { Answer, GraphqlRequest } from "./answer.ts";
import type { LedgerContext } from "./context.ts";
import { findFile, type StoredFile } from "./files.ts";
import type { WritableJournal } from "./journal.ts";
import type { Reader } from "./reader.ts";

export interface LedgerServerOptions {
  readonly subgraphs: Readonly<Record<"spine" | "content", Answer>>;
  /** The reader named by the value of `authorization`, or null. */
  readonly authenticate: (authorization: string | undefined) => Promise<Reader | null>;
  readonly contextFor: (reader: Reader) => LedgerContext;
  readonly isReady: () => Promise<boolean>;
  readonly journal: WritableJournal;
  readonly onFault: (error: unknown) => void;
}

const MAX_BODY_BYTES = 1_048_576;

class Refusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export function ledgerServer(options: LedgerServerOptions): Server {
  return createServer((request, response) => {
    serve(options, request)
      .then(
        (body) => (body instanceof Found ? send(response, body.file) : reply(response, 200, body)),
        (error: unknown) => {
          if (error instanceof Refusal)
            return reply(response, error.status, { errors: [{ message: error.message }] });
          options.onFault(error);
          reply(response, 500, { errors: [{ message: "the ledger failed" }] });
        },
      )
      .catch(options.onFault);
  });
}

/** A file instead of a body. */
class Found {
  readonly file: StoredFile;
  constructor(file: StoredFile) {
    this.file = file;
  }
}

const FILES_PATH = "/files/";

async function serve(options: LedgerServerOptions, request: IncomingMessage): Promise<object> {
  const { method, url } = request;
  if (url === "/readyz") {
    if (await options.isReady()) return { ready: true };
    throw new Refusal(503, "not ready");
  }
  if (url?.startsWith(FILES_PATH)) return serveFile(options, request, url.slice(FILES_PATH.length));
  const subgraph = url === "/spine" ? "spine" : url === "/content" ? "content" : null;
  if (!subgraph) throw new Refusal(404, "no such path");
  if (method !== "POST") throw new Refusal(405, "only POST");
  const reader = await options.authenticate(request.headers.authorization);
  if (!reader) throw new Refusal(401, "a token of the gateway is needed");
  const question = graphqlRequest(await bodyOf(request));
  options.journal.request({ subgraph, ...question, reader });
  return options.subgraphs[subgraph](question, options.contextFor(reader));
}

async function serveFile(
  { authenticate, journal, contextFor }: LedgerServerOptions,
  { method, headers }: IncomingMessage,
  segment: string,
): Promise<Found> {
  if (method !== "GET") throw new Refusal(405, "only GET");
  const reader = await authenticate(headers.authorization);
  if (!reader) throw new Refusal(401, "a token of the gateway is needed");
  const ref = decoded(segment);
  journal.request({ subgraph: "files", query: "", variables: { ref }, reader });
  const file = ref === null ? null : await findFile(contextFor(reader), ref);
  if (!file) throw new Refusal(404, "no such file");
  return new Found(file);
}

/** Null for what is no encoded text, or no text of PostgreSQL's. */
function decoded(segment: string): string | null {
  try {
    const ref = decodeURIComponent(segment);
    return ref.includes("\0") ? null : ref;
  } catch {
    return null;
  }
}

/** What fails on the way cuts the connection, so that nothing short looks whole. */
async function send(response: ServerResponse, { mediaType, bytes, pieces }: StoredFile): Promise<void> {
  response.writeHead(200, { "content-type": mediaType, "content-length": bytes });
  await pipeline(pieces, response);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new Refusal(413, "body too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function graphqlRequest(text: string): GraphqlRequest {
  const { query, variables } = objectOf(text);
  if (typeof query !== "string") throw new Refusal(400, "no GraphQL request");
  return { query, variables: (variables ?? {}) as GraphqlRequest["variables"] };
}

function objectOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    throw new Refusal(400, "no JSON");
  }
}

function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    connection: status === 413 ? "close" : "keep-alive",
  });
  response.end(JSON.stringify(body));
}
