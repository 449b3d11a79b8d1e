import { randomBytes } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readKeyKinds } from "../../src/connectors/key-kinds.ts";
import { createLinkKeys } from "../../src/connectors/link-keys.ts";
import { createLinkTable, type LinkTable } from "../../src/connectors/link-table.ts";
import type { AgencyCode, MemberAddress } from "../../src/kernel/brands.ts";
import { testDatabase } from "../support/postgres.ts";

const IGA = "IGA" as AgencyCode;
const LMRA = "LMRA" as AgencyCode;
const MOI = "MOI" as AgencyCode;
const NGO = "NGO" as AgencyCode;
const iga = "BH/GOV/IGA/population" as MemberAddress;
const lmra = "BH/GOV/LMRA/labour" as MemberAddress;
const moi = "BH/GOV/MOI/atd" as MemberAddress;
const mwps = "BH/NGO/MWPS/assist" as MemberAddress;
const aman = "BH/NGO/AMAN/shelter" as MemberAddress;

const kinds = readKeyKinds({
  IGA: { Person: { kind: "linked", key: "CPR" } },
  LMRA: { Person: { kind: "linked", key: "CPR" }, Worker: { kind: "linked", key: "CPR" } },
  MOI: { Investigation: { kind: "own", key: "MOI_CASE" } },
  NGO: { CaseParty: { kind: "linked", key: "NGO_CODE" } },
});
const root = { current: randomBytes(32) };

let pool: pg.Pool;
let links: LinkTable;
beforeAll(async () => {
  pool = new pg.Pool({ connectionString: await testDatabase() });
  links = createLinkTable({ pool, keys: createLinkKeys(root), kinds });
  await links.migrate();
  await links.migrate();
  const rows = [
    { uid: "uid-mary", type: "Person", agency: IGA, member: iga, key: "850100017" },
    { uid: "uid-mary", type: "Person", agency: LMRA, member: lmra, key: "850100017" },
    { uid: "uid-party", type: "CaseParty", agency: NGO, member: mwps, key: "V-7" },
    { uid: "uid-other", type: "CaseParty", agency: NGO, member: aman, key: "V-7" },
  ];
  expect(await links.seedLinks(rows, "seed")).toBe(4);
});
afterAll(() => pool.end());

const person = (member: MemberAddress, key: string) => ({ type: "Person", member, key });

