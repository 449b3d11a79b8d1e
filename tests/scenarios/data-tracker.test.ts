/**
 * Who read about whom, as the gateway itself tells it (domain, agencies §12; scenario G16): over HTTP, against the running
 * deployment, from what was really asked before.
 */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadSecrets } from "../../src/assembly/secrets.ts";
import { BlindIndex } from "../../src/audit/blind-index.ts";
import { isAnswer } from "../../src/audit/encode-record.ts";
import { realFiles } from "../../src/audit/files.ts";
import { recordAt } from "../../src/audit/prove.ts";
import { readSubjectKeys } from "../../src/audit/subject-keys.ts";
import { lookIntoDataDirectory } from "../../src/config/data-directory.ts";
import { createPool } from "../../src/connectors/pg-pool.ts";
import { Embargoes } from "../../src/disclosures/embargo.ts";
import { eventually } from "../disclosures/copies.ts";
import { type Deployment, type Reader, type Reply, startDeployment } from "../support/deployment.ts";
import { bodiesOf } from "../support/pieces.ts";
import { EVERY_READER, firstStaff, viewReader } from "../support/readers.ts";
import { oracle } from "../support/rules-oracle.ts";
import { createWorldFacts } from "../support/world-facts.ts";

let on: Deployment;
beforeAll(async () => {
  on = await startDeployment({ env: { IHALA_AUDIT_SHIP_WITHIN_MS: "20" } });
});
afterAll(() => on?.close());

const PORTAL = "BH/GOV/IGA/population";
const inspector: Reader = { role: "LMRA.inspector", purpose: "LABOUR_INSPECTION" };
const enforcement: Reader = { role: "NPRA.residenceOfficer", purpose: "IMMIGRATION_ENFORCEMENT" };
const holder: Reader = { role: "EPC.caseWorker", purpose: "SHELTER_CARE" };
const society: Reader = { role: "NGO.caseworker", purpose: "SHELTER_CARE" };
const auditor: Reader = { role: "NCC.auditor", purpose: "AUDIT_OVERSIGHT" };
const herself = (cpr: string | null): Reader => ({
  ...{ role: "dataSubject", purpose: "SUBJECT_ACCESS", member: PORTAL },
  staff: cpr ?? "",
});

const PAGE =
  "edges { node { at agency { address name { en } } purpose fieldGroups } } pageInfo { hasNextPage endCursor }";
const OWN = `{ accessLog { ${PAGE} } }`;
const OF_PERSON = `query($id: ID) { accessLog(personId: $id) { ${PAGE} } }`;

interface Node {
  readonly at: string;
  readonly agency: { readonly address: string } | null;
  readonly purpose: string;
  readonly fieldGroups: readonly string[] | null;
}
interface Log {
  readonly edges: readonly { readonly node: Node }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}
const logIn = ({ data }: Reply): Log => data?.["accessLog"] as Log;
const purposesIn = (reply: Reply) => logIn(reply)?.edges.map(({ node }) => node.purpose);

const shipped = () =>
  eventually(async () => (await (await fetch(`${on.url}/readyz`)).text()).includes("unshipped 0 for 0 ms"));

/** The person's file is read by this reader; the copy has it. */
async function readPerson(reader: Reader, uid: string): Promise<void> {
  const reply = await on.ask(
    reader,
    "query($id: ID!) { person(id: $id) { nameLatin { full } protectionHold } }",
    {
      id: on.idFor(reader, "Person", uid),
    },
  );
  expect(reply.data?.["person"]).not.toBeNull();
  await shipped();
}

const askHer = async (cpr: string | null, query = OWN, variables = {}): Promise<Reply> => {
  await shipped();
  return on.ask(herself(cpr), query, variables);
};

async function withEmbargoes<Result>(work: (embargoes: Embargoes) => Promise<Result>): Promise<Result> {
  const { search } = await loadSecrets(await lookIntoDataDirectory(on.directory, "sandbox"));
  const pool = createPool({ url: on.databaseUrl("gateway"), settings: { timezone: "UTC" } });
  try {
    return await work(new Embargoes(pool, new BlindIndex(search), search));
  } finally {
    await pool.end();
  }
}

/** Those who were read about by nobody, until a test does. */
function strangers(): readonly { readonly uid: string; readonly key: string }[] {
  return [...on.world.links()].filter(({ agency, type }) => agency === "IGA" && type === "Person") as never;
}

