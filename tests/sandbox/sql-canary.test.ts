/**
 * An agency's database holds its own rows and its own keys: no uid, no key under which only others know somebody, and no
 * personal text of another agency.
 */
import pg from "pg";
import { describe, expect, it } from "vitest";
import { seedDatabase } from "../../sandbox/database/agency-database.ts";
import { SQL_AGENCIES } from "../../sandbox/sql.ts";
import type { LinkRow } from "../../sandbox/synth/types.ts";
import { createWorld, SEED } from "../../sandbox/synth/world.ts";
import { testPostgres } from "../support/postgres.ts";

const world = createWorld({ seed: SEED, scale: "tiny", canary: true });
const links: readonly LinkRow[] = [...world.links()];
/** Printed on cards and signs, and known to several. */
const NATIONAL = new Set(["CPR", "CR_NUMBER"]);

async function everythingIn(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows: tables } = await client.query<{ readonly name: string }>(
    "select tablename as name from pg_tables where schemaname = 'public' and tablename <> 'sandbox_seed'",
  );
  const texts: string[] = [];
  for (const { name } of tables) {
    const { rows } = await client.query(`select * from "${name}"`);
    texts.push(JSON.stringify(rows, legible));
  }
  await client.end();
  return texts.join("\n");
}

/** `JSON.stringify` has made bytes a list by the time it asks. */
function legible(_: string, value: unknown): unknown {
  const bytes = (value as { readonly type?: unknown; readonly data?: unknown } | null) ?? {};
  if (bytes.type !== "Buffer") return value;
  return new TextDecoder("windows-1256").decode(Uint8Array.from(bytes.data as number[]));
}

describe.each(SQL_AGENCIES.map((database) => [database.name, database] as const))("%s", (name, database) => {
  it("holds no uid, no other agency's key and no other agency's text", async () => {
    const postgres = await testPostgres();
    await postgres.ensureDatabase(name);
    await seedDatabase(database, postgres.url(name), world);
    const everything = await everythingIn(postgres.url(name));

    const own = new Set(links.filter(({ agency }) => agency === name.toUpperCase()).map(({ key }) => key));
    expect(own.size).toBeGreaterThan(0);
    expect([...own].filter((key) => everything.includes(key)).length).toBeGreaterThan(0);

    const foreign = links.filter(({ keyType, key }) => !NATIONAL.has(keyType) && !own.has(key));
    expect(foreign.filter(({ key }) => everything.includes(`"${key}"`))).toEqual([]);
    expect(links.filter(({ uid }) => everything.includes(uid))).toEqual([]);
    expect(new Set(everything.match(/cnr-[a-z]+(?=\.)/g) ?? [`cnr-${name}`])).toEqual(
      new Set([`cnr-${name}`]),
    );
  });
});
