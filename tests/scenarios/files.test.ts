/** Recorded statements, end to end: who is given the bytes, who is not, what the log says, and what the ledger heard of it. */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { CastName } from "../../sandbox/synth/cast-script.ts";
import { addressOf, MWPS } from "../../sandbox/synth/members.ts";
import { recording } from "../../sandbox/synth/recording.ts";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";
import { createPool } from "../../src/connectors/pg-pool.ts";
import { createRevocations } from "../../src/connectors/revocations.ts";
import { canariesIn, filesOf } from "../support/canaries.ts";
import { type Deployment, type Reader, startDeployment } from "../support/deployment.ts";
import { type Replica, startReplica } from "../support/replica.ts";

const QUESTION = "query($id: ID!) { case(id: $id) { statements { recordingRef } } }";
const EPC: Reader = { role: "EPC.caseWorker", purpose: "SHELTER_CARE" };
const PPO: Reader = { role: "PPO.prosecutor", purpose: "PROSECUTION" };
const PROSECUTION = addressOf("PPO");
const CASE = "ngoGiven" satisfies CastName;
const TRIED = "trialProtected" satisfies CastName;

let skewMs = 0;
const clock = { now: () => Date.now() + skewMs };

let on: Deployment;
let replica: Replica;
beforeAll(async () => {
  on = await startDeployment({ clock });
  replica = await startReplica(on);
});
afterAll(async () => {
  await replica?.close();
  await on?.close();
});
beforeEach(() => {
  skewMs = 0;
});

const caseOf = (name: CastName) => on.cast.cases[name];
const contentOf = (name: CastName) =>
  [...on.world.epc.content].find(({ uid }) => uid === caseOf(name).uid) ?? expect.fail(name);

function soundOf(name: CastName): Buffer {
  const { statements, index } = contentOf(name);
  return recording(statements[0]?.recordingTitle ?? expect.fail("no recording"), index);
}

async function linkFor(reader: Reader, name: CastName, query = QUESTION): Promise<string> {
  const { uid } = caseOf(name);
  const reply = await on.ask({ issue: { uid }, ...reader }, query, { id: on.idFor(reader, "Case", uid) });
  const { case: found } = reply.data as { case: { statements: { recordingRef: string }[] } };
  return found.statements[0]?.recordingRef ?? expect.fail(reply.text);
}

const headersOf = async (reader: Reader, name: CastName): Promise<Record<string, string>> => ({
  authorization: `Bearer ${await on.token(reader)}`,
  "x-purpose": reader.purpose,
  "x-issue": on.idFor(reader, "Case", caseOf(name).uid),
});

const get = async (link: string, headers: Readonly<Record<string, string>>, url = on.url, method = "GET") => {
  const response = await fetch(`${url}${link}`, { method, headers });
  const bytes = Buffer.from(await response.arrayBuffer());
  return { status: response.status, headers: response.headers, bytes };
};

const NOT_FOUND = { errors: [{ message: "there is no such file", extensions: { code: "FILE_NOT_FOUND" } }] };

/** Nothing is found, and nobody was asked. */
async function isAbsent(
  link: string,
  headers: Readonly<Record<string, string>>,
  url = on.url,
): Promise<void> {
  const { result, calls } = await on.watch(() => get(link, headers, url));
  expect(result.status).toBe(404);
  expect(JSON.parse(result.bytes.toString())).toEqual(NOT_FOUND);
  expect(calls).toEqual({});
}

async function inLedger<Result>(work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: on.databaseUrl("ledger") });
  await client.connect();
  return work(client).finally(() => client.end());
}

