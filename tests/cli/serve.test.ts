/**
 * `ihala serve` as the process that operators start, against agencies, ledger, database and issuer that the configuration names, over
 * its own TLS.
 */
import { type ChildProcess, execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";
import { blocksOf } from "../docs/blocks.ts";
import { type FrontEnd, frontEnd } from "../support/front-end.ts";
import { type IssuerClient, signingKey } from "../support/oidc-issuer.ts";
import { MWPS, type Production, startProduction } from "../support/production.ts";
import { FLAGS, fingerprintOf, freePort, serve } from "../support/served.ts";

const CASES = { query: "{ cases(first: 20) { edges { node { id nrmNumber } } } }" };
/** One case, of the ledger, with what its victim was given, of the society's own register, found by the link table. */
const VICTIM =
  "query Victim($n: CaseNumber!) { case(nrmNumber: $n) { stage victim { assistance { kind } } } }";
const REFUSED = {
  status: 401,
  text: '{"errors":[{"message":"a valid access token is required","extensions":{"code":"UNAUTHENTICATED"}}]}',
};

const claims = { roles: ["NGO.caseworker"], acr: "AAL2" };
const clientOf = (binding: IssuerClient["binding"]): IssuerClient => ({
  ...{ id: `mwps-${binding}`, secret: "a secret of the test alone, and of nobody else", binding, claims },
});
const [dpop, mtls] = [clientOf("dpop"), clientOf("mtls")];

let around: Production;
let gateway: ChildProcess;
let url: string;
let front: FrontEnd;
let machine: FrontEnd;
let log = "";

beforeAll(async () => {
  const port = await freePort();
  around = await startProduction(port, [dpop, mtls]);
  url = `https://localhost:${port}/graphql`;
  front = await frontEnd(around.ca.certificate);
  machine = await frontEnd(around.ca.certificate, around.clientCa.issue("machine"));
  gateway = await start();
});
afterAll(async () => {
  for (const client of [front, machine]) client?.close();
  gateway?.kill("SIGKILL");
  await around?.close();
});

const start = (): Promise<ChildProcess> =>
  serve(around.file, around.env, (chunk) => {
    log += chunk;
  });

const bound = async (question: object = CASES, of = front) => {
  const token = await of.token(around.issuer, dpop);
  return of.ask(url, await proven(token, of), question);
};
const proven = async (token: string, by = front) => ({
  ...{ authorization: `DPoP ${token}`, dpop: await by.proof(url, token) },
  "x-purpose": "SHELTER_CARE",
});
const bearer = (token: string) => ({ authorization: `Bearer ${token}`, "x-purpose": "SHELTER_CARE" });

describe("ihala serve", () => {
  it("answers a front end that proves its key, from agencies and ledger that are named", async () => {
    const told = await bound();
    expect(told).toMatchObject({ status: 200 });
    expect(told.headers["x-ihala-mode"]).toBeUndefined();
    const { edges } = JSON.parse(told.text).data.cases as {
      edges: { node: { id: string; nrmNumber: string | null } }[];
    };
    const given: unknown[] = [];
    for (const { node } of edges) {
      if (node.nrmNumber === null) continue;
      const token = await front.token(around.issuer, dpop);
      const headers = { ...(await proven(token)), "x-issue": node.id };
      const one = await front.ask(url, headers, { query: VICTIM, variables: { n: node.nrmNumber } });
      expect(one.status).toBe(200);
      const { data, errors } = JSON.parse(one.text);
      expect(errors).toBeUndefined();
      given.push(...(data.case?.victim?.assistance ?? []));
    }
    expect(given).toContainEqual({ kind: expect.any(String) });
    expect(around.agencies.rest[MWPS]?.journal.entries.length).toBeGreaterThan(0);
  });

  it("answers a machine that shows its certificate", async () => {
    const token = await machine.token(around.issuer, mtls);
    expect(await machine.ask(url, bearer(token), CASES)).toMatchObject({ status: 200 });
    expect(await front.ask(url, bearer(token), CASES)).toMatchObject(REFUSED);
  });

  it("is signed in to as docs/identity.md shows, in JavaScript and by curl, and prints what it shows", async () => {
    const blocks = blocksOf(await readFile(join(PACKAGE_ROOT, "docs/identity.md"), "utf8"));
    const [js, fromJs, sh, fromSh] = blocks.filter(({ language }) => ["js", "json", "sh"].includes(language));
    const folder = await mkdtemp(join(tmpdir(), "ihala-machine-"));
    const { certificate, key } = around.clientCa.issue("machine");
    await writeFile(join(folder, "machine.pem"), certificate);
    await writeFile(join(folder, "machine.key"), key);
    const env = (client: IssuerClient) => ({
      ...{ ...around.env, TOKEN_URL: around.issuer.tokenUrl, GATEWAY_URL: url },
      ...{ CLIENT_ID: client.id, CLIENT_SECRET: client.secret },
      CURL_CA_BUNDLE: around.env["NODE_EXTRA_CA_CERTS"],
    });
    const run = promisify(execFile);
    const module = ["--input-type=module", "-e", js?.text ?? ""];
    const ran = await run(process.execPath, module, { env: env(dpop), cwd: PACKAGE_ROOT });
    expect(ran.stdout.trim()).toBe(fromJs?.text.trim());
    const curled = await run("bash", ["-c", sh?.text ?? ""], { env: env(mtls), cwd: folder });
    expect(curled.stdout.trim()).toBe(fromSh?.text.trim());
  });

  it("takes a bound token neither as Bearer, nor with a stranger's proof, nor with one that was seen", async () => {
    const token = await front.token(around.issuer, dpop);
    expect(await front.ask(url, bearer(token), CASES)).toMatchObject(REFUSED);
    expect(await front.ask(url, await proven(token, machine), CASES)).toMatchObject(REFUSED);
    const headers = await proven(token);
    expect(await front.ask(url, headers, CASES)).toMatchObject({ status: 200 });
    const again = await front.ask(url, headers, CASES);
    expect(again).toMatchObject(REFUSED);
    expect(again.headers["www-authenticate"]).toBe('DPoP algs="PS256 ES256 EdDSA", Bearer');
  });

  it("fails no request while the issuer's key rolls", async () => {
    const old = await front.token(around.issuer, dpop);
    const kept = await signingKey("second");
    around.issuer.publish([kept]);
    const statuses = new Set(
      (await Promise.all(Array.from({ length: 10 }, () => bound()))).map(({ status }) => status),
    );
    expect(statuses).toEqual(new Set([200]));
    // The old key is published no more: its tokens are those of nobody.
    expect(await front.ask(url, await proven(old), CASES)).toMatchObject(REFUSED);
  });

  it("takes up a renewed certificate on SIGHUP, and fails nobody meanwhile", async () => {
    const renewed = around.ca.issue("localhost");
    let isOver = false;
    const statuses = new Set<number>();
    const load = (async () => {
      while (!isOver) statuses.add((await bound()).status);
    })();
    await around.renew(renewed);
    gateway.kill("SIGHUP");
    await vi.waitUntil(async () => (await fingerprintOf(url, around.ca.certificate)) === renewed.thumbprint, {
      timeout: 20_000,
    });
    isOver = true;
    await load;
    expect(statuses).toEqual(new Set([200]));
  });

  it("refuses a configuration that must not serve production when it is read again, and stays as it is", async () => {
    const { config } = around;
    const identity = config["identity"] as { issuers: { clients: object }[] };
    const clients = { [dpop.id]: { member: MWPS, binding: "bearer" } };
    await around.write({
      ...config,
      identity: { ...identity, issuers: [{ ...identity.issuers[0], clients }] },
    });
    gateway.kill("SIGHUP");
    const standing = async () => (await front.get(url.replace("/graphql", "/readyz"))).text;
    await vi.waitUntil(async () => (await standing()).includes("PRODUCTION_REFUSED"), { timeout: 20_000 });
    const second = { ...identity.issuers[0], issuer: "https://second.test" };
    await around.write({ ...config, identity: { ...identity, issuers: [...identity.issuers, second] } });
    gateway.kill("SIGHUP");
    await vi.waitUntil(async () => (await standing()).includes("CONFIG_INVALID"), { timeout: 20_000 });
    expect(log).toContain(`has two issuers, \`${around.issuer.url}\` and \`https://second.test\``);
    await around.write(config);
    expect((await bound()).status).toBe(200);
  });

  const ihala = async (...command: string[]): Promise<string> => {
    const args = [...FLAGS, "--config", around.file, ...command];
    return (await promisify(execFile)(process.execPath, args, { env: around.env })).stdout;
  };

  it("takes nothing of who is revoked, from the next request on, until it is taken back", async () => {
    const revoke = (...more: string[]) =>
      ihala("revoke", "--agency", "NGO", "--member", MWPS, "--staff", dpop.id, ...more);
    const token = await front.token(around.issuer, dpop);
    const ask = async () => front.ask(url, await proven(token), CASES);
    expect(await ask()).toMatchObject({ status: 200 });
    expect(await revoke()).toBe(`\`${dpop.id}\` at \`${MWPS}\`: revoked\n`);
    expect(await ask()).toMatchObject(REFUSED);
    expect(await bound()).toMatchObject(REFUSED);
    const other = await machine.token(around.issuer, mtls);
    expect(await machine.ask(url, bearer(other), CASES)).toMatchObject({ status: 200 });
    expect(await revoke()).toContain("was revoked already");
    expect(await revoke("--lift")).toContain("may ask again");
    expect(await ask()).toMatchObject({ status: 200 });
    expect(await revoke("--lift")).toContain("was not revoked");
  });

  it("takes nothing of a member that is suspended, also after a restart, until it is resumed", async () => {
    const whom = ["NGO", "--member", MWPS];
    const listed = async () =>
      (await ihala("agency", "list")).split("\n").filter((line) => line.includes(MWPS));
    expect(await listed()).toEqual([`NGO  rest  ${MWPS}`]);
    expect(await ihala("agency", "suspend", ...whom, "--reason", "its front end was broken into")).toBe(
      `\`${MWPS}\`: suspended\n`,
    );
    expect(await bound()).toMatchObject(REFUSED);
    expect((await front.get(url.replace("/graphql", "/readyz"))).text).toContain("\nsuspended NGO in part\n");
    expect(await listed()).toEqual([
      expect.stringMatching(
        /^NGO {2}rest {2}\S+ {2}suspended {2}20\S+Z {2}by \S+ {2}its front end was broken into$/,
      ),
    ]);
    gateway.kill("SIGTERM");
    await once(gateway, "exit");
    gateway = await start();
    expect(await bound()).toMatchObject(REFUSED);
    expect(await ihala("agency", "suspend", ...whom)).toContain("was suspended already");
    expect(await ihala("agency", "resume", "NGO")).toBe(
      `NGO: was not suspended\n\`${MWPS}\` is suspended still\n`,
    );
    expect(await ihala("agency", "resume", ...whom)).toBe(`\`${MWPS}\`: resumed\n`);
    expect((await bound()).status).toBe(200);
    await expect(ihala("agency", "suspend", "NGOO")).rejects.toMatchObject({
      stderr: expect.stringContaining("there is no agency `NGOO` (did you mean `NGO`?)"),
    });
  });

  it("has another directory for itself, and keeps agencies' half of its key there", async () => {
    const run = promisify(execFile)(process.execPath, [...FLAGS, "--config", around.file, "serve"], {
      env: { ...around.env, PORT: String(await freePort()) },
    });
    await expect(run).rejects.toMatchObject({ stderr: expect.stringContaining("[DATA_DIRECTORY_IN_USE]") });
    const jwks = await readFile(join(String(around.config["data"]), "outbound/jwks.json"), "utf8");
    expect(JSON.parse(jwks).keys[0]).toMatchObject({ kty: "OKP", crv: "Ed25519", use: "sig" });
    expect(jwks).not.toContain('"d"');
  });

  it("stops on SIGTERM with status 0; no token is in the lines of its log", async () => {
    const ended = once(gateway, "exit");
    gateway.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
    expect(log).toContain('"request.refused"');
    expect(log).not.toMatch(/eyJ[A-Za-z0-9_-]{20,}/);
    gateway = await start();
    expect((await bound()).status).toBe(200);
  });
});