describe("G16: a data subject, under embargo", () => {
  it("sees who read her data, when, why and which groups, without the staff, and not that she is investigated", async () => {
    const { disputed } = on.cast.workers;
    await readPerson(inspector, disputed.uid);
    await readPerson(enforcement, disputed.uid);
    const reply = await askHer(disputed.cpr);
    expect(reply.errors).toEqual([]);
    expect(reply.withheld).toEqual([]);
    const { edges, pageInfo } = logIn(reply);
    expect(edges).toEqual([
      {
        node: {
          at: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T/),
          agency: { address: "BH/GOV/LMRA/labour", name: { en: expect.any(String) } },
          purpose: "LABOUR_INSPECTION",
          fieldGroups: expect.arrayContaining(["IDENTITY_CORE"]),
        },
      },
    ]);
    expect(pageInfo).toEqual({ hasNextPage: false, endCursor: expect.any(String) });
    const staff = [inspector, enforcement].map(({ role }) => on.cast.firstWithWork(role).staffId);
    for (const secret of [...staff, "IMMIGRATION_ENFORCEMENT", disputed.cpr ?? "", disputed.uid])
      expect(reply.text).not.toContain(secret);
  });

  it("whose every entry is embargoed is answered like one of whom nothing was read, with the same calls", async () => {
    const { plain } = on.cast.workers;
    const unread = strangers().at(-1);
    await readPerson(enforcement, plain.uid);
    await shipped();
    const hidden = await on.watch(() => on.ask(herself(plain.cpr), OWN));
    await shipped();
    const empty = await on.watch(() => on.ask(herself(unread?.key ?? ""), OWN));
    expect(hidden.result.text).toBe(empty.result.text);
    expect(hidden.result.text).toBe(
      '{"data":{"accessLog":{"edges":[],"pageInfo":{"hasNextPage":false,"endCursor":null}}}}',
    );
    expect(hidden.calls).toEqual(empty.calls);
    expect(hidden.ledger).toEqual(empty.ledger);
    const records = (await on.records()).slice(-2);
    const about = records.map(({ subjects, withheldCount, refusals }) => ({
      subjects,
      withheldCount,
      refusals,
    }));
    expect(about[0]).toEqual(about[1]);
  });

  it("sees what the prosecution released, and nothing while it orders so", async () => {
    const { plain } = on.cast.workers;
    const subject = { type: "Person", uid: plain.uid };
    const order = { by: "ppo-chief-1", reason: "order 17/2026" };
    expect(purposesIn(await askHer(plain.cpr))).toEqual([]);
    await withEmbargoes((embargoes) => embargoes.release(subject, order, new Date()));
    expect(purposesIn(await askHer(plain.cpr))).toEqual(["IMMIGRATION_ENFORCEMENT"]);
    const soon = new Date(Date.now() + 86_400_000);
    await withEmbargoes((embargoes) => embargoes.set(subject, soon, order, new Date()));
    expect(logIn(await askHer(plain.cpr)).edges).toEqual([]);
  });

  it("who is a suspect sees nothing at all for a year, whoever read", async () => {
    const known = [...on.world.links()].find(({ agency, type }) => agency === "MOI" && type === "Person");
    await readPerson(inspector, known?.uid ?? "");
    const reply = await askHer(known?.key ?? "");
    expect(reply.text).toBe(
      '{"data":{"accessLog":{"edges":[],"pageInfo":{"hasNextPage":false,"endCursor":null}}}}',
    );
  });

  it("reads nobody else's: another person's id, an unknown one and a case are one answer", async () => {
    const { disputed, plain } = on.cast.workers;
    const me = herself(plain.cpr);
    const texts: string[] = [];
    for (const uid of [disputed.uid, "00000000-0000-4000-8000-000000000000"])
      texts.push((await on.ask(me, OF_PERSON, { id: on.idFor(me, "Person", uid) })).text);
    const { uid } = on.cast.cases.overview;
    const ofCase = `query($id: ID) { accessLog(caseId: $id) { ${PAGE} } }`;
    texts.push((await on.ask(me, ofCase, { id: on.idFor(me, "Case", uid) })).text);
    texts.push((await on.ask(herself("999999999"), OWN)).text);
    expect(new Set(texts).size).toBe(1);
    expect(texts[0]).toContain('"edges":[]');
    const own = await on.ask(me, OF_PERSON, { id: on.idFor(me, "Person", plain.uid) });
    expect(own.errors).toEqual([]);
  });

  it("reads her log alone: no register, no case, no person", async () => {
    const { disputed } = on.cast.workers;
    const me = herself(disputed.cpr);
    const question =
      "query($id: ID!) { person(id: $id) { nameLatin { full } accessLog { edges { cursor } } } }";
    const reply = await on.ask(me, question, { id: on.idFor(me, "Person", disputed.uid) });
    expect(reply.data).toEqual({ person: null });
  });
});

