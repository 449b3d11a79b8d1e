/**
 * One file of one member's server, streamed: `GET <files URL>/<reference>`.
 *
 * Origin   from configuration only, reached as `addresses.ts` says. The reference is the agency's and becomes one path segment:
 *          what could mean more than a name is refused, the rest is percent-encoded. Redirects are not followed.
 * Told     what `tell` says, as with any question to the member.
 * Wanted   status 200, no content encoding, a `content-length` of at most `maxBytes`: what is cut short is then never taken for whole.
 * Bounds   the deadline of a fetch until the headers are there, and between two pieces while the reader takes them;
 *          `MAX_FILES_OF_A_MEMBER` at a time, beside the connections for questions; a breaker and bulkhead of its own.
 * Errors   FILE_NOT_FOUND when the agency says 403, 404 or 410; AGENCY_TIMEOUT, AGENCY_UNAVAILABLE, AGENCY_BAD_REPLY. While a body
 *          is read it fails with what befell the connection.
 */
import { type Dispatcher, Pool } from "undici";
import type { OutboundReader } from "../execute/backend.ts";
import { GatewayError } from "../kernel/errors.ts";
import {
  DEFAULT_AGENCY_TIMEOUT_MS,
  DEFAULT_FILE_MAX_BYTES,
  MAX_FILE_REFERENCE_CHARACTERS,
  MAX_FILES_OF_A_MEMBER,
} from "../kernel/limits.ts";
import { Addresses } from "./addresses.ts";
import { withDeadline } from "./deadline.ts";
import type { Told } from "./graphql-http.ts";
import { badReply, type ExchangeOptions, failed, unavailable } from "./http-exchange.ts";
import { createGuard } from "./resilience.ts";

export interface FileExchangeOptions extends Omit<ExchangeOptions, "maxReplyBytes" | "connections"> {
  readonly maxBytes?: number;
  readonly tell: (reader: OutboundReader) => Promise<Told>;
}

/** A file whose first byte has not been read. Whoever opened it closes it, read or not. */
export interface AgencyFile {
  /** As the agency says it. */
  readonly mediaType: string | undefined;
  /** How long it is, as the agency says: exactly so much is read, or reading fails. */
  readonly bytes: number;
  readonly body: AsyncIterable<Uint8Array>;
  close(): void;
}

export interface FileExchange {
  open(reference: string, reader: OutboundReader, signal: AbortSignal): Promise<AgencyFile>;
  close(): Promise<void>;
}

/** Nothing that separates, escapes or controls, in a path or in a header. */
const NAME = /^[^\p{Cc}\p{Cs}/\\?#%@]+$/u;

/** The path segment of a reference; null for one that is no plain name. */
export function segmentOf(reference: string): string | null {
  const isName =
    reference.length <= MAX_FILE_REFERENCE_CHARACTERS && NAME.test(reference) && !reference.includes("..");
  return isName && reference !== "." ? encodeURIComponent(reference) : null;
}

export function createFileExchange(options: FileExchangeOptions): FileExchange {
  const { agency, timeoutMs = DEFAULT_AGENCY_TIMEOUT_MS, maxBytes = DEFAULT_FILE_MAX_BYTES, tell } = options;
  const { addresses = new Addresses() } = options;
  const base = new URL(options.baseUrl);
  const prefix = base.pathname.replace(/\/$/, "");
  const guard = createGuard({ ...options.guard, agency });
  const pool = new Pool(base.origin, {
    connections: MAX_FILES_OF_A_MEMBER,
    connect: addresses.connector(timeoutMs),
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  });

  const ask = async (segment: string, { headers }: Told, signal: AbortSignal): Promise<AgencyFile> => {
    const path = `${prefix}/${segment}`;
    const asked = { ...headers, accept: "*/*", "accept-encoding": "identity" };
    const answer = await pool.request({ method: "GET", path, headers: asked, signal });
    // Whoever reads it hears of its failure; while nobody does, it must not end the process.
    answer.body.on("error", () => {});
    try {
      return fileIn(answer);
    } catch (error) {
      answer.body.destroy();
      throw error;
    }
  };

  const fileIn = ({ statusCode, headers, body }: Dispatcher.ResponseData): AgencyFile => {
    if (statusCode >= 500 || statusCode === 429) throw unavailable(agency, statusCode);
    if (ABSENT.has(statusCode)) throw new GatewayError("FILE_NOT_FOUND", "there is no such file");
    if (statusCode !== 200) throw badReply(agency, `a file with status ${statusCode}`);
    if ((headers["content-encoding"] ?? "identity") !== "identity") throw badReply(agency, "an encoded file");
    const bytes = lengthIn(headers["content-length"]);
    if (bytes === null) throw badReply(agency, "a file that does not say its length");
    if (bytes > maxBytes) throw badReply(agency, "a file that is too large");
    const type = headers["content-type"];
    return {
      mediaType: typeof type === "string" ? type : undefined,
      ...{ bytes, body },
      close: () => void body.destroy(),
    };
  };

  return {
    async open(reference, reader, signal) {
      const segment = segmentOf(reference);
      if (segment === null) throw badReply(agency, "a reference that is no name");
      const told = await tell(reader);
      return withDeadline(agency, { signal, timeoutMs }, (until) =>
        guard.run(() => ask(segment, told, until).catch((error: unknown) => failed(agency, until, error))),
      );
    },
    close: () => pool.close(),
  };
}

const ABSENT: ReadonlySet<number> = new Set([403, 404, 410]);

/** One length in decimal digits. */
const lengthIn = (header: string | string[] | undefined): number | null =>
  typeof header === "string" && /^\d{1,15}$/.test(header) ? Number(header) : null;
