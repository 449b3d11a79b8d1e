/**
 * The version before serves beside this one while replicas are restarted: it has written what this one reads, and goes on writing and reading
 * by its own statements after `migrate`, on the connections that it has. And each migration after the first of a store only adds, as
 * PostgreSQL itself sees it.
 */
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createStaffDirectory } from "../../resolvers/gw/staff-directory.ts";
import { GATEWAY_STORES, migrateStores } from "../../src/assembly/gateway-stores.ts";
import { noteSigner } from "../../src/audit/note.ts";
import { Openings } from "../../src/break-glass/openings.ts";
import { readKeyKinds } from "../../src/connectors/key-kinds.ts";
import { createLinkKeys } from "../../src/connectors/link-keys.ts";
import { createLinkTable } from "../../src/connectors/link-table.ts";
import { type Migration, migrate } from "../../src/connectors/migrate.ts";
import { createPool } from "../../src/connectors/pg-pool.ts";
import { createProofStore } from "../../src/connectors/proof-store.ts";
import { createRevocations, followRevocations } from "../../src/connectors/revocations.ts";
import { createLogCopy } from "../../src/disclosures/log-copy.ts";
import { searchCopy } from "../../src/disclosures/search.ts";
import type { AgencyCode, MemberAddress } from "../../src/kernel/brands.ts";
import { KEY_NAME, officerName, signStatement } from "../../src/policy-store/statements.ts";
import { PolicyStore } from "../../src/policy-store/store.ts";
import { BLIND } from "../disclosures/copies.ts";
import { testDatabase } from "../support/postgres.ts";
import { PREVIOUS, STATEMENTS } from "./previous-version.ts";
import { shapeOf, taken } from "./schema-shape.ts";

it("is the one before this: each store at its newest migration but one, or at its newest", () => {
  for (const [store, number] of Object.entries(PREVIOUS)) {
    const { length } = GATEWAY_STORES[store] ?? [];
    expect({ store, isBefore: [length - 1, length].includes(number) }).toEqual({ store, isBefore: true });
  }
});

describe("a migration after the first of a store", () => {
  it.each(Object.entries(GATEWAY_STORES))(
    "of %s takes nothing of what is there",
    async (store, migrations) => {
      const pool = createPool({ url: await testDatabase(), connections: 1 });
      let before = await shapeOf(pool);
      for (const [at, { number, name }] of migrations.entries()) {
        await migrate(pool, store, migrations.slice(0, at + 1));
        const after = await shapeOf(pool);
        expect(after.length).toBeGreaterThan(before.length);
        if (number > 1) expect({ name, taken: taken(before, after) }).toEqual({ name, taken: [] });
        before = after;
      }
      await pool.end();
    },
  );

  const FIRST = `create table thing (id integer primary key, name text not null, size integer default 1);
    create index thing_name on thing (name)`;
  it.each([
    ["a table goes", "drop table thing", "column public.thing id"],
    ["a column goes", "alter table thing drop column size", "column public.thing size"],
    ["a column has another name", "alter table thing rename size to width", "column public.thing size"],
    ["a column has another type", "alter table thing alter size type bigint", "column public.thing size"],
    ["a column must be given", "alter table thing alter size set not null", "column public.thing size"],
    ["a default goes", "alter table thing alter size drop default", "column public.thing size"],
    [
      "a new column must be given",
      "alter table thing add colour text not null",
      "new column public.thing colour",
    ],
    [
      "values are bounded",
      "alter table thing add constraint small check (size < 9)",
      "new constraint public.thing small",
    ],
    ["values must differ", "create unique index one_name on thing (name)", "new index public.thing one_name"],
    ["an index goes", "drop index thing_name", "index public.thing thing_name"],
  ])("is found out when %s", async (_, sql, what) => {
    const pool = createPool({ url: await testDatabase(), connections: 1 });
    const migrations: readonly Migration[] = [FIRST, sql].map((text, at) => ({
      ...{ number: at + 1, name: "test", sql: text },
    }));
    await migrate(pool, "test", migrations.slice(0, 1));
    const before = await shapeOf(pool);
    await migrate(pool, "test", migrations);
    expect(taken(before, await shapeOf(pool))).toContain(what);
    await pool.end();
  });

  it("may add tables, indexes, and columns that need not be given", async () => {
    const pool = createPool({ url: await testDatabase(), connections: 1 });
    await pool.query(FIRST);
    const before = await shapeOf(pool);
    await pool.query(`alter table thing add colour text, add weight integer not null default 0;
      create index thing_size on thing (size); create table other (id integer primary key check (id > 0))`);
    expect(taken(before, await shapeOf(pool))).toEqual([]);
    await pool.end();
  });
});

