/**
 * Cuts HTTP/1.1 messages, requests and responses alike, out of a stream of bytes: as little as load generator and subgraphs
 * need, so that both cost less than what they measure.
 *
 * In      chunks in order; a message has `content-length`, is chunked, or has no body.
 * Out     each message as soon as it is whole. `head` is its first line and its headers.
 * Errors  RangeError on a chunk length that is none.
 */
export interface HttpMessage {
  readonly head: string;
  readonly body: Buffer;
}

export function messageReader(take: (message: HttpMessage) => void): (chunk: Buffer) => void {
  let parts: Buffer[] = [];
  let size = 0;
  let wanted = 0;
  return (chunk) => {
    parts.push(chunk);
    size += chunk.length;
    if (size < wanted) return;
    let rest = parts.length === 1 ? chunk : Buffer.concat(parts, size);
    let found = messageAt(rest);
    while (typeof found !== "number") {
      rest = rest.subarray(found.end);
      take(found.message);
      found = messageAt(rest);
    }
    wanted = found;
    size = rest.length;
    parts = size > 0 ? [rest] : [];
  };
}

interface Found {
  readonly message: HttpMessage;
  /** Offset behind it. */
  readonly end: number;
}

const HEAD_END = "\r\n\r\n";
const LENGTH = /\r\ncontent-length: *(\d+)/i;
const CHUNKED = /\r\ntransfer-encoding: *chunked/i;
const EMPTY = Buffer.alloc(0);

/** The first message, or the number of bytes that it needs at least. */
function messageAt(bytes: Buffer): Found | number {
  const headEnd = bytes.indexOf(HEAD_END);
  if (headEnd < 0) return bytes.length + 1;
  const head = bytes.toString("latin1", 0, headEnd);
  const start = headEnd + HEAD_END.length;
  const length = LENGTH.exec(head)?.[1];
  if (length === undefined && CHUNKED.test(head)) return chunkedAt(bytes, head, start);
  const end = start + Number(length ?? 0);
  if (bytes.length < end) return end;
  return { message: { head, body: end === start ? EMPTY : bytes.subarray(start, end) }, end };
}

function chunkedAt(bytes: Buffer, head: string, start: number): Found | number {
  const chunks: Buffer[] = [];
  for (let at = start; ; ) {
    const lineEnd = bytes.indexOf("\r\n", at);
    if (lineEnd < 0) return bytes.length + 1;
    const length = Number.parseInt(bytes.toString("latin1", at, lineEnd), 16);
    if (Number.isNaN(length)) throw new RangeError("a chunk without a length");
    const end = lineEnd + 2 + length + 2;
    if (bytes.length < end) return end;
    if (length === 0) return { message: { head, body: Buffer.concat(chunks) }, end };
    chunks.push(bytes.subarray(lineEnd + 2, end - 2));
    at = end;
  }
}
