/**
 * Every store of the gateway in its own database, with its numbered migrations: what `ihala migrate` applies and a restore needs.
 *
 * Rule    a migration after the first of a store only adds: the version before serves beside this one while replicas are restarted.
 *         A test holds them to it, and holds this list to all that is migrated anywhere.
 */
import type pg from "pg";
import { STAFF_MIGRATIONS } from "../../resolvers/gw/staff-directory.ts";
import { BREAK_GLASS_MIGRATIONS } from "../break-glass/migrations.ts";
import { LINK_MIGRATIONS } from "../connectors/link-migrations.ts";
import { type Migration, migrate } from "../connectors/migrate.ts";
import { PROOF_MIGRATIONS } from "../connectors/proof-store.ts";
import { REVOCATION_MIGRATIONS } from "../connectors/revocations.ts";
import { SUSPENSION_MIGRATIONS } from "../connectors/suspensions.ts";
import { COPY_MIGRATIONS } from "../disclosures/copy-migrations.ts";
import { LINK_USE_MIGRATIONS } from "../files/link-uses.ts";
import { POLICY_STORE_MIGRATIONS } from "../policy-store/migrations.ts";

export const GATEWAY_STORES: Readonly<Record<string, readonly Migration[]>> = {
  "break-glass": BREAK_GLASS_MIGRATIONS,
  "disclosure-copy": COPY_MIGRATIONS,
  files: LINK_USE_MIGRATIONS,
  links: LINK_MIGRATIONS,
  policies: POLICY_STORE_MIGRATIONS,
  proofs: PROOF_MIGRATIONS,
  revocations: REVOCATION_MIGRATIONS,
  "staff-directory": STAFF_MIGRATIONS,
  suspensions: SUSPENSION_MIGRATIONS,
};

/** Every table of theirs, with its schema: what else is in the database is somebody else's. */
export const STORE_TABLES: ReadonlySet<string> = new Set(
  Object.values(GATEWAY_STORES)
    .flat()
    .flatMap(({ sql }) => [...sql.matchAll(/\bcreate (?:unlogged )?table (?:if not exists )?([\w.]+)/gi)])
    .map(([, name = ""]) => (name.includes(".") ? name : `public.${name}`)),
);

export interface AppliedMigration {
  readonly component: string;
  readonly number: number;
  readonly name: string;
}

/** None in a database that no gateway has used. */
export async function appliedMigrations(pool: pg.Pool): Promise<readonly AppliedMigration[]> {
  const { rows } = await pool.query<{ register: string | null }>(
    "select to_regclass('schema_migration')::text as register",
  );
  if (rows[0]?.register === null) return [];
  const sql = "select component, number, name from schema_migration order by component, number";
  return (await pool.query<AppliedMigration>(sql)).rows;
}

/**
 * Brings every store up to date, or as far as `upTo` had it; gives what was applied now.
 * Errors: DATA_DIRECTORY_NEWER for a database, or `upTo`, with migrations that this version does not know.
 */
export async function migrateStores(
  pool: pg.Pool,
  upTo: readonly AppliedMigration[] | null = null,
): Promise<readonly AppliedMigration[]> {
  const before = await appliedMigrations(pool);
  const known = Object.entries(GATEWAY_STORES);
  for (const [component, migrations] of known) {
    const wanted = upTo ? migrations.filter(({ number }) => has(upTo, component, number)) : migrations;
    if (wanted.length > 0) await migrate(pool, component, wanted);
  }
  return (await appliedMigrations(pool)).filter(({ component, number }) => !has(before, component, number));
}

const has = (all: readonly AppliedMigration[], component: string, number: number): boolean =>
  all.some((one) => one.component === component && one.number === number);

/** Those that this version does not know: of a newer one. */
export const unknownMigrations = (applied: readonly AppliedMigration[]): readonly AppliedMigration[] =>
  applied.filter(
    ({ component, number }) => !GATEWAY_STORES[component]?.some((known) => known.number === number),
  );
