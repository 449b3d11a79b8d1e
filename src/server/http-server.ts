/**
 * The HTTP server: `/graphql`, over WebSocket too, `/files/`, `/livez`, `/readyz`, and a stop that fails no request.
 *
 * Ready   `/readyz` begins with the phase; then the versions in force, the last reload if it was refused, and
 *         how many disclosure records the database's copy has not yet, and for how long; codes of agencies that are suspended.
 * Start   listens at once, so that a busy port is told before anything else is started; answers NOT_READY until `serve`.
 * Mode    every answer of a sandbox or of `ihala dev` says so in `x-ihala-mode`.
 * TLS     ended here where files are named, else by a proxy; renewed files are taken up by new connections.
 * Stop    no new connections; requests in flight finish, for `drainMs` at most; kept-alive connections are told `Connection: close`
 *         with their next answer, and those that stay silent are closed after a moment, new ones last. `/readyz` says 503 from the first instant.
 *         Subscriptions end at once and in order, deferred answers like requests (`streams.ts`, `websocket-connection.ts`).
 * Storm   more than can be worked on is answered 503 (`load.ts`); connections beyond `maxConnections` are closed unheard.
 * Errors  PORT_IN_USE; CONFIG_INVALID for an address that cannot be listened on, and for TLS files.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer, type Server as TlsServer } from "node:https";
import { Server as NetServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { GatewayError } from "../kernel/errors.ts";
import { DEFAULT_BATCH_SIZE, DEFAULT_MAX_CONNECTIONS, DEFAULT_MAX_REQUESTS } from "../kernel/limits.ts";
import { DocumentStore } from "../operation/document-store.ts";
import type { Log } from "../telemetry/log.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import type { Tracing } from "../telemetry/trace.ts";
import { type Edge, startEdge } from "./apollo.ts";
import { createAsker } from "./ask.ts";
import { createChannelOf } from "./channel-of.ts";
import { Connections } from "./connections.ts";
import { FILES_PATH, fileHandler } from "./file-handler.ts";
import type { GatewayPort, Standing } from "./gateway-port.ts";
import { graphqlHandler } from "./graphql-handler.ts";
import { listen } from "./listen.ts";
import { Load } from "./load.ts";
import { questionOf } from "./request-form.ts";
import { STREAM_DEFAULTS, type StreamOptions, Streams } from "./streams.ts";
import { asksForCertificates, readTls, type TlsFiles } from "./tls.ts";
import { type WebSockets, webSockets } from "./websocket.ts";

export interface HttpServerOptions extends Partial<StreamOptions> {
  readonly host: string;
  readonly port: number;
  readonly maxBodyBytes: number;
  readonly maxTokens: number;
  readonly drainMs: number;
  /** Read and worked on at a time. */
  readonly maxRequests?: number;
  readonly maxConnections?: number;
  /** Questions of one batch; 1, unless given, serves none. */
  readonly batchSize?: number;
  /** Whether answers are compressed for callers who take it; they are, unless it is false. */
  readonly compression?: boolean;
  readonly tls?: TlsFiles | undefined;
  /** Whether the header `client-cert` is believed. */
  readonly trustedProxy?: boolean;
  /** Where callers reach `/graphql`; at the server's own address, unless given. */
  readonly publicUrl?: string | undefined;
  /** None, and nobody registers one, unless given. */
  readonly documents?: DocumentStore;
  /** Said with every answer, unless it is production. */
  readonly mode: "sandbox" | "production" | "dev";
  readonly log: Log;
  /** Where requests are counted. */
  readonly metrics?: Pick<Metrics, "request"> | undefined;
  /** Traces nothing, unless given. */
  readonly tracing?: Tracing | undefined;
}

export interface HttpServer {
  /** `http://127.0.0.1:4000`, with the port that was bound. */
  readonly url: string;
  /** For operators: what it does at this moment, and which versions are in force. */
  status(): ServerStatus;
  /** Reads the TLS files again, for connections from now on; CONFIG_INVALID when they are not good, and those before stay. */
  renewTls(): Promise<void>;
  /** From now on requests are answered by this gateway; not, when a persisted document does not fit it (CONFIG_INVALID). */
  serve(gateway: GatewayPort): Promise<void>;
  stop(): Promise<void>;
}

