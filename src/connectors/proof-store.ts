/**
 * Which proofs of possession the replicas of a gateway have seen, in the gateway's database, so that what one has taken no other takes.
 *
 * In      the SHA-256 of what names a proof, base64url. Whoever asks has looked in a memory of its own first: no proof is asked for
 *         twice. It is kept for ten minutes, twice as long as any proof can be taken, by the clock of the database alone.
 * Out     true when it was new to all of them.
 * Cost    one statement for all proofs that wait, one statement under way at a time. The table is not logged (WAL): after a crash of
 *         PostgreSQL it is empty, and each replica goes by what it remembers itself for the minute that a proof can be taken.
 * Errors  IDENTITY_UNAVAILABLE when the database does not answer within a second: what cannot be known new is not taken.
 */
import type pg from "pg";
import { GatewayError } from "../kernel/errors.ts";
import { type Migration, migrate } from "./migrate.ts";

export interface ProofStore {
  migrate(): Promise<void>;
  remember(id: string): Promise<boolean>;
}

export const PROOF_MIGRATIONS: readonly Migration[] = [
  {
    number: 1,
    name: "proof_seen",
    sql: `
      create unlogged table proof_seen (
        id bytea primary key,
        seen_at timestamptz not null default now()
      );
      create index proof_seen_at on proof_seen (seen_at);`,
  },
];

/** In one order, so that two replicas never wait for each other. */
const REMEMBER = {
  name: "remember-proofs",
  text: `insert into proof_seen (id) select id from unnest($1::bytea[]) as seen (id) order by id
         on conflict do nothing
         returning id`,
};
const FORGET = "delete from proof_seen where seen_at < now() - interval '10 minutes'";
const FORGET_EVERY_MS = 60_000;
const MAX_AT_ONCE = 1_000;
const PATIENCE_MS = 1_000;

interface Waiting {
  readonly id: string;
  readonly done: PromiseWithResolvers<boolean>;
}

export function createProofStore(pool: pg.Pool): ProofStore {
  let waiting: Waiting[] = [];
  let isAsking = false;
  let forgetAtMs = 0;

  const askAll = async () => {
    isAsking = true;
    while (waiting.length > 0) {
      const asked = waiting.slice(0, MAX_AT_ONCE);
      waiting = waiting.slice(MAX_AT_ONCE);
      await ask(pool, asked);
    }
    isAsking = false;
    if (performance.now() < forgetAtMs) return;
    forgetAtMs = performance.now() + FORGET_EVERY_MS;
    await pool.query(FORGET).catch(() => {});
  };

  return {
    migrate: () => migrate(pool, "proofs", PROOF_MIGRATIONS),
    remember(id) {
      const done = Promise.withResolvers<boolean>();
      waiting.push({ id, done });
      if (!isAsking) void askAll();
      return done.promise;
    },
  };
}

async function ask(pool: pg.Pool, asked: readonly Waiting[]): Promise<void> {
  try {
    const ids = asked.map(({ id }) => Buffer.from(id, "base64url"));
    const { rows } = await inTime(pool.query<{ id: Buffer }>({ ...REMEMBER, values: [ids] }));
    const fresh = new Set(rows.map(({ id }) => id.toString("base64url")));
    for (const { id, done } of asked) done.resolve(fresh.has(id));
  } catch (cause) {
    const error = new GatewayError("IDENTITY_UNAVAILABLE", "proofs cannot be told apart now", { cause });
    for (const { done } of asked) done.reject(error);
  }
}

export async function inTime<Result>(asking: Promise<Result>): Promise<Result> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error("no answer in time")), PATIENCE_MS);
  try {
    return await Promise.race([asking, late]);
  } finally {
    clearTimeout(timer);
  }
}
