/** What somebody who can write to the database, and has no key, can do: nothing that counts. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { noteSigner } from "../../src/audit/note.ts";
import { approveDraft } from "../../src/policy-store/approvals.ts";
import { publishDraft } from "../../src/policy-store/publish.ts";
import { type Approval, KEY_NAME, officerName, signStatement } from "../../src/policy-store/statements.ts";
import { TakeUp } from "../../src/policy-store/take-up.ts";
import { DOMAIN } from "../policy/shipped.ts";
import { draftOf, NARROWER, officer, publishEdits, type TestStore, testStore } from "./tools.ts";

const NGO = officer("NGO");
const EPC = officer("EPC");
const THIEF = noteSigner(KEY_NAME, Buffer.alloc(32, 9));

describe("a database that was tampered with", { timeout: 240_000 }, () => {
  let on: TestStore;
  beforeAll(async () => {
    on = await testStore();
    await publishEdits(on, NGO, [EPC], {});
  }, 240_000);
  afterAll(() => on?.close());
  const sql = (text: string, values: unknown[] = []) => on.pool.query(text, values);
  const untrusted = { code: "POLICY_UNTRUSTED" };

  it("cannot change a file", async () => {
    const { hash } = (await on.tools.store.published()) ?? { hash: "" };
    const where = "where hash = $1 and path = 'ngo/care.cedar'";
    const { rows } = await sql(`select bytes from policy_store.file ${where}`, [hash]);
    await sql(`update policy_store.file set bytes = bytes || '\\x0a' ${where}`, [hash]);
    await expect(on.tools.store.content(hash)).rejects.toMatchObject(untrusted);
    await sql(`update policy_store.file set bytes = $2 ${where}`, [hash, rows[0].bytes]);
    expect((await on.tools.store.content(hash)).hash).toBe(hash);
  });

  it("cannot change what was compiled", async () => {
    const { bundle } = (await on.tools.store.published()) ?? { bundle: "" };
    const body = await on.tools.store.bundle(bundle);
    await sql("update policy_store.bundle set body = replace(body, 'forbid', 'permit')");
    await expect(on.tools.store.bundle(bundle)).rejects.toMatchObject(untrusted);
    await sql("update policy_store.bundle set body = $1", [body]);
    expect(await on.tools.store.bundle(bundle)).toBe(body);
  });

  it("cannot approve by a row that nobody signed, or that another key did", async () => {
    const { draft } = await draftOf(on, NGO, NARROWER);
    const { number, hash, base } = draft;
    const approval: Approval = { draft: number, hash, base, by: EPC, at: new Date().toISOString() };
    for (const note of [
      "",
      `ihala policy approval\n${JSON.stringify(approval)}\n\n`,
      signStatement("approval", approval, THIEF),
    ]) {
      await sql("insert into policy_store.approval (draft, officer, note) values ($1, $2, $3)", [
        ...[number, officerName(EPC), note],
      ]);
      await expect(publishDraft(on.tools, NGO, number)).rejects.toMatchObject(untrusted);
      await sql("delete from policy_store.approval");
    }
    // One that was signed for another draft, moved to this one.
    const other = await draftOf(on, NGO, { "README.md": "another" });
    await approveDraft(on.tools, EPC, other.draft);
    await sql("update policy_store.approval set draft = $1", [number]);
    await expect(publishDraft(on.tools, NGO, number)).rejects.toMatchObject(untrusted);
    expect((await on.tools.store.published())?.number).toBe(1);
  });

  it("cannot take a gateway back to a publication before the one that it has taken up", async () => {
    const takeUp = new TakeUp(on.tools.store, () => {});
    const first = await on.tools.store.published();
    if (!first) throw new Error("nothing is published");
    await on.tools.store.write(on.tools.signer, (writer) =>
      writer.addPublication({ ...first, act: "rollback", draft: null }),
    );
    const { heads, policySet } = await takeUp.load(DOMAIN);
    expect([heads.publication, policySet.version]).toEqual([2, first.policies]);
    await sql("delete from policy_store.publication where number = 2");
    await expect(takeUp.load(DOMAIN)).rejects.toMatchObject(untrusted);
  });

  it("cannot pass one publication off as a later one", async () => {
    await sql(
      "insert into policy_store.publication select 2, hash, bundle, note from policy_store.publication",
    );
    await expect(on.tools.store.published()).rejects.toMatchObject(untrusted);
  });
});