const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
const KEEP_ALIVE_MS = 65_000;
/** A silent connection may be about to carry a request: it is closed only after this. */
const SILENCE_MS = 400;
/** One that has not carried any yet, its TLS handshake perhaps under way, after this. */
const FIRST_REQUEST_MS = 3_000;
const POLL_MS = 10;

type Phase = "starting" | "ready" | "draining";

export interface ServerStatus extends Partial<Standing> {
  readonly phase: Phase;
  /** Under way, streams over HTTP among them. */
  readonly requests: number;
  readonly streams: number;
}

export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { log, maxBodyBytes, maxTokens, batchSize = DEFAULT_BATCH_SIZE, compression = true } = options;
  const { documents = new DocumentStore(), tls, trustedProxy = false } = options;
  const secure = tls && (await readTls(tls));
  let phase: Phase = "starting";
  let edge: Edge | null = null;
  let port: GatewayPort | null = null;
  let inFlight = 0;

  const readyEdge = (): Edge => edge ?? notReady();
  const headers: Readonly<Record<string, string>> =
    options.mode === "production" ? {} : { "x-ihala-mode": options.mode };
  const asker = createAsker(readyEdge, documents, options.tracing);
  const streams = new Streams({ ...STREAM_DEFAULTS, ...options });
  const graphqlUrl = (): string => options.publicUrl ?? `${url}/graphql`;
  const channelOf = createChannelOf({ url: graphqlUrl, trustedProxy });
  const load = new Load(options.maxRequests ?? DEFAULT_MAX_REQUESTS);
  const shared = { asker, load, streams, headers, channelOf, log };
  const { metrics } = options;
  const graphql = graphqlHandler({ ...shared, maxBodyBytes, batchSize, compression, metrics });
  const files = fileHandler({
    ...{ load, headers, log, metrics },
    gateway: () => port ?? notReady(),
    channelOf: createChannelOf({
      url: (request) => new URL((request.url ?? "").slice(1), graphqlUrl()).href,
      trustedProxy,
    }),
  });
  const sockets = webSockets({
    ...shared,
    ask: (caller, body) => asker(caller)(questionOf(body)),
    admit: async (...whom) => port?.admit?.(...whom),
    checkReady: readyEdge,
    maxMessageBytes: maxBodyBytes,
  });

  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    inFlight += 1;
    response.on("close", () => {
      inFlight -= 1;
    });
    if (phase === "draining") response.setHeader("connection", "close");
    const path = pathOf(request.url);
    if (path === "/graphql") void graphql(request, response);
    else if (path.startsWith(FILES_PATH)) void files(request, response);
    else if (path === "/livez") text(response, headers, 200, "alive");
    else if (path === "/readyz")
      text(response, headers, phase === "ready" ? 200 : 503, [phase, ...standingLines(port)].join("\n"));
    else text(response, headers, 404, "nothing here: GraphQL is at /graphql");
  };

  // A header sent twice reads as both: of two tokens neither is taken.
  const http = { joinDuplicateHeaders: true, shouldUpgradeCallback: asksForWebSocket };
  const server: Server | TlsServer = tls
    ? createTlsServer({ ...http, ...secure, ...asksForCertificates(tls) }, onRequest)
    : createServer(http, onRequest);
  server.on("upgrade", sockets.upgrade);
  server.maxConnections = options.maxConnections ?? DEFAULT_MAX_CONNECTIONS;
  const connections = new Connections(server);
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.on("clientError", (_, socket) => refuseNoise(socket as Socket, options.mode));
  const url = await listen(server, options);

  const serve = async (gateway: GatewayPort) => {
    const problems = gateway.prepareDocuments?.(documents.documents) ?? [];
    if (problems.length > 0)
      throw new GatewayError("CONFIG_INVALID", "the persisted documents do not fit the schema", { problems });
    edge = await startEdge(gateway, maxTokens, log);
    port = gateway;
    if (phase === "starting") phase = "ready";
  };
  const renewTls = async () => {
    if (tls && "setSecureContext" in server) server.setSecureContext(await readTls(tls));
  };
  let stopping: Promise<void> | null = null;
  const stop = () => {
    phase = "draining";
    streams.drain();
    stopping ??= drain({ server, sockets, connections, inFlight: () => inFlight }, options.drainMs).then(() =>
      edge?.stop(),
    );
    return stopping;
  };
  const status = (): ServerStatus => ({
    ...{ phase, requests: inFlight, streams: streams.count },
    ...port?.standing,
  });
  return { url, status, renewTls, serve, stop };
}

