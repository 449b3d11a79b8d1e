/**
 * What tests of recorded statements ask and read: links to recordings, and the bytes behind them. Each file of tests has a deployment of
 * its own, whose gateway's clock the tests move.
 */

import pg from "pg";
import { afterAll, beforeAll, beforeEach, expect } from "vitest";
import type { CastName } from "../../sandbox/synth/cast-script.ts";
import { addressOf } from "../../sandbox/synth/members.ts";
import { recording } from "../../sandbox/synth/recording.ts";
import { createPool } from "../../src/connectors/pg-pool.ts";
import { createRevocations } from "../../src/connectors/revocations.ts";
import { canariesIn, filesOf } from "./canaries.ts";
import { type Deployment, type Reader, startDeployment } from "./deployment.ts";

export const QUESTION = "query($id: ID!) { case(id: $id) { statements { recordingRef } } }";
export const EPC: Reader = { role: "EPC.caseWorker", purpose: "SHELTER_CARE" };
export const CASE = "ngoGiven" satisfies CastName;
export const NOT_FOUND = {
  errors: [{ message: "there is no such file", extensions: { code: "FILE_NOT_FOUND" } }],
};

export interface Got {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
}
type Sent = Readonly<Record<string, string>>;

export interface Recordings {
  readonly on: Deployment;
  contentOf(name: CastName): ReturnType<typeof contentIn>;
  soundOf(name: CastName): Buffer;
  /** As the reader's question is answered now. */
  linkFor(reader: Reader, name: CastName): Promise<string>;
  headersOf(reader: Reader, name: CastName): Promise<Sent>;
  get(link: string, headers: Sent, url?: string, method?: string): Promise<Got>;
  /** Nothing is found, and nobody was asked. */
  isAbsent(link: string, headers: Sent, url?: string): Promise<void>;
  inLedger<Result>(work: (client: pg.Client) => Promise<Result>): Promise<Result>;
  /** While nothing is taken of who reads at the EPC. */
  whileRevoked(work: () => Promise<void>): Promise<void>;
  /** No canary and no link is in a line of the log, and none in a file of the gateway's. */
  leavesNothing(): Promise<void>;
}

/** `clock`: by how much the gateway's is ahead; set to nothing before each test. */
export function withRecordings(clock: { skewMs: number } = { skewMs: 0 }): Recordings {
  let started: Deployment | null = null;
  const at = (): Deployment => started ?? expect.fail("the deployment does not run yet");
  beforeAll(async () => {
    started = await startDeployment({ clock: { now: () => Date.now() + clock.skewMs } });
  });
  afterAll(() => started?.close());
  beforeEach(() => {
    clock.skewMs = 0;
  });

  const contentOf: Recordings["contentOf"] = (name) => contentIn(at(), name);
  const headersOf: Recordings["headersOf"] = async (reader, name) => ({
    authorization: `Bearer ${await at().token(reader)}`,
    "x-purpose": reader.purpose,
    "x-issue": at().idFor(reader, "Case", at().cast.cases[name].uid),
  });
  const get: Recordings["get"] = async (link, headers, url = at().url, method = "GET") => {
    const response = await fetch(`${url}${link}`, { method, headers });
    const bytes = Buffer.from(await response.arrayBuffer());
    return { status: response.status, headers: response.headers, bytes };
  };
  return {
    get on() {
      return at();
    },
    ...{ contentOf, headersOf, get },
    soundOf(name) {
      const { statements, index } = contentOf(name);
      return recording(statements[0]?.recordingTitle ?? expect.fail("no recording"), index);
    },
    async linkFor(reader, name) {
      const { uid } = at().cast.cases[name];
      const id = at().idFor(reader, "Case", uid);
      const reply = await at().ask({ issue: { uid }, ...reader }, QUESTION, { id });
      const { case: found } = reply.data as { case: { statements: { recordingRef: string }[] } };
      return found.statements[0]?.recordingRef ?? expect.fail(reply.text);
    },
    async isAbsent(link, headers, url) {
      const { result, calls } = await at().watch(() => get(link, headers, url));
      expect(result.status).toBe(404);
      expect(JSON.parse(result.bytes.toString())).toEqual(NOT_FOUND);
      expect(calls).toEqual({});
    },
    async inLedger(work) {
      const client = new pg.Client({ connectionString: at().databaseUrl("ledger") });
      await client.connect();
      return work(client).finally(() => client.end());
    },
    async whileRevoked(work) {
      const pool = createPool({ url: at().databaseUrl("gateway") });
      const revocations = createRevocations(pool);
      const member = addressOf("EPC");
      const whom = { member, staff: at().cast.firstWithWork(EPC.role, member).staffId };
      const headers = await headersOf(EPC, CASE);
      const becomes = (status: number) =>
        expect.poll(async () => (await get("/files/x", headers)).status).toBe(status);
      try {
        await revocations.revoke(whom, "a test");
        await becomes(401);
        await work();
      } finally {
        await revocations.lift(whom, "a test");
        await becomes(404);
        await pool.end();
      }
    },
    async leavesNothing() {
      const { lines, directory } = at();
      expect(lines.some((line) => line.includes('"reason":"complete"'))).toBe(true);
      expect(lines.filter((line) => canariesIn(line).size > 0 || /"\/files\//.test(line))).toEqual([]);
      const files = [...(await filesOf(directory))];
      expect(files.some(([name]) => name.includes("audit"))).toBe(true);
      expect(files.filter(([, text]) => canariesIn(text).size > 0).map(([name]) => name)).toEqual([]);
    },
  };
}

const contentIn = ({ world, cast }: Deployment, name: CastName) =>
  [...world.epc.content].find(({ uid }) => uid === cast.cases[name].uid) ?? expect.fail(name);