describe("a case's log", () => {
  const OF_CASE = `query($id: ID!) { case(id: $id) { accessLog(first: 50) { ${PAGE} } } }`;
  const ROOT = `query($id: ID) { accessLog(caseId: $id) { ${PAGE} } }`;
  const uidOf = () => on.cast.cases.ngoGiven.uid;
  const ask = async (reader: Reader, query: string): Promise<Reply> => {
    await shipped();
    return on.ask({ ...reader, issue: { uid: uidOf() } }, query, { id: on.idFor(reader, "Case", uidOf()) });
  };
  const logOf = (reply: Reply) =>
    ((reply.data?.["case"] as { accessLog: Log | null } | null)?.accessLog ?? null) as Log | null;

  it("is read by its holder, nested and at the root, and its reading is in it next", async () => {
    await on.ask(
      { ...society, issue: { uid: uidOf() } },
      "query($id: ID!) { case(id: $id) { id supportPlans { type } } }",
      {
        id: on.idFor(society, "Case", uidOf()),
      },
    );
    const first = await ask(holder, OF_CASE);
    expect(first.errors).toEqual([]);
    expect(logOf(first)?.edges[0]?.node).toMatchObject({
      agency: { address: "BH/NGO/MWPS/assist" },
      purpose: "SHELTER_CARE",
      fieldGroups: expect.arrayContaining(["SERVICES_PLAN"]),
    });
    const again = await ask(holder, ROOT);
    expect(again.errors).toEqual([]);
    expect(logIn(again).edges[0]?.node).toMatchObject({
      agency: { address: "BH/GOV/LMRA/epc" },
      fieldGroups: ["AUDIT_TRAIL"],
    });
    const record = (await on.records()).at(-1);
    expect(record).toMatchObject({
      reader: on.cast.firstWithWork(holder.role).staffId,
      subjects: [{ type: "Case", uid: uidOf(), groups: [{ group: "AUDIT_TRAIL", level: "clear" }] }],
    });
  });

  it("is refused to a party that does not hold it, at the root as if there were none", async () => {
    const reply = await ask(society, OF_CASE);
    expect(logOf(reply)).toBeNull();
    expect(reply.withheld).toEqual([{ path: ["case", "accessLog"], reason: "R7" }]);
    expect(logIn(await ask(society, ROOT)).edges).toEqual([]);
  });

  it("shows the auditor its metadata", async () => {
    for (const reply of [await ask(auditor, OF_CASE), await ask(auditor, ROOT)]) {
      const log = logOf(reply) ?? logIn(reply);
      expect(reply.errors).toEqual([]);
      expect(log.edges.length).toBeGreaterThan(0);
      expect(log.edges[0]?.node).toMatchObject({ at: expect.any(String), purpose: expect.any(String) });
    }
  });

  it("is read under its own issue only", async () => {
    const bare = await on.ask(holder, OF_CASE, { id: on.idFor(holder, "Case", uidOf()) });
    expect(bare.errors.map(({ extensions }) => extensions.code)).toEqual(["ISSUE_REQUIRED"]);
    const root = await on.ask(holder, ROOT, { id: on.idFor(holder, "Case", uidOf()) });
    expect(logIn(root).edges).toEqual([]);
    const other = { ...holder, issue: { uid: on.cast.cases.overview.uid } };
    expect(logIn(await on.ask(other, ROOT, { id: on.idFor(holder, "Case", uidOf()) })).edges).toEqual([]);
  });

  it("comes in pages, by cursors that are sealed for their reader", async () => {
    for (let i = 0; i < 5; i += 1) await ask(holder, ROOT);
    const page = `query($id: ID, $after: String) { accessLog(caseId: $id, first: 2, after: $after) { ${PAGE} } }`;
    const variables = { id: on.idFor(holder, "Case", uidOf()) };
    const reader = { ...holder, issue: { uid: uidOf() } };
    await shipped();
    const seen: string[] = [];
    let after: string | null = null;
    for (let round = 0; round < 3; round += 1) {
      const reply: Reply = await on.ask(reader, page, { ...variables, after });
      expect(reply.errors).toEqual([]);
      const log = logIn(reply);
      expect(log.edges).toHaveLength(2);
      seen.push(...log.edges.map(({ node }) => node.at));
      after = log.pageInfo.endCursor;
    }
    expect(seen).toEqual(seen.toSorted().reverse());
    expect(new Set(seen).size).toBe(seen.length);
    const codes = async (asking: Reader, cursor: string, first = 2) => {
      const query = page.replace("first: 2", `first: ${first}`);
      const reply = await on.ask({ ...asking, issue: { uid: uidOf() } }, query, {
        ...{ id: on.idFor(asking, "Case", uidOf()), after: cursor },
      });
      return reply.errors.map(({ extensions }) => extensions.code);
    };
    expect(await codes(auditor, after ?? "")).toEqual(["BAD_CURSOR"]);
    expect(await codes(holder, `${after?.slice(0, -2)}xx`)).toEqual(["BAD_CURSOR"]);
    expect(await codes(holder, after ?? "", 101)).toEqual(["BAD_USER_INPUT"]);
    expect(await codes(holder, after ?? "", 100)).toEqual([]);
  });

  it("is hidden with the case from staff who are linked to a party, at the root too", async () => {
    const pool = createPool({ url: on.databaseUrl("ledger") });
    const { staffId } = on.cast.firstWithWork(auditor.role);
    const overlay = [uidOf(), "STAFF_CONFLICT", staffId];
    try {
      await pool.query("insert into case_overlay (case_uid, kind, subject) values ($1, $2, $3)", overlay);
      const nowhere = "00000000-0000-4000-8000-000000000000";
      const unknown = await on.ask({ ...auditor, issue: { uid: nowhere } }, ROOT, {
        id: on.idFor(auditor, "Case", nowhere),
      });
      expect((await ask(auditor, ROOT)).text).toBe(unknown.text);
      expect((await ask(auditor, OF_CASE)).data).toEqual({ case: null });
      await pool.query(
        "delete from case_overlay where case_uid = $1 and kind = $2 and subject = $3",
        overlay,
      );
      expect(logIn(await ask(auditor, ROOT)).edges.length).toBeGreaterThan(0);
    } finally {
      await pool.end();
    }
  });

  it("opens for nobody but whom the rules name, of all roles and purposes", async () => {
    const facts = createWorldFacts(on.world);
    const shows = (effect: string): boolean => effect === "ALLOW" || effect === "MASK";
    const differ: string[] = [];
    let opened = 0;
    for (const name of ["ngoGiven", "policeReferred", "child"] as const) {
      const { uid, spine } = on.cast.cases[name];
      for (const reads of [auditor, holder]) {
        const id = on.idFor(reads, "Case", uid);
        await on.ask({ ...reads, issue: { uid } }, "query($id: ID!) { case(id: $id) { stage } }", { id });
      }
      await shipped();
      for (const asking of EVERY_READER) {
        const { staffId: staff } = firstStaff(on, asking);
        const reader = viewReader(on, facts, asking, staff);
        const row = facts.ofCase(spine, reader);
        const log = oracle({ ...reader, field: "DataUse.at", row: { ...row, own: row.owner ?? false } });
        const exists = shows(oracle({ ...reader, field: "Case.id", row }).effect);
        const expected = exists && shows(log.effect);
        const asked = { ...asking, staff, issue: { uid } };
        const id = on.idFor(asking, "Case", uid);
        const [root, nested] = await Promise.all([
          on.ask(asked, ROOT, { id }),
          on.ask(asked, OF_CASE, { id }),
        ]);
        const found = [logIn(root)?.edges, logOf(nested)?.edges ?? []].map(
          (edges) => (edges ?? []).length > 0,
        );
        if (found.some((one) => one !== expected))
          differ.push(`${asking.role} ${asking.purpose} ${name}: ${found}`);
        if (expected) opened += 1;
      }
    }
    expect(differ).toEqual([]);
    expect(opened).toBeGreaterThan(3);
  }, 120_000);
});

