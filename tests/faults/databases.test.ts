/**
 * An agency whose PostgreSQL is down or holds its answers back: its own fields are null with its code, the case arrives, and
 * with the database the fields come back.
 */
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Deployment, type Reader, type Reply, startDeployment } from "../support/deployment.ts";
import { expectNothingInside } from "../support/http.ts";

let on: Deployment;
beforeAll(async () => {
  on = await startDeployment({
    env: { IHALA_LIMITS_AGENCY_TIMEOUT_MS: "1500", IHALA_LIMITS_BREAKER_FAILURES: "1000" },
  });
});
afterAll(() => on?.close());

const prosecution: Reader = { role: "PPO.prosecutor", purpose: "PROSECUTION" };
const CASE =
  "query($id: ID!) { case(id: $id) { nrmNumber prosecution { number } victim { person { worker { workPermitNo } } } } }";

async function askCase(): Promise<Reply> {
  const { uid } = on.cast.cases.overview;
  const id = on.idFor(prosecution, "Case", uid);
  return await on.ask({ ...prosecution, issue: id }, CASE, { id });
}

/** Runs statements as the owner, beside the database that they are about. */
async function asOwner(database: string, run: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: on.databaseUrl(database) });
  await client.connect();
  try {
    await run(client);
  } finally {
    await client.end();
  }
}

const nameOf = (database: string): string => new URL(on.databaseUrl(database)).pathname.slice(1);

const WHOLE = { nrmNumber: expect.any(String), prosecution: { number: expect.any(String) } };
const WORKER = { person: { worker: { workPermitNo: expect.any(String) } } };

describe("LMRA's database", () => {
  const accept = (yes: boolean) => `alter database "${nameOf("lmra")}" allow_connections ${yes}`;

  it("is down: AGENCY_UNAVAILABLE for its fields alone, until it is back", async () => {
    expect((await askCase()).data).toMatchObject({ case: { ...WHOLE, victim: WORKER } });
    await asOwner("gateway", async (client) => {
      await client.query(accept(false));
      await client.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", [
        nameOf("lmra"),
      ]);
    });
    try {
      const reply = await askCase();
      expect(reply.data).toMatchObject({ case: WHOLE });
      expect(reply.errors.map(({ extensions }) => extensions)).toEqual([
        { code: "AGENCY_UNAVAILABLE", agency: "LMRA" },
      ]);
      expect(reply.withheld).toEqual([]);
      expectNothingInside(reply.text);
    } finally {
      await asOwner("gateway", (client) => client.query(accept(true)));
    }
    expect((await askCase()).data).toMatchObject({ case: { ...WHOLE, victim: WORKER } });
  });

  it("holds its answers back: AGENCY_TIMEOUT for its fields alone", async () => {
    await asOwner("lmra", async (client) => {
      await client.query("begin");
      await client.query("lock table worker, permit, employer in access exclusive mode");
      const reply = await askCase();
      expect(reply.data).toMatchObject({ case: WHOLE });
      expect(reply.errors.map(({ extensions }) => extensions)).toEqual([
        { code: "AGENCY_TIMEOUT", agency: "LMRA" },
      ]);
      expect(reply.withheld).toEqual([]);
      await client.query("rollback");
    });
    expect((await askCase()).data).toMatchObject({ case: { ...WHOLE, victim: WORKER } });
  });
});
