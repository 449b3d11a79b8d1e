/**
 * The body of a POST as parsed JSON.
 *
 * Bounds   `maxBytes`, counted while it streams in; a declared length above it is refused unread.
 * Errors   UNSUPPORTED_MEDIA_TYPE unless `application/json` in UTF-8 and uncompressed (a compressed body is never opened, so no
 *          bomb is); PAYLOAD_TOO_LARGE; BAD_REQUEST for broken UTF-8, broken JSON and an aborted body.
 */
import type { IncomingMessage } from "node:http";
import { GatewayError } from "../kernel/errors.ts";

const JSON_TYPE = /^application\/json\s*(;|$)/i;
const CHARSET = /;\s*charset\s*=\s*"?([^";\s]+)"?/i;

export async function readJsonBody(request: IncomingMessage, maxBytes: number): Promise<unknown> {
  checkHeaders(request.headers["content-type"], request.headers["content-encoding"]);
  const bytes = await readBytes(request, maxBytes);
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new GatewayError("BAD_REQUEST", "the body is not JSON in UTF-8");
  }
}

function checkHeaders(contentType = "", contentEncoding = "identity"): void {
  const charset = CHARSET.exec(contentType)?.[1] ?? "utf-8";
  const isJson = JSON_TYPE.test(contentType) && /^utf-?8$/i.test(charset);
  if (isJson && contentEncoding.toLowerCase() === "identity") return;
  throw new GatewayError(
    "UNSUPPORTED_MEDIA_TYPE",
    "the body must be `application/json` in UTF-8, uncompressed",
  );
}

async function readBytes(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  if (Number(request.headers["content-length"] ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    const stream: AsyncIterable<Buffer> = request.iterator({ destroyOnReturn: false });
    for await (const chunk of stream) {
      size += chunk.length;
      if (size > maxBytes) break;
      chunks.push(chunk);
    }
  } catch (cause) {
    throw new GatewayError("BAD_REQUEST", "the body ended early", { cause });
  }
  if (size > maxBytes) throw tooLarge(maxBytes);
  return Buffer.concat(chunks);
}

function tooLarge(most: number): GatewayError {
  return new GatewayError("PAYLOAD_TOO_LARGE", `the body is larger than ${most} bytes`, { params: { most } });
}