describe("a person's log", () => {
  it("opens for the auditor's agency alone, of all staff, and its reading is in it", async () => {
    const { uid } = on.cast.workers.disputed;
    await readPerson(inspector, uid);
    const differ: string[] = [];
    let opened = 0;
    for (const asking of EVERY_READER) {
      const { staffId: staff, member } = firstStaff(on, asking);
      const [agency = ""] = asking.role.split(".");
      const row = { caseBound: false, own: false };
      const { effect } = oracle({ ...asking, agency, field: "DataUse.at", row });
      const reply = await on.ask({ ...asking, staff, member }, OF_PERSON, {
        id: on.idFor(asking, "Person", uid),
      });
      const found = (logIn(reply)?.edges ?? []).length > 0;
      if (found !== (effect === "ALLOW" || effect === "MASK"))
        differ.push(`${asking.role} ${asking.purpose}`);
      if (found) opened += 1;
    }
    expect(differ).toEqual([]);
    expect(opened).toBeGreaterThan(0);
    await shipped();
    const reply = await on.ask(herself(on.cast.workers.disputed.cpr), OWN);
    expect(logIn(reply).edges[0]?.node).toMatchObject({
      purpose: expect.any(String),
      fieldGroups: ["AUDIT_TRAIL"],
    });
  });

  it("is not the holder's of her case", async () => {
    const { uid, victim } = on.cast.cases.ngoGiven;
    const query = `query($id: ID!) { case(id: $id) { victim { person { id accessLog { ${PAGE} } } } } }`;
    const reply = await on.ask({ ...holder, issue: { uid } }, query, { id: on.idFor(holder, "Case", uid) });
    const id = on.idFor(holder, "Person", victim.uid);
    expect(reply.data).toEqual({ case: { victim: { person: { id, accessLog: null } } } });
    expect(reply.withheld.map(({ reason }) => reason)).toEqual(["R7"]);
  });
});

