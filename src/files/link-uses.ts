/**
 * Which links to files were used, in the gateway's database, so that what one replica has given no other gives again.
 *
 * In      the id of a link that opened for its reader and is not over.
 * Out     true for the first who asks. It is kept for ten minutes, ten times as long as a link holds, by the database's clock; the
 *         table is logged (WAL), so that a crash of PostgreSQL makes no link new.
 * Errors  IDENTITY_UNAVAILABLE when the database does not answer within a second: what cannot be known unused is not given.
 */
import type pg from "pg";
import { type Migration, migrate } from "../connectors/migrate.ts";
import { inTime } from "../connectors/proof-store.ts";
import { GatewayError } from "../kernel/errors.ts";

export interface LinkUses {
  migrate(): Promise<void>;
  use(id: string): Promise<boolean>;
}

export const LINK_USE_MIGRATIONS: readonly Migration[] = [
  {
    number: 1,
    name: "file_link_used",
    sql: `
      create table file_link_used (
        id bytea primary key,
        used_at timestamptz not null default now()
      );
      create index file_link_used_at on file_link_used (used_at);`,
  },
];

const USE = "insert into file_link_used (id) values ($1) on conflict do nothing";
const FORGET = "delete from file_link_used where used_at < now() - interval '10 minutes'";
const FORGET_EVERY_MS = 60_000;

export function createLinkUses(pool: pg.Pool): LinkUses {
  let forgetAtMs = 0;
  return {
    migrate: () => migrate(pool, "files", LINK_USE_MIGRATIONS),
    async use(id) {
      const used = pool.query(USE, [Buffer.from(id, "base64url")]);
      const { rowCount } = await inTime(used).catch((cause: unknown) => {
        throw new GatewayError("IDENTITY_UNAVAILABLE", "links cannot be told apart now", { cause });
      });
      if (performance.now() >= forgetAtMs) {
        forgetAtMs = performance.now() + FORGET_EVERY_MS;
        void pool.query(FORGET).catch(() => {});
      }
      return rowCount === 1;
    },
  };
}
