/**
 * What a link to a file says inside: which question leads to the file, and which of the files that it shows is meant.
 *
 * In      a file that is being shown, the question narrowed to its field, the reader's variables, the instant.
 * Out     text to be sealed. It holds no reference, only a hash of one: the reference is learnt anew when the question is asked
 *         again, and never leaves the gateway, not even sealed.
 * Bounds  what a seal takes (4 kB); 60 s from the instant at which it is given. Two links are never equal.
 * Errors  LIMIT_EXCEEDED for a question too long to be sealed, before anything is asked.
 */
import { hash, randomBytes } from "node:crypto";
import { GatewayError } from "../kernel/errors.ts";
import { FILE_LINK_MS } from "../kernel/limits.ts";
import { MAX_PLAIN_BYTES } from "../kernel/sealing.ts";
import type { ShownFile } from "../respond/writing.ts";

export interface LinkedQuestion {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

export interface FileLink extends LinkedQuestion {
  /** Its own, for using it once. */
  readonly id: string;
  readonly expiresAtMs: number;
  /** Of the field and the reference. */
  readonly digest: string;
}

type Written = readonly [string, number, string, string, LinkedQuestion["variables"]];

export const digestOf = ({ coordinate, reference }: Pick<ShownFile, "coordinate" | "reference">): string =>
  hash("sha256", JSON.stringify([coordinate, reference]), "base64url");

export function writeLink({ query, variables }: LinkedQuestion, digest: string, nowMs: number): string {
  const id = randomBytes(16).toString("base64url");
  return JSON.stringify([id, nowMs + FILE_LINK_MS, digest, query, variables] satisfies Written);
}

/** Null for one that is over. */
export function readLink(text: string, nowMs: number): FileLink | null {
  const [id, expiresAtMs, digest, query, variables] = JSON.parse(text) as Written;
  return nowMs < expiresAtMs ? { id, expiresAtMs, digest, query, variables } : null;
}

const ANY_DIGEST = digestOf({ coordinate: "" as ShownFile["coordinate"], reference: "" });

export function checkLength(question: LinkedQuestion): void {
  if (Buffer.byteLength(writeLink(question, ANY_DIGEST, Date.UTC(2100, 0))) <= MAX_PLAIN_BYTES) return;
  throw new GatewayError(
    "LIMIT_EXCEEDED",
    `the question around a field of files exceeds the limit of ${MAX_PLAIN_BYTES} for \`bytes\``,
    { params: { limit: "bytes", most: MAX_PLAIN_BYTES } },
  );
}
