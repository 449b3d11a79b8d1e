/**
 * Compresses answers for callers who take it: Brotli, else gzip.
 *
 * In      the bytes of a finished body and `accept-encoding`.
 * Out     the bytes to send and their coding; as they are when they are short, when nothing is gained, or when the caller takes
 *         neither. Bytes that several requests share are compressed once.
 * Rule    highest weight first, of equals Brotli (RFC 9110 §12.5.3). Refusals are never compressed: they may quote the caller.
 * Safety  an answer holds secrets beside names that its caller chose, so its length must not be measured by somebody who can
 *         make another's front end ask (BREACH). Nobody can: a question counts by its `authorization`, which no browser adds
 *         by itself, and whoever sets that reads the answer anyway.
 * Cost    on libuv's threads, at levels for speed.
 */
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { MIN_COMPRESSED_BYTES } from "../kernel/limits.ts";
import { type Preference, preferencesOf } from "../kernel/preferences.ts";

export type Coding = "br" | "gzip";

export interface Encoded {
  readonly bytes: Buffer;
  readonly coding: Coding | null;
}

const GZIP_LEVEL = 4;
const BROTLI_QUALITY = 3;

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

const CODERS: Readonly<Record<Coding, (bytes: Buffer) => Promise<Buffer>>> = {
  br: (bytes) =>
    brotli(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
        [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    }),
  gzip: (bytes) => zip(bytes, { level: GZIP_LEVEL }),
};

/** Compressed forms of bytes that somebody still holds. */
const made = new WeakMap<Buffer, Map<Coding, Promise<Encoded>>>();

export async function encode(bytes: Buffer, acceptEncoding: string | undefined): Promise<Encoded> {
  const plain = { bytes, coding: null };
  if (bytes.length < MIN_COMPRESSED_BYTES) return plain;
  const coding = codingFor(acceptEncoding);
  if (coding === null) return plain;
  const forms = made.get(bytes) ?? new Map<Coding, Promise<Encoded>>();
  made.set(bytes, forms);
  const form = forms.get(coding) ?? compress(plain, coding);
  forms.set(coding, form);
  return form;
}

async function compress(plain: Encoded, coding: Coding): Promise<Encoded> {
  const bytes = await CODERS[coding](plain.bytes);
  return bytes.length < plain.bytes.length ? { bytes, coding } : plain;
}

export function codingFor(acceptEncoding: string | undefined): Coding | null {
  if (acceptEncoding === undefined) return null;
  const preferences = preferencesOf(acceptEncoding);
  const [br, gzipped] = [qualityOf("br", preferences), qualityOf("gzip", preferences)];
  const best = Math.max(br, gzipped);
  // Plain bytes are always acceptable; they win only where they are named and weigh more.
  const identity = preferences.find(({ value }) => value === "identity")?.quality ?? 0;
  if (best === 0 || identity > best) return null;
  return br === best ? "br" : "gzip";
}

function qualityOf(coding: Coding, preferences: readonly Preference[]): number {
  const named = preferences.find(({ value }) => value === coding);
  return (named ?? preferences.find(({ value }) => value === "*"))?.quality ?? 0;
}