const [AGENCY, MEMBER] = ["CRT" as AgencyCode, "BH/JUD/COURTS/criminal" as MemberAddress];
const LOG = "ihala/previous";
const NOW = Date.parse("2026-03-01T09:00:00Z");
const HOUR = 3_600_000;
const opener = { member: "BH/GOV/LMRA/epc", staff: "s-1", role: "EPC.caseWorker" };
const officer = { agency: "EPC", member: opener.member, staff: "o-1" };
const signer = noteSigner(KEY_NAME, Buffer.alloc(32, 7));
const keys = createLinkKeys({ current: Buffer.alloc(32, 5) });
const kinds = readKeyKinds({ CRT: { Person: { kind: "linked", key: "PARTY" } } });

let pool: pg.Pool;
let before: pg.PoolClient;
beforeAll(async () => {
  pool = createPool({ url: await testDatabase() });
  for (const [store, number] of Object.entries(PREVIOUS))
    await migrate(pool, store, (GATEWAY_STORES[store] ?? []).slice(0, number));
  before = await pool.connect();
});
afterAll(async () => {
  before?.release();
  await pool?.end();
});

/** By the version before, on the one connection that it keeps. */
const send = async <Row extends pg.QueryResultRow>(
  of: keyof typeof STATEMENTS,
  values: readonly unknown[] = [],
) => {
  const { name, text } = STATEMENTS[of];
  return (await before.query<Row>({ ...(name !== "" && { name }), text, values: [...values] })).rows;
};

/** Everything that it writes, numbered. */
async function write(n: number): Promise<void> {
  const row = { agency: AGENCY, member: MEMBER, type: "Person", uid: `u-${n}` };
  const mac = keys.mac("Person", `${MEMBER}/PARTY`, `P-${n}`);
  const sealed = keys.sealKey(row, `P-${n}`);
  await send("link", [
    ...[[row.uid], ["Person"], [AGENCY], [MEMBER], ["PARTY"], [mac], [sealed], [1], ["SAME_KEY"], [null]],
    "before",
  ]);
  const opened = new Date(NOW + n);
  const until = new Date(NOW + n + HOUR);
  await send("open", [
    ...[`o-${n}`, `case-${n}`, opener.member, opener.staff, opener.role],
    ...[opened, until, "Asia/Bahrain", null, "key", "sealed"],
  ]);
  await send("notify", [`o-${n}`, opener.member]);
  const at = opened.toISOString();
  expect(
    await send("copy", [
      ...[LOG, [n], [at], ["s-1"], [opener.member], [opener.role], ["SHELTER_CARE"], [Buffer.alloc(32, n)]],
      ...[[`record ${n}`], [`index-${n}`], [n], [at], [""], [true]],
    ]),
  ).toEqual([{ added: 1 }]);
  const hash = String(n).repeat(64);
  await send("draftContent", [hash]);
  const draft = { number: n, hash, base: null, title: "", widens: false, needs: [], by: officer, at };
  await send("draft", [n, hash, signStatement("draft", draft, signer)]);
  const approval = { draft: n, hash, base: null, by: officer, at };
  await send("approve", [n, officerName(officer), signStatement("approval", approval, signer)]);
  await send("bundle", [hash, "{}"]);
  const publication = { act: "publish" as const, version: n, policies: hash, bundle: hash, with: [] };
  const note = signStatement(
    "publication",
    { ...publication, number: n, hash, draft: n, by: officer, at },
    signer,
  );
  await send("publish", [n, hash, hash, note]);
  await send("prove", [[Buffer.alloc(8, n)]]);
  await send("revoke", [opener.member, `s-${n}`, "before"]);
  await send("staff", [
    [`staff-${n}`],
    [`s-${n}`],
    [opener.member],
    ["EPC"],
    [opener.role],
    ["اسم"],
    ["Name"],
  ]);
}

