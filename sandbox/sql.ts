/**
 * Makes and fills the databases of the agencies that keep their rows in PostgreSQL: LMRA, MOSD, NCC, RTC.
 *
 * In      `urlOf`, a URL that may create tables and roles, for each database; the databases exist.
 * Out     nothing; afterwards `resolvers/<agency>/` are opened on `readerUrl` of the same URLs.
 * Cost    tiny under a second, demo a few seconds; nothing when the rows are there.
 * Errors  CONFIG_INVALID when a database holds rows of another seed, scale or version.
 */
import { type AgencyDatabase, seedDatabase } from "./database/agency-database.ts";
import { LMRA_DATABASE } from "./lmra/rows.ts";
import { MOSD_DATABASE } from "./mosd/rows.ts";
import { NCC_DATABASE } from "./ncc/rows.ts";
import { RTC_DATABASE } from "./rtc/rows.ts";
import type { World } from "./synth/world.ts";

export const SQL_AGENCIES: readonly AgencyDatabase[] = [
  LMRA_DATABASE,
  MOSD_DATABASE,
  NCC_DATABASE,
  RTC_DATABASE,
];

export interface SeedOptions {
  readonly urlOf: (database: string) => string;
  readonly world: World;
}

export async function seedSqlAgencies({ urlOf, world }: SeedOptions): Promise<void> {
  const seeded = SQL_AGENCIES.map((database) => seedDatabase(database, urlOf(database.name), world));
  const failed = (await Promise.allSettled(seeded)).find(({ status }) => status === "rejected");
  if (failed?.status === "rejected") throw failed.reason;
}