describe("a reader to whom the statement is shown", () => {
  it.each([
    [EPC, CASE],
    [PPO, TRIED],
  ] as const)(
    "%o is given the recording, byte for byte, and nothing else of the ledger's answer",
    async (reader, name) => {
      const link = await linkFor(reader, name);
      expect(link).toMatch(/^\/files\/[\w-]+$/);
      const { result, ledger } = await on.watch(async () => get(link, await headersOf(reader, name)));
      expect(result.status).toBe(200);
      expect(result.bytes).toEqual(soundOf(name));
      expect(Object.fromEntries(result.headers)).toEqual({
        ...{ "content-type": "audio/wav", "content-length": String(result.bytes.length) },
        ...{ "content-disposition": "attachment", "x-content-type-options": "nosniff" },
        ...{ "cache-control": "no-store", "accept-ranges": "none", "x-ihala-mode": "sandbox" },
        ...{ "x-request-id": expect.any(String), date: expect.any(String) },
        ...{ connection: "keep-alive", "keep-alive": expect.any(String) },
      });
      expect(canariesIn(result.bytes.toString("latin1"))).toEqual(
        new Set([`cnr-epc.content-${contentOf(name).index}-sound`]),
      );
      expect(ledger.at(-1)).toMatchObject({
        subgraph: "files",
        variables: { ref: contentOf(name).statements[0]?.recordingRef },
      });
    },
  );

  it("is in the log, as a file, with that case and that group alone", async () => {
    const link = await linkFor(EPC, CASE);
    await get(link, await headersOf(EPC, CASE));
    const { uid } = caseOf(CASE);
    expect((await on.records()).at(-1)).toMatchObject({
      ...{ file: true, member: "BH/GOV/LMRA/epc", role: EPC.role, purpose: EPC.purpose, issue: uid },
      subjects: [{ type: "Case", uid, groups: [{ group: "VICTIM_STATEMENT", level: "clear" }] }],
      ...{ withheldCount: 0, refusals: {} },
    });
  });

  it("is known to the ledger for it as for any question, and by nothing more", async () => {
    const link = await linkFor(EPC, CASE);
    on.ledger.journal.clear();
    await get(link, await headersOf(EPC, CASE));
    const { requests } = on.ledger.journal;
    const readers = new Set(requests.map(({ reader }) => JSON.stringify(reader)));
    expect([requests.length > 2, requests.at(-1)?.subgraph, readers.size]).toEqual([true, "files", 1]);
  });

  it("has an answer that nobody keeps, by GET too", async () => {
    const { uid } = caseOf(CASE);
    const search = new URLSearchParams({
      query: QUESTION,
      variables: JSON.stringify({ id: on.idFor(EPC, "Case", uid) }),
    });
    const response = await fetch(`${on.url}/graphql?${search}`, { headers: await headersOf(EPC, CASE) });
    expect(await response.text()).toContain("/files/");
    expect([response.headers.get("cache-control"), response.headers.get("etag")]).toEqual(["no-store", null]);
  });

  it("never reads what the ledger calls it", async () => {
    const { uid } = caseOf(CASE);
    const reply = await on.ask({ ...EPC, issue: { uid } }, QUESTION, { id: on.idFor(EPC, "Case", uid) });
    expect(canariesIn(reply.text)).toEqual(new Set());
    expect(reply.text).not.toContain("rec-0");
  });

  it("uses the link once, at whichever replica", async () => {
    const [here, there] = [await linkFor(EPC, CASE), await linkFor(EPC, CASE)];
    const headers = await headersOf(EPC, CASE);
    expect((await get(there, headers, replica.url)).bytes).toEqual(soundOf(CASE));
    expect((await get(here, headers)).status).toBe(200);
    for (const link of [here, there])
      for (const url of [on.url, replica.url]) await isAbsent(link, headers, url);
  });

  it("is given it once when it is asked for many times at once", async () => {
    const link = await linkFor(EPC, CASE);
    const headers = await headersOf(EPC, CASE);
    const all = await Promise.all(
      Array.from({ length: 8 }, (_, at) => get(link, headers, at % 2 ? on.url : replica.url)),
    );
    expect(all.map(({ status }) => status).toSorted()).toEqual([200, ...Array(7).fill(404)]);
  });

  it("does not use it up by HEAD, which is refused", async () => {
    const link = await linkFor(EPC, CASE);
    const headers = await headersOf(EPC, CASE);
    const { result, calls } = await on.watch(() => get(link, headers, on.url, "HEAD"));
    expect([result.status, result.headers.get("allow"), calls]).toEqual([405, "GET", {}]);
    expect((await get(link, headers)).status).toBe(200);
  });

  it("is given the whole when a part is asked for", async () => {
    const link = await linkFor(EPC, CASE);
    const { status, bytes } = await get(link, { ...(await headersOf(EPC, CASE)), range: "bytes=0-3" });
    expect([status, bytes]).toEqual([200, soundOf(CASE)]);
  });

  it("has a link of her own for each answer, also of equal questions at the same time", async () => {
    const links = await Promise.all(Array.from({ length: 5 }, () => linkFor(EPC, CASE)));
    expect(new Set(links).size).toBe(5);
    const headers = await headersOf(EPC, CASE);
    for (const link of links) expect((await get(link, headers)).status).toBe(200);
  });

  it("reaches it by another way: aliases, fragments, conditions, a deferred part", async () => {
    const { uid } = caseOf(CASE);
    const query = `query($id: ID!, $no: Boolean!) { it: case(id: $id) { ...more @defer(label: "l") id @skip(if: $no) } }
      fragment more on Case { said: statements { ... on VictimStatement { sound: recordingRef } text } }`;
    const variables = { id: on.idFor(EPC, "Case", uid), no: true };
    const headers = await headersOf(EPC, CASE);
    const response = await fetch(`${on.url}/graphql`, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json", accept: "multipart/mixed" },
      body: JSON.stringify({ query, variables }),
    });
    const text = await response.text();
    const [, link = ""] = /"sound":"([^"]+)"/.exec(text) ?? [];
    expect(text).toContain('"pending"');
    expect((await get(link, headers)).bytes).toEqual(soundOf(CASE));
  });
});