/** By this version, all of it. */
async function expectRead(...numbers: readonly number[]): Promise<void> {
  const links = createLinkTable({ pool, keys, kinds });
  const refs = numbers.map((n) => ({ type: "Person", member: MEMBER, key: `P-${n}` }));
  const uids = numbers.map((n) => `u-${n}`);
  expect(await links.find(AGENCY, refs)).toEqual(uids);
  expect([...(await links.session().keysOf(AGENCY, uids)).values()].flat()).toEqual(refs);

  const open = await new Openings(pool, "Asia/Bahrain").openFor(opener, NOW + 100);
  for (const n of numbers) expect(open.get(`case-${n}`)).toBe(NOW + n + HOUR);

  expect(await createLogCopy(pool).last(LOG)).toBe(Math.max(...numbers));
  const texts: string[] = [];
  for await (const { text } of searchCopy(pool, BLIND, { reader: "s-1" })) texts.push(text);
  expect(texts).toEqual(numbers.map((n) => `record ${n}`).toReversed());

  const store = new PolicyStore({ pool, verifiers: [signer] });
  expect((await store.drafts()).map(({ number }) => number)).toEqual(numbers);
  expect((await store.publications()).map(({ number }) => number)).toEqual(numbers);
  for (const n of numbers) expect(await store.approvals(n)).toHaveLength(1);

  const proofs = createProofStore(pool);
  for (const n of numbers)
    expect(await proofs.remember(Buffer.alloc(8, n).toString("base64url"))).toBe(false);

  const revocations = await followRevocations(pool);
  for (const n of numbers) expect(revocations.isRevoked(opener.member, `s-${n}`)).toBe(true);
  await revocations.stop();

  const staff = await createStaffDirectory(pool).byUid(numbers.map((n) => `staff-${n}`));
  expect(staff.map(({ staffId }) => staffId).toSorted()).toEqual(numbers.map((n) => `s-${n}`));
}

describe("the version before", () => {
  it("has written what this one reads after `migrate`, and goes on writing on the connection that it has", async () => {
    await write(1);
    const applied = await migrateStores(pool);
    expect(applied.map(({ component, number }) => `${component} ${number}`)).toEqual(
      Object.entries(GATEWAY_STORES).flatMap(([store, migrations]) =>
        migrations.slice(PREVIOUS[store] ?? 0).map(({ number }) => `${store} ${number}`),
      ),
    );
    await expectRead(1);
    await write(2);
    await expectRead(1, 2);
  });

  it("reads what this one writes", async () => {
    const links = createLinkTable({ pool, keys, kinds });
    const row = { type: "Person", agency: AGENCY, member: MEMBER, key: "P-3", uid: "u-3" };
    await links.seedLinks([row], "now");
    expect(await send("linksOf", [["u-3"]])).toMatchObject([{ uid: "u-3", type: "Person", agency: AGENCY }]);
    await send("unlink", ["u-3", AGENCY, "before", "a mistake"]);
    expect(await links.find(AGENCY, [{ type: "Person", member: MEMBER, key: "P-3" }])).toEqual([undefined]);

    const opening = { uid: "o-3", opener, caseUid: "case-3", openedAtMs: NOW + 3, retryKey: null };
    const reason = { key: "key", sealed: "sealed" };
    await new Openings(pool, "Asia/Bahrain").open({ ...opening, reason, owner: null });
    const { member, staff, role } = opener;
    const openNow = await send<{ caseUid: string }>("openNow", [member, staff, role, new Date(NOW + 100)]);
    expect(openNow[0]).toMatchObject({ caseUid: "case-3" });

    const record = { sequence: 3, time: new Date(NOW).toISOString(), reader: "s-1", member, role };
    const rest = { purpose: "SHELTER_CARE", leaf: Buffer.alloc(32, 3), text: "record 3", subjects: [] };
    await createLogCopy(pool).append(LOG, [{ ...record, ...rest }]);
    expect(await send("copied", [LOG])).toEqual([{ last: "3" }]);

    const store = new PolicyStore({ pool, verifiers: [signer] });
    await store.write(signer, async (writer) => {
      const hash = "1".repeat(64);
      const act = { act: "publish" as const, with: [], by: officer, at: new Date(NOW).toISOString() };
      const bundle = await writer.addBundle("{}");
      await writer.addPublication({ ...act, hash, policies: hash, bundle, draft: 1, version: null });
    });
    expect(await send("heads")).toEqual([{ publication: 3, shadow: null }]);

    const proof = Buffer.alloc(8, 9);
    expect(await createProofStore(pool).remember(proof.toString("base64url"))).toBe(true);
    expect(await send("prove", [[proof]])).toEqual([]);
    await createRevocations(pool).revoke({ member, staff: "s-9" }, "now");
    expect(await send("revoked")).toContainEqual({ member, staff: "s-9" });
    const entry = {
      uid: "staff-9",
      staffId: "s-9",
      member,
      agency: "EPC",
      role,
      nameAr: "اسم",
      nameLatin: "Name",
    };
    await createStaffDirectory(pool).seed([entry]);
    expect(await send("staffByUid", [["staff-9"]])).toEqual([entry]);
  });
});
