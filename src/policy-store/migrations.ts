/**
 * Tables of the policy store, in a schema of their own. Rows are written once: nothing changes or deletes them.
 *
 * What counts is in `note`, signed (`statements.ts`); the other columns find it, and are compared with it.
 */
import type { Migration } from "../connectors/migrate.ts";

export const POLICY_STORE_MIGRATIONS: readonly Migration[] = [
  {
    number: 1,
    name: "policy_store",
    sql: `
      create schema policy_store;
      create table policy_store.content (
        hash text primary key,
        stored_at timestamptz not null default now()
      );
      create table policy_store.file (
        hash text not null references policy_store.content,
        path text not null,
        bytes bytea not null,
        primary key (hash, path)
      );
      create table policy_store.bundle (
        sha256 text primary key,
        body text not null
      );
      create table policy_store.draft (
        number integer primary key,
        hash text not null references policy_store.content,
        note text not null
      );
      create table policy_store.approval (
        draft integer not null references policy_store.draft,
        officer text not null,
        note text not null,
        primary key (draft, officer)
      );
      create table policy_store.publication (
        number integer primary key,
        hash text not null references policy_store.content,
        bundle text not null references policy_store.bundle,
        note text not null
      );
      create table policy_store.shadow (
        number integer primary key,
        draft integer references policy_store.draft,
        note text not null
      );`,
  },
];