describe("nobody else, and nothing else", () => {
  const OTHERS: Readonly<Record<string, Partial<Reader>>> = {
    "another member of staff": { staff: "epc-somebody" },
    "another role": { role: "EPC.nurse" },
    "another purpose": { purpose: "VOLUNTARY_RETURN" },
    "another organisation": { role: "NGO.caseworker", member: MWPS },
  };

  it.each(Object.entries(OTHERS))("%s finds nothing, and uses nothing up", async (_, other) => {
    const link = await linkFor(EPC, CASE);
    const { staffId: staff } = on.cast.firstWithWork(EPC.role, addressOf("EPC"));
    await isAbsent(link, await headersOf({ ...EPC, staff, ...other }, CASE));
    expect((await get(link, await headersOf(EPC, CASE))).status).toBe(200);
  });

  it("under another issue, or none, finds nothing", async () => {
    const link = await linkFor(EPC, CASE);
    const { "x-issue": _, ...none } = await headersOf(EPC, CASE);
    await isAbsent(link, none);
    await isAbsent(link, await headersOf(EPC, TRIED));
    await isAbsent(link, { ...none, "x-issue": "nothing" });
  });

  it("what was edited, cut, prolonged or made up is not there", async () => {
    const link = await linkFor(EPC, CASE);
    const headers = await headersOf(EPC, CASE);
    const at = link.length - 9;
    const flipped = `${link.slice(0, at)}${link[at] === "A" ? "B" : "A"}${link.slice(at + 1)}`;
    const forged = [flipped, link.slice(0, -4), `${link}AAAA`, `${link}/`, `${link}?`, `${link}=`, "/files/"];
    const id = on.idFor(EPC, "Case", caseOf(CASE).uid);
    for (const each of [...forged, `/files/${id}`, "/files/x", `/files/${"A".repeat(6_000)}`])
      await isAbsent(each, headers);
    expect((await get(link, headers)).status).toBe(200);
  });

  it("without a token nothing is told, and with a purpose that is not held neither", async () => {
    const link = await linkFor(EPC, CASE);
    const { authorization: _, ...rest } = await headersOf(EPC, CASE);
    const { result, calls } = await on.watch(() => get(link, rest));
    expect([result.status, calls]).toEqual([401, {}]);
    expect((await get(link, { ...(await headersOf(EPC, CASE)), "x-purpose": "RESEARCH" })).status).toBe(403);
    expect((await get(link, await headersOf(EPC, CASE))).status).toBe(200);
  });

  it("after 60 seconds it is over", async () => {
    const [link, late] = [await linkFor(EPC, CASE), await linkFor(EPC, CASE)];
    const headers = await headersOf(EPC, CASE);
    skewMs = 58_000;
    expect((await get(link, headers)).status).toBe(200);
    skewMs = 60_001;
    await isAbsent(late, headers);
  });
});