describe("the record of an answer", () => {
  it("recognises the bytes that left, of a whole answer and of a piece", async () => {
    const { uid } = on.cast.cases.ngoGiven;
    const id = on.idFor(holder, "Case", uid);
    const audit = join(on.directory, "audit");
    const { audit: secrets } = await loadSecrets(await lookIntoDataDirectory(on.directory, "sandbox"));
    const last = async () => (await on.records()).length;
    const check = async (sequence: number, text: string) =>
      isAnswer(
        await recordAt(audit, sequence, realFiles),
        Buffer.from(text),
        await readSubjectKeys(join(on.directory, "audit-keys"), secrets.subjects),
      );
    const reply = await on.ask(
      { ...holder, issue: { uid } },
      "query($id: ID!) { case(id: $id) { nrmNumber } }",
      { id },
    );
    const sequence = await last();
    expect(await check(sequence, reply.text)).toBe(true);
    expect(await check(sequence, reply.text.replace("nrmNumber", "nrmNumbe"))).toBe(false);

    const headers: Record<string, string> = {
      authorization: `Bearer ${await on.token(holder)}`,
      "x-purpose": holder.purpose,
      "x-issue": id,
    };
    const query =
      "query($id: ID!) { case(id: $id) { nrmNumber ... @defer { victim { person { nameLatin { full } } } } } }";
    const texts: string[] = [];
    const asking = { query, variables: { id }, headers: { get: (name: string) => headers[name] } };
    for await (const text of bodiesOf(on.assembled.gateway, asking)) {
      texts.push(text);
      expect(await check(await last(), text)).toBe(true);
    }
    expect(texts.length).toBe(2);
  });

  it("knows a person who asks by a pseudonym, always the same, never by her number", async () => {
    const { disputed } = on.cast.workers;
    await askHer(disputed.cpr);
    await askHer(disputed.cpr);
    const records = (await on.records()).filter(({ role }) => role === "dataSubject").slice(-2);
    expect(new Set(records.map(({ reader }) => reader)).size).toBe(1);
    await shipped();
    const pool = createPool({ url: on.databaseUrl("gateway") });
    const { rows } = await pool.query("select reader, text from disclosure.record");
    await pool.end();
    expect(rows.length).toBeGreaterThan(20);
    expect(JSON.stringify(rows)).not.toContain(disputed.cpr);
  });
});
