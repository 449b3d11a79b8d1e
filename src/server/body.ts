/**
 * The body of a POST as parsed JSON.
 *
 * Bounds   `maxBytes`, counted while it streams in; a declared length above it is refused unread.
 * Errors   UNSUPPORTED_MEDIA_TYPE unless `application/json` in UTF-8 and uncompressed (a compressed body is never opened, so no
 *          bomb is); PAYLOAD_TOO_LARGE; BAD_REQUEST for broken UTF-8, broken JSON and an aborted body.
 */
import { isUtf8 } from "node:buffer";
import type { IncomingMessage } from "node:http";
import { GatewayError } from "../kernel/errors.ts";

const JSON_TYPE = /^application\/json\s*(;|$)/i;
const CHARSET = /;\s*charset\s*=\s*"?([^";\s]+)"?/i;

export async function readJsonBody(request: IncomingMessage, maxBytes: number): Promise<unknown> {
  checkHeaders(request.headers["content-type"], request.headers["content-encoding"]);
  if (Number(request.headers["content-length"] ?? 0) > maxBytes) throw tooLarge(maxBytes);
  return parse(await readBytes(request, maxBytes));
}

function checkHeaders(contentType = "", contentEncoding = "identity"): void {
  if (contentType === "application/json" && contentEncoding === "identity") return;
  const charset = CHARSET.exec(contentType)?.[1] ?? "utf-8";
  const isJson = JSON_TYPE.test(contentType) && /^utf-?8$/i.test(charset);
  if (isJson && contentEncoding.toLowerCase() === "identity") return;
  throw new GatewayError(
    "UNSUPPORTED_MEDIA_TYPE",
    "the body must be `application/json` in UTF-8, uncompressed",
  );
}

/** By events: an async iterator costs as much as the rest of a small request's way through this edge. */
function readBytes(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      chunks.push(chunk);
      if (size <= maxBytes) return;
      request.off("data", onData).pause();
      reject(tooLarge(maxBytes));
    };
    const onEarlyEnd = (cause?: unknown): void =>
      reject(new GatewayError("BAD_REQUEST", "the body ended early", { cause }));
    const onEnd = (): void => {
      request.off("close", onEarlyEnd);
      resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks));
    };
    request.on("data", onData).on("end", onEnd).on("error", onEarlyEnd).on("close", onEarlyEnd);
  });
}

function parse(bytes: Buffer): unknown {
  try {
    if (!isUtf8(bytes)) throw new TypeError("not UTF-8");
    const text = bytes.toString("utf8");
    return JSON.parse(text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text);
  } catch {
    throw new GatewayError("BAD_REQUEST", "the body is not JSON in UTF-8");
  }
}

const BYTE_ORDER_MARK = 0xfeff;

function tooLarge(most: number): GatewayError {
  return new GatewayError("PAYLOAD_TOO_LARGE", `the body is larger than ${most} bytes`, { params: { most } });
}