describe("decided again when the link is used", () => {
  it("is not given when the referral was revoked meanwhile, and that is recorded", async () => {
    const link = await linkFor(PPO, TRIED);
    const headers = await headersOf(PPO, TRIED);
    const { uid } = caseOf(TRIED);
    await inLedger((client) =>
      client.query("update referral set status = 'REVOKED' where case_uid = $1 and status = 'ACCEPTED'", [
        uid,
      ]),
    );
    try {
      const { result, ledger } = await on.watch(() => get(link, headers));
      expect(result.status).toBe(404);
      expect(JSON.parse(result.bytes.toString())).toEqual(NOT_FOUND);
      expect(ledger.filter(({ subgraph }) => subgraph === "files")).toEqual([]);
      expect((await on.records()).at(-1)).toMatchObject({ file: true, role: PPO.role, subjects: [] });
    } finally {
      await inLedger((client) =>
        client.query("update referral set status = 'ACCEPTED' where case_uid = $1 and status = 'REVOKED'", [
          uid,
        ]),
      );
    }
    expect((await get(await linkFor(PPO, TRIED), headers)).bytes).toEqual(soundOf(TRIED));
  });

  it("is not given when the person has withdrawn her consent meanwhile", async () => {
    const { uid } = caseOf(TRIED);
    const headers = await headersOf(PPO, TRIED);
    const basis = (from: string, to: string) =>
      inLedger((client) =>
        client.query("update referral set basis = $3 where case_uid = $1 and basis = $2 and to_member = $4", [
          ...[uid, from, to],
          PROSECUTION,
        ]),
      );
    await basis("LEGAL_DUTY", "CONSENT");
    try {
      expect((await get(await linkFor(PPO, TRIED), headers)).bytes).toEqual(soundOf(TRIED));
      const link = await linkFor(PPO, TRIED);
      await inLedger(async (client) => {
        await client.query(
          `insert into consent select 'consent-of-the-test', $1, scope, array['VICTIM_STATEMENT'], 'WITHDRAWN', given_by,
             checklist, given_at, valid_until, now(), null from consent limit 1`,
          [uid],
        );
        await client.query("insert into consent_recipient values ('consent-of-the-test', $1)", [PROSECUTION]);
      });
      const { result, ledger } = await on.watch(() => get(link, headers));
      expect(result.status).toBe(404);
      expect(ledger.filter(({ subgraph }) => subgraph === "files")).toEqual([]);
      expect((await on.records()).at(-1)).toMatchObject({ file: true, subjects: [], refusals: { R3: 1 } });
    } finally {
      await basis("CONSENT", "LEGAL_DUTY");
      await inLedger(async (client) => {
        await client.query("delete from consent_recipient where consent_uid = 'consent-of-the-test'");
        await client.query("delete from consent where uid = 'consent-of-the-test'");
      });
    }
  });

  it("is not given when the policies have changed meanwhile", async () => {
    const link = await linkFor(EPC, CASE);
    const policies = await mkdtemp(join(tmpdir(), "ihala-policies-"));
    await cp(join(PACKAGE_ROOT, "policies"), policies, { recursive: true });
    const before = on.config;
    const file = join(policies, "epc", "case.cedar");
    const text = await readFile(file, "utf8");
    await writeFile(file, text.replace(', Action::"VICTIM_STATEMENT:clear"', ""));
    await on.reload({ ...before, policy: { ...before.policy, directory: policies } });
    try {
      const { result, ledger } = await on.watch(async () => get(link, await headersOf(EPC, CASE)));
      expect(result.status).toBe(404);
      expect(ledger.filter(({ subgraph }) => subgraph === "files")).toEqual([]);
    } finally {
      await on.reload(before);
      await rm(policies, { recursive: true });
    }
    expect((await get(await linkFor(EPC, CASE), await headersOf(EPC, CASE))).status).toBe(200);
  });

  it("is not given to one whose tokens are taken no more", async () => {
    const link = await linkFor(EPC, CASE);
    const headers = await headersOf(EPC, CASE);
    const pool = createPool({ url: on.databaseUrl("gateway") });
    const revocations = createRevocations(pool);
    const whom = {
      member: "BH/GOV/LMRA/epc",
      staff: on.cast.firstWithWork(EPC.role, "BH/GOV/LMRA/epc").staffId,
    };
    try {
      await revocations.revoke(whom, "a test");
      await expect.poll(async () => (await get("/files/x", headers)).status).toBe(401);
      const { result, calls } = await on.watch(() => get(link, headers));
      expect([result.status, calls]).toEqual([401, {}]);
    } finally {
      await revocations.lift(whom, "a test");
      await expect.poll(async () => (await get("/files/x", headers)).status).toBe(404);
      await pool.end();
    }
    expect((await get(link, headers)).status).toBe(200);
  });
});

