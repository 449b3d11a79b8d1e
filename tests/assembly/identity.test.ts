/** What replicas of one gateway know of each other's proofs. */
import { afterAll, expect, it } from "vitest";
import { openProofs } from "../../src/assembly/identity.ts";
import { createPool } from "../../src/connectors/pg-pool.ts";
import { fixedClock } from "../../src/kernel/clock.ts";
import { NOW } from "../identity/bench.ts";
import { channel, prover } from "../identity/prover.ts";
import { testDatabase } from "../support/postgres.ts";

const pool = createPool({ url: await testDatabase() });
afterAll(() => pool.end());
const holder = await prover();
const token = holder.token();

async function replicas(rules: { readonly shared: boolean; readonly nonce: boolean }) {
  const clock = fixedClock(new Date(NOW * 1_000).toISOString());
  const root = Buffer.alloc(32, 3);
  const open = () => openProofs({ rules: { maxAgeSeconds: 60, ...rules }, pool, root, clock });
  const verifiers = [await open(), await open()];
  const show = async (replica: number, proof: string) => {
    await verifiers[replica]?.({ scheme: "dpop", token, proof, channel: channel() }, holder.jkt);
    return "taken";
  };
  return { show };
}

it("a proof that one has taken is taken by no other", async () => {
  const { show } = await replicas({ shared: true, nonce: false });
  const proof = holder.proof(token);
  expect(await show(0, proof)).toBe("taken");
  await expect(show(1, proof)).rejects.toMatchObject({ code: "the proof was seen before" });
  await expect(show(0, proof)).rejects.toMatchObject({ code: "the proof was seen before" });
  expect(await show(1, holder.proof(token))).toBe("taken");
});

it("where they do not share, each goes by what it has seen itself", async () => {
  const { show } = await replicas({ shared: false, nonce: false });
  const proof = holder.proof(token);
  expect([await show(0, proof), await show(1, proof)]).toEqual(["taken", "taken"]);
  await expect(show(1, proof)).rejects.toMatchObject({ code: "the proof was seen before" });
});

it("a nonce of one is a nonce of all", async () => {
  const { show } = await replicas({ shared: true, nonce: true });
  const wanted = await show(0, holder.proof(token)).catch((error: { nonce: string }) => error.nonce);
  expect(await show(1, holder.proof(token, { claims: { nonce: wanted } }))).toBe("taken");
});
