/**
 * `npm run bench:identity`: what it costs to tell who asks, the stage called directly (docs/performance.md).
 *
 * In      tokens of about 600 characters, signed with ES256; a key of P-256 for proofs.
 * Out     a table: how many a second by the clock and by CPU, and CPU µs each, of a token that is known, one that is new, and one with a proof of possession; of
 *         ids sealed and opened.
 */
import { hash, randomBytes, randomUUID } from "node:crypto";
import { parseArgs } from "node:util";
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";
import type { Channel } from "../src/identity/channel.ts";
import { createVerifyProof } from "../src/identity/dpop.ts";
import { createKeySet } from "../src/identity/key-set.ts";
import { createProofMemory } from "../src/identity/proof-memory.ts";
import { createVerifyToken, type VerifyToken } from "../src/identity/token.ts";
import type { MemberAddress, Uid } from "../src/kernel/brands.ts";
import { systemClock } from "../src/kernel/clock.ts";
import { openId, sealId } from "../src/kernel/sealed-id.ts";
import { usageMeter } from "./usage.ts";

const { values: options } = parseArgs({ options: { seconds: { type: "string", default: "3" } } });

const ISSUER = "https://issuer.test";
const AUDIENCE = "https://gateway.test/graphql";
const RULES = { audience: AUDIENCE, clockToleranceSeconds: 60, maxTokenSeconds: 600 };
/** Tokens in use at a time, of as many readers. */
const READERS = 1_000;
const PREPARED = 3_000;
const meter = usageMeter();
let beganAt = 0;

/** What came before is not counted. */
function begin(): void {
  beganAt = performance.now();
  meter.begin();
}

async function keyPair(kid: string) {
  const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
  const jwk: JWK = { ...(await exportJWK(publicKey)), kid };
  return { privateKey, jwk };
}

const issuer = await keyPair("1");
const holder = await keyPair("2");
const jkt = await calculateJwkThumbprint(holder.jwk);

const mint = (): Promise<string> =>
  new SignJWT({ client_id: "mwps", roles: ["NGO.caseworker"], acr: "AAL2", cnf: { jkt } })
    .setProtectedHeader({ alg: "ES256", kid: "1", typ: "at+jwt" })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setSubject("ngo-mwps-caseworker-1")
    .setJti(randomUUID())
    .setIssuedAt()
    .setExpirationTime("10m")
    .sign(issuer.privateKey);

const prove = (token: string): Promise<string> =>
  new SignJWT({ htm: "POST", htu: AUDIENCE, ath: hash("sha256", token, "base64url") })
    .setProtectedHeader({ typ: "dpop+jwt", alg: "ES256", jwk: holder.jwk })
    .setJti(randomUUID())
    .setIssuedAt()
    .sign(holder.privateKey);

const many = <Thing>(count: number, make: () => Promise<Thing>): Promise<Thing[]> =>
  Promise.all(Array.from({ length: count }, make));

function newStage(): VerifyToken {
  const keySet = createKeySet({ read: async () => ({ keys: [issuer.jwk] }), freshMs: 300_000 }, systemClock);
  return createVerifyToken(new Map([[ISSUER, keySet]]), RULES, systemClock);
}

async function known(): Promise<number> {
  const verify = newStage();
  const tokens = await many(READERS, mint);
  // Twice: what is verified before the keys have been read is verified again.
  for (const token of [...tokens, ...tokens]) await verify(token);
  begin();
  const until = beganAt + Number(options.seconds) * 1_000;
  let count = 0;
  while (performance.now() < until)
    for (const token of tokens) {
      if (verify(token) instanceof Promise) throw new Error("the token is not known");
      count += 1;
    }
  return count;
}

async function fresh(): Promise<number> {
  const tokens = await many(PREPARED, mint);
  const verify = newStage();
  begin();
  for (const token of tokens) await verify(token);
  return tokens.length;
}

async function proven(): Promise<number> {
  const token = await mint();
  const proofs = await many(PREPARED, () => prove(token));
  const remember = createProofMemory(70_000, systemClock);
  const verify = createVerifyProof({ maxAgeSeconds: 60, nonces: null, remember }, systemClock);
  begin();
  for (const proof of proofs) {
    const channel: Channel = { method: "POST", url: AUDIENCE, certificate: null };
    await verify({ scheme: "dpop", token, proof, channel }, jkt);
  }
  return proofs.length;
}

const IDS = 20_000;
const MEMBER = "BH/NGO/MWPS/assist" as MemberAddress;
const keys = { current: randomBytes(32) };
const uids = Array.from({ length: IDS }, () => randomUUID() as Uid);

/** Sealed ids that are known cost a look-up: each is sealed once. */
async function sealing(): Promise<number> {
  begin();
  for (const uid of uids) sealId(keys, MEMBER, "Person", uid);
  return uids.length;
}

async function opening(): Promise<number> {
  const sealed = uids.map((uid) => sealId(keys, MEMBER, "Person", uid));
  begin();
  for (const id of sealed) if (openId(keys, MEMBER, id) === null) throw new Error("an id did not open");
  return sealed.length;
}

async function row(name: string, run: () => Promise<number>): Promise<string> {
  const count = await run();
  const seconds = (performance.now() - beganAt) / 1_000;
  const cpuUs = meter.end().cpuUs / count;
  return `| ${name} | ${Math.round(count / seconds)} | ${Math.round(1e6 / cpuUs)} | ${cpuUs.toFixed(2)} |`;
}

process.stdout.write("| what is done | a second | a CPU second | CPU µs |\n|---|--:|--:|--:|\n");
for (const [name, run] of [
  ["a token that is known", known],
  ["a token that is new", fresh],
  ["a proof of possession", proven],
  ["an id that is sealed", sealing],
  ["an id that is opened", opening],
] as const)
  process.stdout.write(`${await row(name, run)}\n`);