/** An offer of any other protocol is passed over, and the request answered. */
const asksForWebSocket = ({ headers, url }: IncomingMessage): boolean =>
  headers.upgrade?.toLowerCase() === "websocket" && pathOf(url) === "/graphql";

function notReady(): never {
  throw new GatewayError("NOT_READY", "the gateway is starting");
}

const pathOf = (url = "/"): string => url.split("?", 1)[0] ?? "/";

interface Draining {
  readonly server: Server | TlsServer;
  readonly sockets: WebSockets;
  readonly connections: Connections;
  readonly inFlight: () => number;
}

async function drain({ server, sockets, connections, inFlight }: Draining, drainMs: number): Promise<void> {
  const began = performance.now();
  const isWithin = (ms: number): boolean => performance.now() < began + Math.min(ms, drainMs);
  await connections.settle(isWithin);
  // `http.Server` would close silent connections too.
  NetServer.prototype.close.call(server);
  await sleep(Math.min(SILENCE_MS, drainMs));
  server.closeIdleConnections();
  while ((inFlight() > 0 && isWithin(drainMs)) || (connections.silent > 0 && isWithin(FIRST_REQUEST_MS)))
    await sleep(POLL_MS);
  await sockets.close(began + drainMs);
  server.closeAllConnections();
  server.close();
}

const VERSION_DIGITS = 12;

/** For operators; nothing that callers may not know. */
function standingLines(port: GatewayPort | null): readonly string[] {
  if (!port?.standing) return [];
  const { schema, policies, publication, refused, shipping, suspended = [] }: Standing = port.standing;
  return [
    `schema ${schema.slice(0, VERSION_DIGITS)}`,
    `policies ${policies.slice(0, VERSION_DIGITS)}`,
    ...(publication === undefined ? [] : [`publication ${publication}`]),
    ...(refused ? [`reload refused ${refused.at} ${refused.code}`] : []),
    ...(shipping ? [`disclosures unshipped ${shipping.records} for ${Math.round(shipping.ms)} ms`] : []),
    ...(suspended.length > 0 ? [`suspended ${codesOf(suspended).join(", ")}`] : []),
  ];
}

/** Which members is for operators alone. */
const codesOf = (suspended: NonNullable<Standing["suspended"]>): readonly string[] => {
  const whole = new Set(suspended.filter(({ member }) => member === null).map(({ agency }) => agency));
  const codes = new Set(suspended.map(({ agency }) => agency));
  return [...codes].toSorted().map((code) => (whole.has(code) ? code : `${code} in part`));
};

function text(
  response: ServerResponse,
  headers: Readonly<Record<string, string>>,
  status: number,
  body: string,
): void {
  response.writeHead(status, {
    ...headers,
    "content-type": "text/plain; charset=utf-8",
    "cache-control": "no-store",
  });
  response.end(`${body}\n`);
}

/** Bytes that are no HTTP. */
function refuseNoise(socket: Socket, mode: HttpServerOptions["mode"]): void {
  if (!socket.writable) return;
  const header = mode === "production" ? "" : `x-ihala-mode: ${mode}\r\n`;
  socket.end(`HTTP/1.1 400 Bad Request\r\n${header}connection: close\r\ncontent-length: 0\r\n\r\n`);
}
