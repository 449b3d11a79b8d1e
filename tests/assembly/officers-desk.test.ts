/** Acts of officers in a thread: one after the other, ended in time, and done as a whole or not at all. */
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { OfficersDesk } from "../../src/assembly/officers-desk.ts";
import { openPolicyStore } from "../../src/assembly/policy-store.ts";
import { noteSigner } from "../../src/audit/note.ts";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";
import type { OfficerAct } from "../../src/policy-store/officer-act.ts";
import { KEY_NAME } from "../../src/policy-store/statements.ts";
import { POLICIES_DIR } from "../policy/shipped.ts";
import { officer, type TestStore, testStore } from "../policy-store/tools.ts";

const SEED = Buffer.alloc(32, 9);
const SIGNER = noteSigner(KEY_NAME, SEED);
const FOLDERS = { schemaDir: join(PACKAGE_ROOT, "schema"), startingFolder: POLICIES_DIR };
const patient = new AbortController().signal;
const desks: OfficersDesk[] = [];
let on: TestStore;

beforeAll(async () => {
  on = await testStore(undefined, SIGNER);
});
afterAll(async () => {
  await Promise.all(desks.map((desk) => desk.close()));
  await on?.close();
});

function openDesk(timeoutMs?: number): OfficersDesk {
  const desk = new OfficersDesk({ databaseUrl: on.url, seed: SEED, vkeys: [SIGNER.vkey] }, timeoutMs);
  desks.push(desk);
  return desk;
}

const drafting = (name: string, staff = "one"): { officer: ReturnType<typeof officer>; act: OfficerAct } => ({
  officer: officer("NGO", staff),
  act: { kind: "draft", files: [{ path: `${name}.md`, text: name }], removed: [], title: name },
});
const titles = async () => (await on.tools.store.drafts()).map(({ title }) => title);

it("does one after the other, and drops one whose asker has gone while it waited", async () => {
  const desk = openDesk();
  const leaving = new AbortController();
  const first = desk.perform({ ...drafting("first"), ...FOLDERS }, patient);
  const gone = desk.perform({ ...drafting("gone"), ...FOLDERS }, leaving.signal);
  const last = desk.perform({ ...drafting("last"), ...FOLDERS }, patient);
  leaving.abort(new Error("hung up"));
  await expect(gone).rejects.toThrow("hung up");
  expect(await Promise.all([first, last])).toEqual([1, 2]);
  expect(await titles()).toEqual(["first", "last"]);
  expect(await desk.perform({ ...drafting("first"), ...FOLDERS }, patient)).toBe(1);
}, 60_000);

it("finishes what was begun for an asker who has gone", async () => {
  const before = await titles();
  const leaving = new AbortController();
  const begun = openDesk().perform({ ...drafting("begun"), ...FOLDERS }, leaving.signal);
  leaving.abort(new Error("hung up"));
  expect(await begun).toBe(before.length + 1);
  expect(await titles()).toEqual([...before, "begun"]);
}, 60_000);

it("ends what takes too long, with nothing written, and does the next", async () => {
  const before = await titles();
  const hasty = openDesk(100);
  await expect(hasty.perform({ ...drafting("late"), ...FOLDERS }, patient)).rejects.toMatchObject({
    code: "PROVER_UNAVAILABLE",
    message: expect.stringContaining("did not answer in time"),
  });
  expect(await titles()).toEqual(before);
  const { rows } = await on.pool.query(
    "select 1 from policy_store.content c where not exists (select 1 from policy_store.draft d where d.hash = c.hash)",
  );
  expect(rows).toEqual([]);
  expect(await openDesk().perform({ ...drafting("next"), ...FOLDERS }, patient)).toBe(before.length + 1);
}, 60_000);

it("lets a bounded number wait", async () => {
  const desk = openDesk();
  const leaving = new AbortController();
  const first = desk.perform({ ...drafting("held"), ...FOLDERS }, patient);
  const waiting = Array.from({ length: 8 }, (_, index) =>
    desk.perform({ ...drafting(`waits-${index}`), ...FOLDERS }, leaving.signal),
  );
  await expect(desk.perform({ ...drafting("more"), ...FOLDERS }, patient)).rejects.toMatchObject({
    code: "OVERLOADED",
  });
  leaving.abort(new Error("hung up"));
  expect(new Set((await Promise.allSettled(waiting)).map(({ status }) => status))).toEqual(
    new Set(["rejected"]),
  );
  await first;
}, 60_000);

it("ends the one under way when it is closed", async () => {
  const before = await titles();
  const desk = openDesk();
  const cut = desk.perform({ ...drafting("cut"), ...FOLDERS }, patient);
  const refused = expect(cut).rejects.toMatchObject({ code: "PROVER_UNAVAILABLE" });
  await vi.waitFor(async () => {
    const { rows } = await on.pool.query(
      "select 1 from pg_stat_activity where application_name = 'ihala' and datname = current_database()",
    );
    expect(rows.length).toBeGreaterThan(1);
  });
  await desk.close();
  await refused;
  await expect(desk.perform({ ...drafting("after"), ...FOLDERS }, patient)).rejects.toMatchObject({
    code: "PROVER_UNAVAILABLE",
  });
  expect(await titles()).toEqual(before);
}, 60_000);

it("signs nothing on a gateway that holds no key whose signatures count", async () => {
  const before = await titles();
  const kept = { source: "store", directory: null, signingKey: null, verifierKeys: [SIGNER.vkey] };
  const opened = await openPolicyStore(
    {
      config: { policy: kept as never },
      ...{ secrets: { policySigning: Buffer.alloc(32, 1) }, databaseUrl: on.url },
    },
    on.pool,
  );
  for (const act of [drafting("unsigned").act, { kind: "approve", draft: 1, hash: "0" } as const])
    await expect(
      opened?.perform({ officer: officer("NGO"), act, ...FOLDERS }, patient),
    ).rejects.toMatchObject({
      code: "POLICY_REFUSED",
      message: expect.stringContaining("does not hold the key"),
    });
  expect(await titles()).toEqual(before);
  await opened?.close();
});
