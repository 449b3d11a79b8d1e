/**
 * Tables of break-glass, in a schema of their own, in the gateway's database.
 *
 * Rule    an opening is never deleted; all that changes of it is that it was reviewed, and ended early by that. The reason is a
 *         ciphertext under its case's key. A notice says nothing but whose it is.
 */
import type pg from "pg";
import { type Migration, migrate } from "../connectors/migrate.ts";

export const BREAK_GLASS_MIGRATIONS: readonly Migration[] = [
  {
    number: 1,
    name: "break_glass",
    sql: `
      create schema break_glass;
      create table break_glass.opening (
        uid text primary key,
        case_uid text not null,
        member text not null,
        staff text not null,
        role text not null,
        opened_at timestamptz not null,
        until timestamptz not null,
        day date not null,
        retry_key text,
        reason_key text not null,
        reason text not null,
        justified boolean,
        reviewed_by text,
        reviewed_at timestamptz,
        check ((justified is null) = (reviewed_at is null))
      );
      create unique index opening_retry on break_glass.opening (member, staff, retry_key) where retry_key is not null;
      create index opening_staff on break_glass.opening (member, staff, until);
      create index opening_day on break_glass.opening (member, staff, day);
      create index opening_unreviewed on break_glass.opening (opened_at) where justified is null;
      create table break_glass.notice (
        id bigint generated always as identity primary key,
        opening text not null references break_glass.opening,
        member text,
        role text,
        told_at timestamptz not null default clock_timestamp()
      );
      create index notice_opening on break_glass.notice (opening);
      create index notice_told on break_glass.notice (told_at);`,
  },
];

export const migrateBreakGlass = (pool: pg.Pool): Promise<void> =>
  migrate(pool, "break-glass", BREAK_GLASS_MIGRATIONS);
