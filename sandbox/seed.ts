/**
 * Fills everything that the sandbox keeps in PostgreSQL with one synthetic world, once: the agencies' databases, the
 * ledger, the gateway's link table and staff directory.
 *
 * Out     true when anything was written, false when the same world is there already.
 * Errors  CONFIG_INVALID when a database holds another world.
 */
import type pg from "pg";
import { seedLedger } from "../ledger/seed.ts";
import { createStaffDirectory } from "../resolvers/gw/staff-directory.ts";
import { createLinkTable, type LinkTableOptions } from "../src/connectors/link-table.ts";
import { GatewayError } from "../src/kernel/errors.ts";
import { seedSqlAgencies } from "./sql.ts";
import type { World } from "./synth/world.ts";

/** Databases of the sandbox, all on one server by default. */
export const SANDBOX_DATABASES = ["gateway", "ledger", "lmra", "mosd", "ncc", "rtc"] as const;

/** Grows when a change of the generator or of the seeding makes another world of the same seed. */
const WORLD_VERSION = 1;

export interface SandboxSeed {
  readonly world: World;
  readonly urlOf: (database: string) => string;
  /** The gateway's own database. */
  readonly gateway: LinkTableOptions;
}

export async function seedSandbox({ world, urlOf, gateway }: SandboxSeed): Promise<boolean> {
  const [ledger, , own] = await Promise.all([
    seedLedger(urlOf("ledger"), world),
    seedSqlAgencies({ urlOf, world }),
    seedGateway(world, gateway),
  ]);
  return ledger || own;
}

async function seedGateway(world: World, options: LinkTableOptions): Promise<boolean> {
  const { pool } = options;
  const links = createLinkTable(options);
  const staff = createStaffDirectory(pool);
  await links.migrate();
  await staff.migrate();
  const name = `${world.seed} ${world.scale}${world.canary ? " canary" : ""} ${WORLD_VERSION}`;
  const held = await heldWorld(pool);
  if (held === name) return false;
  if (held !== null) throw otherWorld(held, name);
  await staff.seed([...world.staff]);
  await links.seedLinks(world.links(), "sandbox");
  // Last: what was interrupted is done again, and links that are there already keep their uid.
  await pool.query("insert into sandbox_world (name) values ($1)", [name]);
  return true;
}

async function heldWorld(pool: pg.Pool): Promise<string | null> {
  await pool.query("create table if not exists sandbox_world (name text not null)");
  const { rows } = await pool.query<{ name: string }>("select name from sandbox_world");
  return rows[0]?.name ?? null;
}

const otherWorld = (held: string, wanted: string): GatewayError =>
  new GatewayError("CONFIG_INVALID", "the data directory holds another synthetic world", {
    problems: [
      `the gateway's database holds the world \`${held}\`, not \`${wanted}\`: choose another IHALA_DATA`,
    ],
  });
