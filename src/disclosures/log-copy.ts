/**
 * The copy of disclosure logs in PostgreSQL, to be searched: a `LogCopy`, unique by log and sequence.
 *
 * Order     what is appended must follow what is there, so a copy is always the beginning of its log.
 * Twice     a record that is there already stays; another record in its place is refused, and nothing is written.
 * Durable   `append` resolves when PostgreSQL has committed; a session that would not wait for its disk is told to.
 * Errors    those of `pg`; AUDIT_UNAVAILABLE for a gap or another record; those of `migrate`.
 */
import type pg from "pg";
import type { CopiedRecord } from "../audit/copied-record.ts";
import type { LogCopy } from "../audit/shipping.ts";
import { migrate } from "../connectors/migrate.ts";
import { GatewayError } from "../kernel/errors.ts";
import { COPY_MIGRATIONS } from "./copy-migrations.ts";

/** A statement settles it whole; a record that was there is not counted. */
const APPEND = {
  name: "disclosure-append",
  text: `
    with added as (
      insert into disclosure.record (log, sequence, at, reader, member, role, purpose, leaf, text)
      select $1, r.sequence, r.at, r.reader, r.member, r.role, r.purpose, r.leaf, r.text
        from unnest($2::bigint[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bytea[], $9::text[])
          as r(sequence, at, reader, member, role, purpose, leaf, text)
       where ($2[1] = 1 or exists (select from disclosure.record b where b.log = $1 and b.sequence = $2[1] - 1))
         and not exists (select from unnest($2::bigint[], $8::bytea[]) as o(sequence, leaf)
                           join disclosure.record b on b.log = $1 and b.sequence = o.sequence and b.leaf <> o.leaf)
      on conflict (log, sequence) do nothing
      returning sequence),
    indexed as (
      insert into disclosure.subject (index, log, sequence, at, key, shown)
      select s.index, $1, s.sequence, s.at, s.key, s.shown
        from unnest($10::text[], $11::bigint[], $12::timestamptz[], $13::text[], $14::boolean[])
          as s(index, sequence, at, key, shown)
        join added on added.sequence = s.sequence
      on conflict (index, log, sequence) do nothing)
    select count(*)::int as added from added`,
};

const SAME = {
  name: "disclosure-same",
  text: `
    select count(*)::int as same
      from unnest($2::bigint[], $3::bytea[]) as r(sequence, leaf)
      join disclosure.record b on b.log = $1 and b.sequence = r.sequence and b.leaf = r.leaf`,
};

export interface MigratingCopy extends LogCopy {
  /** Made once; what follows waits for it. */
  migrate(): Promise<void>;
}

export function createLogCopy(pool: pg.Pool): MigratingCopy {
  let migrated: Promise<void> | null = null;
  const ready = (): Promise<void> => {
    migrated ??= migrate(pool, "disclosure-copy", COPY_MIGRATIONS).catch((error: unknown) => {
      migrated = null;
      throw error;
    });
    return migrated;
  };
  return {
    migrate: ready,
    async last(log) {
      await ready();
      const { rows } = await pool.query<{ last: string | null }>(
        "select max(sequence) as last from disclosure.record where log = $1",
        [log],
      );
      return Number(rows[0]?.last ?? 0);
    },
    async append(log, records) {
      await ready();
      const { rows } = await pool.query<{ added: number }>({ ...APPEND, values: valuesOf(log, records) });
      if (rows[0]?.added === records.length) return;
      const values = [log, records.map(({ sequence }) => sequence), records.map(({ leaf }) => leaf)];
      const found = await pool.query<{ same: number }>({ ...SAME, values });
      if (found.rows[0]?.same !== records.length)
        throw new GatewayError("AUDIT_UNAVAILABLE", "the copy does not end where the log goes on");
    },
    async dropKeys(keys) {
      await pool.query("delete from disclosure.subject where key = any($1::text[])", [keys]);
    },
  };
}

function valuesOf(log: string, records: readonly CopiedRecord[]): unknown[] {
  const column = <Name extends keyof CopiedRecord>(name: Name) => records.map((record) => record[name]);
  const subjects = records.flatMap(({ sequence, time, subjects: its }) =>
    its.map((subject) => ({ sequence, time, ...subject })),
  );
  return [
    log,
    column("sequence"),
    column("time"),
    column("reader"),
    column("member"),
    column("role"),
    column("purpose"),
    column("leaf"),
    column("text"),
    subjects.map(({ index }) => index),
    subjects.map(({ sequence }) => sequence),
    subjects.map(({ time }) => time),
    subjects.map(({ key }) => key),
    subjects.map(({ shown }) => shown),
  ];
}
