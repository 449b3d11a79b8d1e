/**
 * The gateway's own database is away: with durability `disk` answers that need nothing of it go on, and their records are caught up
 * with; with `disk+database` nothing personal leaves.
 */
import pg from "pg";
import { describe, expect, it } from "vitest";
import { eventually } from "../disclosures/copies.ts";
import { type Deployment, type Reader, startDeployment } from "../support/deployment.ts";
import { canaries } from "../support/http.ts";

const holder: Reader = { role: "EPC.caseWorker", purpose: "SHELTER_CARE" };

/** Of the ledger alone: the link table is in the database that is away. */
function askCase(on: Deployment) {
  const { uid } = on.cast.cases.overview;
  const query = "query($id: ID!) { case(id: $id) { nrmNumber riskLevel } }";
  return on.ask({ ...holder, issue: { uid } }, query, { id: on.idFor(holder, "Case", uid) });
}

async function whileAway(on: Deployment, act: () => Promise<void>): Promise<void> {
  const admin = new pg.Client({ connectionString: on.databaseUrl("ledger") });
  await admin.connect();
  const name = new URL(on.databaseUrl("gateway")).pathname.slice(1);
  const allow = (yes: boolean) => admin.query(`alter database "${name}" allow_connections ${yes}`);
  try {
    await allow(false);
    await admin.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", [name]);
    await act();
  } finally {
    await allow(true);
    await admin.end();
  }
}

const readyz = async (on: Deployment) => (await fetch(`${on.url}/readyz`)).text();
const unshipped = async (on: Deployment) => Number(/unshipped (\d+)/.exec(await readyz(on))?.[1]);

async function copied(on: Deployment): Promise<readonly number[]> {
  const client = new pg.Client({ connectionString: on.databaseUrl("gateway") });
  await client.connect();
  const { rows } = await client.query<{ sequence: number }>(
    "select sequence::int from disclosure.record order by sequence",
  );
  await client.end();
  return rows.map(({ sequence }) => sequence);
}

describe("the gateway's database, away", () => {
  it("with `disk`: answers go on, the lag is told, and every record is there once afterwards", async () => {
    const on = await startDeployment({ env: { IHALA_AUDIT_SHIP_WITHIN_MS: "100" } });
    try {
      const whole = await askCase(on);
      await eventually(async () => (await unshipped(on)) === 0);
      await whileAway(on, async () => {
        for (let i = 0; i < 5; i += 1) expect((await askCase(on)).text).toBe(whole.text);
        expect(await unshipped(on)).toBe(5);
        expect(await on.metrics.text()).toContain("ihala_disclosures_unshipped 5\n");
        await eventually(() => on.lines.some((line) => line.includes("audit.not_shipped")));
      });
      await eventually(async () => (await unshipped(on)) === 0, 20_000);
      expect(await copied(on)).toEqual((await on.records()).map(({ sequence }) => sequence));
      expect(on.lines.filter((line) => line.includes("audit.shipped_again"))).toHaveLength(1);
    } finally {
      await on.close();
    }
  }, 90_000);

  it("with `disk+database`: nothing leaves, and it is answered again when it is back", async () => {
    const on = await startDeployment({
      env: { IHALA_AUDIT_DURABILITY: "disk+database", IHALA_AUDIT_SHIP_WITHIN_MS: "2000" },
    });
    try {
      const whole = await askCase(on);
      expect(whole.errors).toEqual([]);
      expect(await copied(on)).toEqual((await on.records()).map(({ sequence }) => sequence));
      await whileAway(on, async () => {
        const reply = await askCase(on);
        expect(reply.status).toBe(503);
        expect(reply.errors.map(({ extensions }) => extensions.code)).toEqual(["AUDIT_UNAVAILABLE"]);
        expect(reply.data).toBeNull();
        expect(canaries(reply.text)).toEqual([]);
      });
      await eventually(async () => (await askCase(on)).text === whole.text, 20_000);
      expect(await copied(on)).toEqual((await on.records()).map(({ sequence }) => sequence));
    } finally {
      await on.close();
    }
  }, 90_000);
});
