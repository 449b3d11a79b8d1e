/**
 * Readers of `ihala serve` as they come and go: a user signs in at an issuer by a front end; a stream is over within a second when its
 * reader is revoked by the command, or when the token expires (A16).
 */
import { type ChildProcess, execFile } from "node:child_process";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { promisify } from "node:util";
import { createClient } from "graphql-ws";
import { decodeJwt } from "jose";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import WebSocket from "ws";
import type { Certificate } from "../support/certificates.ts";
import { type FrontEnd, frontEnd } from "../support/front-end.ts";
import type { IssuerClient } from "../support/oidc-issuer.ts";
import { MWPS, type Production, startProduction } from "../support/production.ts";
import { FLAGS, freePort, serve } from "../support/served.ts";

const secret = "a secret of the test alone, and of nobody else";
const claims = { roles: ["NGO.caseworker"], acr: "AAL2" };
const machine = (id: string, seconds?: number): IssuerClient => ({
  ...{ id, secret, binding: "mtls", claims },
  ...(seconds !== undefined && { seconds }),
});
const [revoked, staying, expiring] = [machine("mwps-1"), machine("mwps-2"), machine("mwps-3", 7)];
const portal: IssuerClient = {
  ...{ id: "portal", secret, binding: "dpop", claims: { roles: ["NGO.caseworker"] } },
  redirectUri: "https://portal.test/signed-in",
};
/** Trained for emergencies. */
const STAFF = "ngo-mwps-caseworker-3";
const QUERY = "subscription { breakGlassOpened { text { en } } }";

let around: Production;
let gateway: ChildProcess;
let url: string;
let shown: Certificate;
let front: FrontEnd;
const endings: (() => unknown)[] = [];

beforeAll(async () => {
  const port = await freePort();
  around = await startProduction(port, [revoked, staying, expiring, portal]);
  const identity = { ...(around.config["identity"] as object), clockToleranceSeconds: 0 };
  await around.write({ ...around.config, identity });
  url = `https://localhost:${port}/graphql`;
  shown = around.clientCa.issue("machine");
  front = await frontEnd(around.ca.certificate, shown);
  gateway = await serve(around.file, around.env);
});
afterAll(async () => {
  for (const end of endings) await end();
  front?.close();
  gateway?.kill("SIGKILL");
  await around?.close();
});

interface Stream {
  /** When it was over, milliseconds since the epoch. */
  readonly ended: Promise<number>;
  readonly isOver: () => boolean;
}

function streamOf(over: Promise<unknown>): Stream {
  let isOver = false;
  const ended = over.then(() => {
    isOver = true;
    return Date.now();
  });
  return { ended, isOver: () => isOver };
}

const tls = () => ({ ca: around.ca.certificate, cert: shown.certificate, key: shown.key });
const bearer = (token: string) => ({ authorization: `Bearer ${token}`, "x-purpose": "SHELTER_CARE" });

async function overSse(token: string): Promise<Stream> {
  const headers = { ...bearer(token), accept: "text/event-stream", "content-type": "application/json" };
  const asking = request(url, { ...tls(), method: "POST", headers });
  asking.on("error", () => {}).end(JSON.stringify({ query: QUERY }));
  endings.push(() => asking.destroy());
  const [response] = (await once(asking, "response")) as [IncomingMessage];
  expect(response.statusCode).toBe(200);
  response.on("error", () => {});
  return streamOf(once(response.resume(), "end").catch(() => {}));
}

async function overWebSocket(token: string): Promise<Stream> {
  const of = tls();
  class Secure extends WebSocket {
    constructor(address: string, protocols: string) {
      super(address, protocols, of);
    }
  }
  const address = url.replace("https", "wss");
  const client = createClient({
    ...{ url: address, webSocketImpl: Secure, connectionParams: bearer(token), retryAttempts: 0 },
  });
  endings.push(() => client.dispose());
  const connected = new Promise((resolve) => client.on("connected", resolve));
  const events = client.iterate({ query: QUERY });
  const over = events.next().catch(() => {});
  await connected;
  return streamOf(over);
}

const both = (token: string) => Promise.all([overSse(token), overWebSocket(token)]);
const aSecond = () => new Promise((resolve) => setTimeout(resolve, 1_000));

