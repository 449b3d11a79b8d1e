/**
 * Files of the content, in pieces, so that a long one is never held whole: what `victim_statement.recording_ref` names.
 */
import type { Migration } from "../../src/connectors/migrate.ts";

export const FILES: Migration = {
  number: 3,
  name: "files",
  sql: `
    create table file (
      ref text primary key,
      case_uid text not null references case_file,
      media_type text not null,
      bytes bigint not null check (bytes >= 0)
    );
    create table file_piece (
      ref text not null references file,
      position integer not null,
      data bytea not null,
      primary key (ref, position)
    );`,
};
