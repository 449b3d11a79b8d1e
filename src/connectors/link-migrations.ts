/**
 * Tables of the link table (domain model §6, generalised from persons to every object that several agencies know).
 * A row is never changed except by being unlinked, and never deleted: who was linked to whom, by whom and why, stays.
 */
import type { Migration } from "./migrate.ts";

export const LINK_MIGRATIONS: readonly Migration[] = [
  {
    number: 1,
    name: "object_link",
    sql: `
      create table object_link (
        uid text not null,
        type text not null,
        agency text not null,
        member text not null,
        key_type text not null,
        key_mac bytea not null,
        key_sealed text not null,
        confidence real not null,
        method text not null,
        linked_by text not null,
        linked_at timestamptz not null default now(),
        unlinked_by text,
        unlinked_at timestamptz,
        evidence text
      );
      create unique index object_link_key on object_link (agency, member, type, key_mac) where unlinked_at is null;
      create index object_link_uid on object_link (uid) where unlinked_at is null;
      create index object_link_mac on object_link (key_mac);`,
  },
];
