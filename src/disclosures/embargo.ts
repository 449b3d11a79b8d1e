/**
 * The prosecution's orders that keep entries of the access log from their subject for a while, and that let them go.
 *
 * set      nothing about the subject is shown to her until then; twelve months from now at most. A later order takes its place.
 * release  ends what was set, and shows what was recorded up to now, whatever embargo lay on it. What comes after is embargoed by
 *          default again.
 * Kept     for good: who ordered it and why. The subject is sealed, and found by its blind index.
 * Errors   BAD_USER_INPUT for an end that is over, or too far.
 * Source   domain, agencies §8 and §12.
 */
import { createSecretKey, type KeyObject } from "node:crypto";
import type pg from "pg";
import { openBytes, sealBytes } from "../audit/aead.ts";
import type { BlindIndex } from "../audit/blind-index.ts";
import type { Subject } from "../audit/subject-keys.ts";
import { GatewayError } from "../kernel/errors.ts";
import { deriveKey } from "../kernel/sealing.ts";

export interface Order {
  /** Who ordered it: a member of staff of the prosecution. */
  readonly by: string;
  readonly reason: string;
}

export interface EmbargoOrder extends Order {
  readonly subject: Subject | null;
  readonly kind: "set" | "release";
  /** ISO 8601; null for a release. */
  readonly until: string | null;
  readonly at: string;
}

/** What holds for a subject now. */
export interface Embargo {
  /** Entries up to this instant were released. */
  readonly releasedUpTo: Date | null;
  /** Nothing is shown before this instant. */
  readonly until: Date | null;
}

const NO_EMBARGO: Embargo = { releasedUpTo: null, until: null };

interface Row {
  readonly kind: EmbargoOrder["kind"];
  readonly until: Date | null;
  readonly ordered_by: string;
  readonly reason: string;
  readonly ordered_at: Date;
  readonly sealed: string;
  readonly index: string;
}

const INSERT = `
  insert into disclosure.embargo_order (index, sealed, kind, until, ordered_by, reason, ordered_at)
  select $1, $2, $3, $4::timestamptz, $5, $6, $7::timestamptz
   where $4::timestamptz is null
      or ($4::timestamptz > $7::timestamptz and $4::timestamptz <= $7::timestamptz + interval '12 months')`;

export class Embargoes {
  readonly #pool: Pick<pg.Pool, "query">;
  readonly #blind: BlindIndex;
  readonly #key: KeyObject;

  /** `search` is the key of the blind index. */
  constructor(pool: Pick<pg.Pool, "query">, blind: BlindIndex, search: Uint8Array) {
    this.#pool = pool;
    this.#blind = blind;
    this.#key = createSecretKey(deriveKey(search, "embargo-subject"));
  }

  async set(subject: Subject, until: Date, order: Order, now: Date): Promise<void> {
    if (await this.#insert(subject, "set", until, order, now)) return;
    throw new GatewayError("BAD_USER_INPUT", "an embargo ends in the future, within twelve months");
  }

  async release(subject: Subject, order: Order, now: Date): Promise<void> {
    await this.#insert(subject, "release", null, order, now);
  }

  /** Every order, oldest first; of one subject or of all. */
  async list(subject: Subject | null = null): Promise<readonly EmbargoOrder[]> {
    const index = subject && this.#blind.of(subject);
    const sql = `select kind, until, ordered_by, reason, ordered_at, sealed, index
                   from disclosure.embargo_order where $1::text is null or index = $1 order by id`;
    const { rows } = await this.#pool.query<Row>(sql, [index]);
    return rows.map(({ kind, until, ordered_by: by, reason, ordered_at: at, sealed, index: its }) => ({
      ...{ subject: this.#opened(sealed, its), kind, by, reason },
      until: until?.toISOString() ?? null,
      at: at.toISOString(),
    }));
  }

  /** Of each subject, in order; one statement, whether there are orders or none. */
  async of(subjects: readonly Subject[]): Promise<readonly Embargo[]> {
    const sql = `select index, max(ordered_at) filter (where kind = 'release') as "releasedUpTo",
                        (array_agg(until order by id desc))[1] as until
                   from disclosure.embargo_order where index = any($1::text[]) group by index`;
    const indexes = subjects.map((subject) => this.#blind.of(subject));
    const { rows } = await this.#pool.query<Embargo & { readonly index: string }>(sql, [indexes]);
    const found = new Map(rows.map((row) => [row.index, row]));
    return indexes.map((index) => found.get(index) ?? NO_EMBARGO);
  }

  async #insert(subject: Subject, kind: Row["kind"], until: Date | null, { by, reason }: Order, now: Date) {
    const { type, uid } = subject;
    const index = this.#blind.of(subject);
    const sealed = sealBytes(this.#key, Buffer.from(JSON.stringify({ type, uid })), index).toString(
      "base64url",
    );
    const { rowCount } = await this.#pool.query(INSERT, [index, sealed, kind, until, by, reason, now]);
    return rowCount === 1;
  }

  #opened(sealed: string, index: string): Subject | null {
    const plain = openBytes(this.#key, Buffer.from(sealed, "base64url"), index);
    return plain && (JSON.parse(plain.toString("utf8")) as Subject);
  }
}
