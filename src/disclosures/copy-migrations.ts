/**
 * Tables of the copy of the disclosure log, in a schema of their own.
 *
 * Rule    no table says in the clear whom a record is about: `subject` holds blind indexes, `record.text` ciphertexts.
 *         A record is never changed and never deleted; an index entry goes when its subject is forgotten.
 *         What replicas ask each other stays for a moment (`peers.ts`).
 */
import type { Migration } from "../connectors/migrate.ts";

export const COPY_MIGRATIONS: readonly Migration[] = [
  {
    number: 1,
    name: "disclosure_copy",
    sql: `
      create schema disclosure;
      create table disclosure.record (
        log text not null,
        sequence bigint not null,
        at timestamptz not null,
        reader text not null,
        member text not null,
        role text not null,
        purpose text not null,
        leaf bytea not null,
        text text not null,
        primary key (log, sequence)
      );
      create index record_at on disclosure.record (at, log, sequence);
      create index record_reader on disclosure.record (reader, at);
      create table disclosure.subject (
        index text not null,
        log text not null,
        sequence bigint not null,
        at timestamptz not null,
        key text not null,
        shown boolean not null,
        primary key (index, log, sequence),
        foreign key (log, sequence) references disclosure.record
      );
      create index subject_newest on disclosure.subject (index, at desc, log desc, sequence desc);
      create index subject_key on disclosure.subject (key);`,
  },
  {
    number: 2,
    name: "embargo",
    sql: `
      create table disclosure.embargo_order (
        id bigint generated always as identity primary key,
        index text not null,
        sealed text not null,
        kind text not null check (kind in ('set', 'release')),
        until timestamptz,
        ordered_by text not null,
        reason text not null,
        ordered_at timestamptz not null,
        check ((kind = 'set') = (until is not null))
      );
      create index embargo_order_index on disclosure.embargo_order (index, id);`,
  },
  {
    number: 3,
    name: "peers",
    sql: `
      create unlogged table disclosure.peer_question (
        id text primary key,
        public_key text not null,
        items text not null,
        mac text not null,
        asked_at timestamptz not null default clock_timestamp()
      );
      create unlogged table disclosure.peer_answer (
        question text not null,
        public_key text not null,
        sealed text not null,
        answered_at timestamptz not null default clock_timestamp(),
        primary key (question, public_key)
      );`,
  },
];
