/** Using a link to a recorded statement: it is decided again, and a long recording is streamed as its reader takes it, or cut. */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { CastName } from "../../sandbox/synth/cast-script.ts";
import { addressOf } from "../../sandbox/synth/members.ts";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";
import type { Reader } from "../support/deployment.ts";
import { CASE, EPC, NOT_FOUND, withRecordings } from "../support/recordings.ts";

const PPO: Reader = { role: "PPO.prosecutor", purpose: "PROSECUTION" };
const PROSECUTION = addressOf("PPO");
const TRIED = "trialProtected" satisfies CastName;

const of = withRecordings();
const { contentOf, soundOf, linkFor, headersOf, get, inLedger, whileRevoked } = of;

describe("decided again when the link is used", () => {
  it("is not given when the referral was revoked meanwhile, and that is recorded", async () => {
    const link = await linkFor(PPO, TRIED);
    const headers = await headersOf(PPO, TRIED);
    const { uid } = of.on.cast.cases[TRIED];
    await inLedger((client) =>
      client.query("update referral set status = 'REVOKED' where case_uid = $1 and status = 'ACCEPTED'", [
        uid,
      ]),
    );
    try {
      const { result, ledger } = await of.on.watch(() => get(link, headers));
      expect(result.status).toBe(404);
      expect(JSON.parse(result.bytes.toString())).toEqual(NOT_FOUND);
      expect(ledger.filter(({ subgraph }) => subgraph === "files")).toEqual([]);
      expect((await of.on.records()).at(-1)).toMatchObject({ file: true, role: PPO.role, subjects: [] });
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
    const { uid } = of.on.cast.cases[TRIED];
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
      const { result, ledger } = await of.on.watch(() => get(link, headers));
      expect(result.status).toBe(404);
      expect(ledger.filter(({ subgraph }) => subgraph === "files")).toEqual([]);
      expect((await of.on.records()).at(-1)).toMatchObject({ file: true, subjects: [], refusals: { R3: 1 } });
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
    const before = of.on.config;
    const file = join(policies, "epc", "case.cedar");
    const text = await readFile(file, "utf8");
    await writeFile(file, text.replace(', Action::"VICTIM_STATEMENT:clear"', ""));
    await of.on.reload({ ...before, policy: { ...before.policy, directory: policies } });
    try {
      const { result, ledger } = await of.on.watch(async () => get(link, await headersOf(EPC, CASE)));
      expect(result.status).toBe(404);
      expect(ledger.filter(({ subgraph }) => subgraph === "files")).toEqual([]);
    } finally {
      await of.on.reload(before);
      await rm(policies, { recursive: true });
    }
    expect((await get(await linkFor(EPC, CASE), await headersOf(EPC, CASE))).status).toBe(200);
  });

  it("is not given to one whose tokens are taken no more", async () => {
    const link = await linkFor(EPC, CASE);
    const headers = await headersOf(EPC, CASE);
    await whileRevoked(async () => {
      const { result, calls } = await of.on.watch(() => get(link, headers));
      expect([result.status, calls]).toEqual([401, {}]);
    });
    expect((await get(link, headers)).status).toBe(200);
  });
});

describe("a long recording", () => {
  const PIECES = 96;
  const PIECE = 1_048_576;
  const REF = "rec-long";

  /** The recording of a case becomes one of 96 MB, of which so many are there; with null there is none. */
  const lengthen = (stored: number | null) =>
    inLedger(async (client) => {
      const { uid } = of.on.cast.cases[CASE];
      await client.query("delete from file_piece where ref = $1", [REF]);
      await client.query("delete from file where ref = $1", [REF]);
      if (stored === null) return;
      await client.query("insert into file values ($1, $2, 'audio/wav', $3)", [REF, uid, PIECES * PIECE]);
      const piece = Buffer.alloc(PIECE, "ihala");
      for (let at = 0; at < stored; at++)
        await client.query("insert into file_piece values ($1, $2, $3)", [REF, at, piece]);
      await client.query("update victim_statement set recording_ref = $2 where case_uid = $1", [uid, REF]);
    });

  const read = (): number =>
    of.on.ledger.journal.statements.filter((sql) => sql.includes("file_piece")).length;

  async function begin() {
    const headers = await headersOf(EPC, CASE);
    const link = await linkFor(EPC, CASE);
    of.on.ledger.journal.clear();
    const asking = httpRequest(`${of.on.url}${link}`, { headers }).end();
    const [response] = await once(asking, "response");
    return response as IncomingMessage;
  }

  afterAll(async () => {
    await inLedger((client) =>
      client.query("update victim_statement set recording_ref = $2 where case_uid = $1", [
        of.on.cast.cases[CASE].uid,
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
    const given = of.on.assembled.gateway.version;
    await of.on.reload();
    expect(of.on.assembled.gateway.version).not.toBe(given);
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
    expect(of.on.lines.some((line) => line.includes('"reason":"cut"'))).toBe(true);
  });

  it("is cut when nothing is taken of its reader any more, by a version that was replaced meanwhile too", async () => {
    await lengthen(PIECES);
    const response = await begin();
    await of.on.reload();
    const [piece] = (await once(response, "data")) as [Buffer];
    expect(piece.length).toBeGreaterThan(0);
    response.pause();
    await whileRevoked(async () => {
      const reading = async () => {
        for await (const _ of response as AsyncIterable<Buffer>);
      };
      await expect(reading()).rejects.toThrow("aborted");
    });
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

it("leaves no canary and no link in a line of the log, and none in a file", of.leavesNothing);
