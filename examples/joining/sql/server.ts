/**
 * An agency with a PostgreSQL that may be read: one table. Starts the PostgreSQL that ships with Ihala, fills it, and prints
 * its connection URL; any other PostgreSQL is as good.
 *
 *     npx node examples/joining/sql/server.ts <data directory> > hlt-database.txt
 */
import { once } from "node:events";
import pg from "pg";
import { startPostgres } from "../../../src/connectors/embedded-postgres.ts";
import { INSURED } from "../insured.ts";

const [dataDir = "data/hlt"] = process.argv.slice(2);
const postgres = await startPostgres({ dataDir });
await postgres.ensureDatabase("hlt");
const client = new pg.Client(postgres.url("hlt"));
await client.connect();
await client.query("create table if not exists insured (ins_no text primary key, valid_until date not null)");
for (const row of INSURED)
  await client.query("insert into insured values ($1, $2) on conflict do nothing", row);
await client.end();

console.log(postgres.url("hlt"));

const alive = setInterval(() => {}, 60_000); // listening for a signal alone keeps no process alive
await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
clearInterval(alive);
await postgres.stop();