describe("a long recording", () => {
  const PIECES = 64;
  const PIECE = 1_048_576;
  const REF = "rec-long";

  /** The recording of a case becomes one of 64 MB, of which so many are there; with null there is none. */
  const lengthen = (stored: number | null) =>
    inLedger(async (client) => {
      const { uid } = caseOf(CASE);
      await client.query("delete from file_piece where ref = $1", [REF]);
      await client.query("delete from file where ref = $1", [REF]);
      if (stored === null) return;
      await client.query("insert into file values ($1, $2, 'audio/wav', $3)", [REF, uid, PIECES * PIECE]);
      const piece = Buffer.alloc(PIECE, "ihala");
      for (let at = 0; at < stored; at++)
        await client.query("insert into file_piece values ($1, $2, $3)", [REF, at, piece]);
      await client.query("update victim_statement set recording_ref = $2 where case_uid = $1", [uid, REF]);
    });

  const read = (): number => on.ledger.journal.statements.filter((sql) => sql.includes("file_piece")).length;

  async function begin() {
    const headers = await headersOf(EPC, CASE);
    const link = await linkFor(EPC, CASE);
    on.ledger.journal.clear();
    const asking = httpRequest(`${on.url}${link}`, { headers }).end();
    const [response] = await once(asking, "response");
    return response as IncomingMessage;
  }

  afterAll(async () => {
    await inLedger((client) =>
      client.query("update victim_statement set recording_ref = $2 where case_uid = $1", [
        caseOf(CASE).uid,
        contentOf(CASE).statements[0]?.recordingRef,
      ]),
    );
  });

  it("is read as fast as the reader takes it, and no faster", async () => {
    await lengthen(PIECES);
    const response = await begin();
    const hash = createHash("sha256");
    let bytes = 0;
    // Nothing is taken for a while: what is on its way fills sockets and buffers, and then the ledger is not read any more.
    let before = -1;
    while (read() > before) {
      before = read();
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    expect(read()).toBeGreaterThan(0);
    expect(read()).toBeLessThan(PIECES / 3);
    // Another version takes over meanwhile; the one that gave the file goes on giving it.
    const given = on.assembled.gateway.version;
    await on.reload();
    expect(on.assembled.gateway.version).not.toBe(given);
    for await (const piece of response as AsyncIterable<Buffer>) {
      bytes += piece.length;
      hash.update(piece);
    }
    expect(bytes).toBe(PIECES * PIECE);
    const whole = createHash("sha256");
    for (let at = 0; at < PIECES; at++) whole.update(Buffer.alloc(PIECE, "ihala"));
    expect(hash.digest("hex")).toBe(whole.digest("hex"));
    expect(read()).toBe(PIECES);
  });

  it("that breaks off in the middle ends in a connection that is cut", async () => {
    await lengthen(3);
    const response = await begin();
    expect(response.statusCode).toBe(200);
    let bytes = 0;
    const reading = async () => {
      for await (const piece of response as AsyncIterable<Buffer>) bytes += piece.length;
    };
    await expect(reading()).rejects.toThrow("aborted");
    expect(bytes).toBeLessThanOrEqual(3 * PIECE);
    expect(response.complete).toBe(false);
    expect(on.lines.some((line) => line.includes('"reason":"cut"'))).toBe(true);
  });

  it("is cut when nothing is taken of its reader any more, by a version that was replaced meanwhile too", async () => {
    await lengthen(PIECES);
    const response = await begin();
    await on.reload();
    const pool = createPool({ url: on.databaseUrl("gateway") });
    const revocations = createRevocations(pool);
    const { staffId: staff } = on.cast.firstWithWork(EPC.role, addressOf("EPC"));
    const whom = { member: addressOf("EPC"), staff };
    const [piece] = (await once(response, "data")) as [Buffer];
    expect(piece.length).toBeGreaterThan(0);
    response.pause();
    try {
      await revocations.revoke(whom, "a test");
      await expect.poll(async () => (await get("/files/x", await headersOf(EPC, CASE))).status).toBe(401);
      const reading = async () => {
        for await (const _ of response as AsyncIterable<Buffer>);
      };
      await expect(reading()).rejects.toThrow("aborted");
    } finally {
      await revocations.lift(whom, "a test");
      await expect.poll(async () => (await get("/files/x", await headersOf(EPC, CASE))).status).toBe(404);
      await pool.end();
    }
  });

  it("that is longer than files may be is not begun", async () => {
    await lengthen(3);
    await inLedger((client) => client.query("update file set bytes = 1000000000 where ref = $1", [REF]));
    const { status, bytes } = await get(await linkFor(EPC, CASE), await headersOf(EPC, CASE));
    expect(status).toBe(502);
    expect(JSON.parse(bytes.toString())).toMatchObject({
      errors: [{ extensions: { code: "AGENCY_BAD_REPLY", agency: "EPC" } }],
    });
  });

  it("that is not there any more reads as any that is absent", async () => {
    const link = await linkFor(EPC, CASE);
    await lengthen(null);
    const { status, bytes } = await get(link, await headersOf(EPC, CASE));
    expect([status, JSON.parse(bytes.toString())]).toEqual([404, NOT_FOUND]);
  });
});

it("leaves no canary and no link in a line of the log, and none in a file", async () => {
  expect(on.lines.some((line) => line.includes('"reason":"complete"'))).toBe(true);
  expect(on.lines.filter((line) => canariesIn(line).size > 0 || /"\/files\//.test(line))).toEqual([]);
  const files = [...(await filesOf(on.directory))];
  expect(files.some(([name]) => name.includes("audit"))).toBe(true);
  expect(files.filter(([, text]) => canariesIn(text).size > 0).map(([name]) => name)).toEqual([]);
});