describe("the link table", () => {
  it("gives each agency its own key and the canonical uid back", async () => {
    const session = links.session();
    expect(await session.keysOf(IGA, ["uid-mary", "nobody"])).toEqual(
      new Map([["uid-mary", [person(iga, "850100017")]]]),
    );
    expect(await session.uidsOf(IGA, [person(iga, "850100017")])).toEqual(["uid-mary"]);
    expect(await session.keysOf(MOI, ["uid-mary"])).toEqual(new Map());
  });

  it("looks up a whole wave of agencies in one statement, and none twice in a request", async () => {
    let statements = 0;
    const query = (...args: unknown[]) => {
      statements += 1;
      return Reflect.apply(pool.query, pool, args);
    };
    const counted = Object.create(pool, { query: { value: query } });
    const session = createLinkTable({ pool: counted, keys: createLinkKeys(root), kinds }).session();
    await Promise.all([
      session.keysOf(IGA, ["uid-mary"]),
      session.keysOf(LMRA, ["uid-mary", "uid-party"]),
      session.keysOf(NGO, ["uid-party"]),
    ]);
    expect(statements).toBe(1);
    await session.keysOf(LMRA, ["uid-mary"]);
    await session.uidsOf(LMRA, [person(lmra, "850100017")]);
    expect(statements).toBe(1);
  });

  it("tells members of one agency apart, even by equal keys", async () => {
    const refs = [mwps, aman].map((member) => ({ type: "CaseParty", member, key: "V-7" }));
    expect(await links.session().uidsOf(NGO, refs)).toEqual(["uid-party", "uid-other"]);
  });

  it("joins a person first seen at two registers by the same key, and links both", async () => {
    const [first] = await links.session().uidsOf(LMRA, [person(lmra, "900212345")]);
    const [second, again] = await links
      .session()
      .uidsOf(IGA, [person(iga, "900212345"), person(iga, " 900212345 ")]);
    expect(second).toBe(first);
    expect(again).toBe(first);
    expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const keys = await links.session().keysOf(IGA, [first as string]);
    expect(keys.get(first as string)?.[0]?.key.trim()).toBe("900212345");
  });

  it("joins a key first seen here to the object that another agency knows by it", async () => {
    await links.seedLinks([{ ...person(lmra, "770101011"), uid: "uid-ali", agency: LMRA }], "seed");
    expect(await links.session().uidsOf(IGA, [person(iga, "770101011")])).toEqual(["uid-ali"]);
  });

  it("joins nothing by keys that mean something at one member only", async () => {
    const refs = [mwps, aman].map((member) => ({ type: "CaseParty", member, key: "V-8" }));
    const uids = await links.session().uidsOf(NGO, refs);
    expect(new Set(uids).size).toBe(2);
  });

  it("gives a worker and the person of the same number different uids", async () => {
    const refs = [person(lmra, "660101011"), { ...person(lmra, "660101011"), type: "Worker" }];
    const uids = await links.session().uidsOf(LMRA, refs);
    expect(new Set(uids).size).toBe(2);
  });

  it("survives two replicas that see the same keys first, at once", async () => {
    const refs = Array.from({ length: 50 }, (_, n) => person(lmra, `5500000${n}`));
    const [one, two] = await Promise.all([
      links.session().uidsOf(LMRA, refs),
      links.session().uidsOf(LMRA, refs.toReversed()),
    ]);
    expect(one).toEqual(two?.toReversed());
  });

  it("forgets an unlinked key at the next request, and never gives it back to the same object", async () => {
    await links.seedLinks(
      [IGA, LMRA].map((agency) => ({
        ...person(agency === IGA ? iga : lmra, "440101011"),
        uid: "uid-wrong",
        agency,
      })),
      "seed",
    );
    const by = { by: "steward-1", evidence: "two people, one number" };
    expect(await links.unlink({ uid: "uid-wrong", agency: IGA, ...by })).toBe(1);
    expect(await links.session().keysOf(IGA, ["uid-wrong"])).toEqual(new Map());
    const [uid] = await links.session().uidsOf(IGA, [person(iga, "440101011")]);
    expect(uid).not.toBe("uid-wrong");
    await links.unlink({ uid: uid as string, agency: IGA, ...by });
    const [next] = await links.session().uidsOf(IGA, [person(iga, "440101011")]);
    expect(new Set(["uid-wrong", uid, next]).size).toBe(3);
  });

  it("needs no row for what one agency alone serves", async () => {
    const ref = { type: "Investigation", member: moi, key: "TIP-2025-0001" };
    const [uid] = await links.session().uidsOf(MOI, [ref]);
    expect(await links.session().keysOf(MOI, [uid as string])).toEqual(new Map([[uid, [ref]]]));
    expect(await links.session().keysOf(LMRA, [uid as string])).toEqual(new Map());
  });

  it("tells whether anybody knows an object of a type by a uid", async () => {
    expect(await links.knows("Person", "uid-mary")).toBe(true);
    expect(await links.knows("Case", "uid-mary")).toBe(false);
    expect(await links.knows("Person", "uid-nobody")).toBe(false);
  });

  it("refuses a type that the agency has no key for", async () => {
    const refs = [{ type: "Verdict", member: iga, key: "1" }];
    await expect(links.session().uidsOf(IGA, refs)).rejects.toMatchObject({ code: "AGENCY_BAD_REPLY" });
  });

  it("keeps no key readable, and binds each to its row", async () => {
    const { rows } = await pool.query("select object_link::text as text from object_link");
    expect(rows.every(({ text }) => !text.includes("850100017"))).toBe(true);
    await pool.query(`insert into object_link
      select 'uid-thief', type, agency, member, key_type, sha256(key_mac), key_sealed, 1, method, linked_by
      from object_link where uid = 'uid-mary' and agency = 'IGA'`);
    expect(await links.session().keysOf(IGA, ["uid-thief"])).toEqual(new Map());
  });
});
