/**
 * `GET /files/<link>`: a file of an agency, streamed through the gateway to the reader to whom its link was given.
 *
 * In      a link of an answer, with the headers that the question had: token, proof of possession for this address, purpose, issue.
 * Out     the bytes as they come, never held whole: the agency is read as fast as the caller takes them. The agency says how long
 *         the file is and its media type, which is passed on where it is one that no browser runs; nothing else of it leaves.
 * HEAD    is refused, so that nothing uses a link up but a GET. Ranges are not offered.
 * Errors  FILE_NOT_FOUND, alike for whatever is no link of this reader's. Agencies' faults are 502 and 504 here.
 * Ends    an agency that breaks off, and a caller who takes nothing for `STREAM_STALL_MS` or less than `MIN_FILE_BYTES_PER_SECOND` of
 *         the whole, end in a connection that is cut before `content-length` is reached: what is short never looks whole.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AgencyFile } from "../connectors/file-exchange.ts";
import { noSuchFile } from "../files/file-desk.ts";
import { GatewayError } from "../kernel/errors.ts";
import { MIN_FILE_BYTES_PER_SECOND, STREAM_STALL_MS } from "../kernel/limits.ts";
import type { ChannelOf } from "./channel-of.ts";
import { discardBody } from "./discard-body.ts";
import { Exchange } from "./exchange.ts";
import type { GatewayPort } from "./gateway-port.ts";
import type { HandlerOptions } from "./graphql-handler.ts";
import { toGatewayError } from "./refusal.ts";
import { refusalReply, send } from "./reply.ts";

export const FILES_PATH = "/files/";

export interface FileHandlerOptions extends Pick<HandlerOptions, "load" | "headers" | "log" | "metrics"> {
  /** Throws while there is nothing to ask yet. */
  readonly gateway: () => GatewayPort;
  readonly channelOf: ChannelOf;
  readonly stallMs?: number;
}

/** Media that are shown or played and hold nothing that runs. */
const MEDIA_TYPES: ReadonlySet<string> = new Set([
  ...["audio/wav", "audio/x-wav", "audio/mpeg", "audio/mp4", "audio/ogg", "audio/webm", "audio/flac"],
  ...["video/mp4", "video/webm", "video/ogg"],
  ...["image/png", "image/jpeg", "image/webp", "image/gif", "image/tiff"],
  ...["application/pdf", "text/plain"],
]);
/** What `setTimeout` can count. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
const ANY_BYTES = "application/octet-stream";

export type FileHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export function fileHandler(options: FileHandlerOptions): FileHandler {
  const { log, metrics } = options;
  return async (request, response) => {
    const began = performance.now();
    const exchange = new Exchange(request, response, options.channelOf);
    const file = await opened(response, exchange, request.url ?? "", options).catch(
      async (error: unknown) => {
        const refused = toGatewayError(error);
        if (!request.complete) await discardBody(request);
        refuse(response, exchange, refused, options);
        metrics?.request(refused.family === "caller" ? "refused" : "failed", performance.now() - began);
        const fields = { requestId: exchange.requestId, code: refused.code };
        if (refused.family === "gateway")
          log.error("file.failed", { ...fields, fault: refused.detail.cause });
        else log.info("file", { ...fields, reason: "refused" });
        return null;
      },
    );
    if (file === null) return;
    const { reason, bytes } = await stream(file, response, exchange, options);
    const durationMs = performance.now() - began;
    metrics?.request(reason === "complete" ? "answered" : "failed", durationMs);
    log.info("file", { requestId: exchange.requestId, reason, bytes, durationMs: Math.round(durationMs) });
  };
}

async function opened(
  response: ServerResponse,
  exchange: Exchange,
  url: string,
  { load, gateway }: FileHandlerOptions,
): Promise<AgencyFile> {
  response.on("close", load.enter());
  if (exchange.method !== "GET")
    throw new GatewayError("METHOD_NOT_ALLOWED", "use GET", { headers: { allow: "GET" } });
  const port = gateway();
  const { headers, channel, locale, signal } = exchange;
  const link = url.slice(FILES_PATH.length);
  if (!port.file) throw noSuchFile();
  return port.file({ link, headers, channel, locale, signal });
}

function refuse(
  response: ServerResponse,
  exchange: Exchange,
  error: GatewayError,
  { headers }: FileHandlerOptions,
): void {
  const reply = refusalReply(exchange, error);
  const status = error.family === "agency" ? (error.code === "AGENCY_TIMEOUT" ? 504 : 502) : reply.status;
  send(response, exchange, { ...reply, status }, headers);
}

interface Streamed {
  readonly reason: "complete" | "cut";
  readonly bytes: number;
}

async function stream(
  file: AgencyFile,
  response: ServerResponse,
  { requestId }: Exchange,
  { headers, stallMs = STREAM_STALL_MS }: FileHandlerOptions,
): Promise<Streamed> {
  let bytes = 0;
  response.once("close", () => file.close());
  const patienceMs = stallMs + (file.bytes / MIN_FILE_BYTES_PER_SECOND) * 1_000;
  const cut = setTimeout(() => response.destroy(), Math.min(patienceMs, LONGEST_TIMER_MS));
  try {
    if (response.destroyed) throw new Error("the caller has gone");
    response.writeHead(200, {
      ...headers,
      "content-type": mediaTypeOf(file.mediaType),
      "content-length": file.bytes,
      "content-disposition": "attachment",
      "accept-ranges": "none",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "x-request-id": requestId,
    });
    for await (const piece of file.body) {
      bytes += piece.length;
      if (bytes > file.bytes) break;
      if (!response.write(piece)) await drained(response, stallMs);
    }
  } catch {
    // Whoever failed, the caller sees a connection that is cut.
  } finally {
    clearTimeout(cut);
    file.close();
  }
  if (bytes !== file.bytes || response.destroyed) {
    response.destroy();
    return { reason: "cut", bytes };
  }
  response.end();
  return { reason: "complete", bytes };
}

/** The type alone, without what the agency says beside it. */
function mediaTypeOf(given = ""): string {
  const [type = ""] = given.split(";", 1);
  const known = type.trim().toLowerCase();
  return MEDIA_TYPES.has(known) ? known : ANY_BYTES;
}

/** Rejects when the caller has gone, or takes nothing for too long. */
function drained(response: ServerResponse, stallMs: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => reject(new Error("the caller is too slow")), stallMs);
  const gone = () => reject(new Error("the caller has gone"));
  response.once("drain", resolve).once("close", gone);
  if (response.destroyed) gone();
  return promise.finally(() => {
    clearTimeout(timer);
    response.off("drain", resolve).off("close", gone);
  });
}