describe("a stream (A16)", () => {
  it("is over within a second of `ihala revoke`, over SSE and WebSocket, and another reader's goes on", async () => {
    const theirs = await both(await front.token(around.issuer, revoked));
    const others = await both(await front.token(around.issuer, staying));
    await aSecond();
    expect([...theirs, ...others].filter(({ isOver }) => isOver())).toEqual([]);
    const whom = ["--agency", "NGO", "--member", MWPS, "--staff", revoked.id];
    const args = [...FLAGS, "--config", around.file, "revoke", ...whom];
    await promisify(execFile)(process.execPath, args, { env: around.env });
    const ended = await Promise.all(theirs.map((one) => one.ended));
    const since = await revokedAt(revoked.id);
    for (const at of ended) expect(at - since).toBeLessThan(1_000);
    expect(others.filter(({ isOver }) => isOver())).toEqual([]);
    console.info(`over ${ended.map((at) => at - since).join(" and ")} ms after the revocation`);
  }, 60_000);

  it("is over within a second of its token's expiry", async () => {
    const token = await front.token(around.issuer, expiring);
    const expiry = (decodeJwt(token).exp ?? 0) * 1_000;
    const streams = await both(token);
    expect(Date.now()).toBeLessThan(expiry);
    expect(streams.filter(({ isOver }) => isOver())).toEqual([]);
    for (const { ended } of streams) {
      const late = (await ended) - expiry;
      expect(late).toBeGreaterThanOrEqual(-50);
      expect(late).toBeLessThan(1_000);
    }
  }, 60_000);
});

async function revokedAt(staff: string): Promise<number> {
  const client = new pg.Client({ connectionString: around.databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ revoked_at: Date }>(
    "select revoked_at from staff_revocation where staff = $1",
    [staff],
  );
  await client.end();
  return rows[0]?.revoked_at.getTime() ?? Number.NaN;
}

describe("a user who signs in at the issuer, by authorization code with PKCE", () => {
  const now = () => Math.floor(Date.now() / 1_000);
  const CASES = { query: "{ cases(first: 5) { edges { node { id } } } }" };
  const OPEN = `mutation($id: ID) { openBreakGlass(caseId: $id, justification: "the victim called and is in danger") {
    __typename ... on Forbidden { reason } ... on GuardFailed { guard } } }`;

  async function asking(
    purpose: string,
    question: object,
    signed: { acr?: string; atSeconds?: number } = {},
  ) {
    around.issuer.signIn({ staff: STAFF, acr: "AAL2", atSeconds: now(), ...signed });
    const token = await front.signedIn(around.issuer, portal);
    const proof = await front.proof(url, token);
    const headers = { authorization: `DPoP ${token}`, dpop: proof, "x-purpose": purpose };
    return { token, told: await front.ask(url, headers, question) };
  }

  it("is answered with a token that is bound to the front end's key, and not without a proof", async () => {
    const { token, told } = await asking("SHELTER_CARE", CASES);
    expect(told).toMatchObject({ status: 200 });
    expect(JSON.parse(told.text).errors).toBeUndefined();
    expect(decodeJwt(token)).toMatchObject({ sub: STAFF, client_id: portal.id, acr: "AAL2" });
    expect(await front.ask(url, bearer(token), CASES)).toMatchObject({ status: 401 });
  });

  it("is taken at the level that was proven: below that of the role there is no answer", async () => {
    expect((await asking("SHELTER_CARE", CASES, { acr: "AAL1" })).told).toMatchObject({ status: 401 });
  });

  it("is taken to have proven it when they did: emergency access wants that to be fresh", async () => {
    const { told } = await asking("SHELTER_CARE", CASES);
    const id = JSON.parse(told.text).data.cases.edges[0].node.id as string;
    const open = async (atSeconds: number): Promise<unknown> => {
      const question = { query: OPEN, variables: { id } };
      const { text } = (await asking("EMERGENCY_PROTECTION", question, { atSeconds })).told;
      return JSON.parse(text).data.openBreakGlass;
    };
    expect(await open(now() - 600)).not.toMatchObject({ __typename: "BreakGlassOpened" });
    expect(await open(now())).toMatchObject({ __typename: "BreakGlassOpened" });
  });
});
