import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openDisclosureLog } from "../../src/audit/log.ts";
import { type NoteVerifier, noteSigner, openNote, parseVerifier } from "../../src/audit/note.ts";
import { proveGrowth } from "../../src/audit/prove.ts";
import { verifyLog } from "../../src/audit/verify.ts";
import { Witness } from "../../src/audit/witness.ts";
import { startWitnessServer, type WitnessServer } from "../../src/audit/witness-server.ts";
import { ANSWER, disclosure, logDirectory, openLog, protectionOf } from "./disclosures.ts";

const signer = noteSigner("audit.example/w1", Buffer.alloc(32, 7), "witness");
const NOW = Date.parse("2026-11-25T08:00:00Z");

/** Appends so many records and closes. */
async function grow(directory: string, readers: readonly string[]): Promise<void> {
  const log = await openLog(directory);
  for (const reader of readers) await log.append(disclosure(reader), ANSWER);
  await log.close();
}

async function keyOf(directory: string): Promise<NoteVerifier> {
  return parseVerifier(await readFile(join(directory, "log.vkey"), "utf8"))!;
}

let directory: string;
let state: string;
let witness: Witness;
let logKey: NoteVerifier;

const newWitness = () => new Witness({ signer, logs: [logKey], directory: state, now: () => NOW });

beforeEach(async () => {
  directory = await logDirectory();
  state = await mkdtemp(join(tmpdir(), "ihala-witness-"));
  await grow(directory, ["a", "b", "c"]);
  logKey = await keyOf(directory);
  witness = newWitness();
});
afterEach(() => rm(state, { recursive: true }));

describe("a witness", () => {
  it("cosigns a first checkpoint, and each that grew out of the last", async () => {
    const first = await witness.addCheckpoint(await proveGrowth(directory, 0));
    expect(first.status).toBe(200);
    const note = await readFile(join(directory, "checkpoint"), "utf8");
    expect(openNote(note + first.text, [logKey, signer])?.signedBy).toEqual([logKey, signer]);
    await grow(directory, ["d", "e"]);
    expect((await witness.addCheckpoint(await proveGrowth(directory, 3))).status).toBe(200);
    expect((await newWitness().addCheckpoint(await proveGrowth(directory, 5))).status).toBe(200);
  });

  it("says what it cosigned last to those who do not know", async () => {
    await witness.addCheckpoint(await proveGrowth(directory, 0));
    await grow(directory, ["d"]);
    expect(await newWitness().addCheckpoint(await proveGrowth(directory, 0))).toEqual({
      status: 409,
      text: "3\n",
    });
  });

  it("does not cosign a fork, whatever it claims", async () => {
    await witness.addCheckpoint(await proveGrowth(directory, 0));
    const fork = await logDirectory();
    await grow(fork, ["a", "b", "x", "d", "e"]);
    expect((await keyOf(fork)).vkey).toBe(logKey.vkey);
    expect((await witness.addCheckpoint(await proveGrowth(fork, 3))).status).toBe(422);
    expect((await witness.addCheckpoint(await proveGrowth(fork, 0))).status).toBe(409);
    const same = await logDirectory();
    await grow(same, ["x", "y", "z"]);
    expect((await witness.addCheckpoint(await proveGrowth(same, 3))).status).toBe(409);
    await grow(directory, ["d"]);
    expect((await witness.addCheckpoint(await proveGrowth(directory, 3))).status).toBe(200);
  });

  it("does not cosign a log that was rolled back", async () => {
    const before = await logDirectory();
    await cp(directory, before, { recursive: true });
    await grow(directory, ["d"]);
    await witness.addCheckpoint(await proveGrowth(directory, 0));
    expect(await witness.addCheckpoint(await proveGrowth(before, 3))).toEqual({ status: 409, text: "4\n" });
  });

  it("refuses logs that it does not watch, and checkpoints that the log did not sign", async () => {
    const body = await proveGrowth(directory, 0);
    const stranger = new Witness({ signer, logs: [signer], directory: state, now: () => NOW });
    expect((await stranger.addCheckpoint(body)).status).toBe(404);
    expect((await witness.addCheckpoint(body.replace(/(— \S+ ).*/, "$1AAAAAAAA"))).status).toBe(403);
    expect(await readdir(state)).toEqual([]);
  });

  it.each([
    ["nothing", () => ""],
    ["no old size", (body: string) => body.replace("old 0", "older 0")],
    ["a larger old size", (body: string) => body.replace("old 0", "old 4")],
    ["a proof that is no base64", (body: string) => body.replace("old 0\n", "old 0\n???\n")],
    ["too long a proof", (body: string) => body.replace("old 0\n", `old 0\n${"AAAA\n".repeat(64)}`)],
    ["no checkpoint", (body: string) => body.slice(0, body.indexOf("\n\n") + 2)],
  ])("refuses a body with %s", async (_, change) => {
    expect((await witness.addCheckpoint(change(await proveGrowth(directory, 0)))).status).toBe(400);
  });

  it("refuses a proof where none is wanted", async () => {
    const body = (await proveGrowth(directory, 0)).replace("old 0\n", `old 0\n${"A".repeat(43)}=\n`);
    expect((await witness.addCheckpoint(body)).status).toBe(422);
  });

  it("cosigns nothing once what it kept is damaged", async () => {
    await witness.addCheckpoint(await proveGrowth(directory, 0));
    const [name = ""] = await readdir(state);
    await writeFile(join(state, name), "hello");
    await expect(witness.addCheckpoint(await proveGrowth(directory, 3))).rejects.toThrow("damaged");
  });

  it("cosigns one of two checkpoints that arrive together, and the other afterwards", async () => {
    const small = await proveGrowth(directory, 0);
    await grow(directory, ["d"]);
    const large = await proveGrowth(directory, 0);
    const replies = await Promise.all([large, small].map((body) => witness.addCheckpoint(body)));
    expect(replies.map(({ status }) => status)).toEqual([200, 409]);
  });
});

describe("a log with a witness", () => {
  let server: WitnessServer;
  beforeEach(async () => {
    server = await startWitnessServer(witness, { host: "127.0.0.1", port: 0 });
  });
  afterEach(() => server.close());

  const protection = (url: string) => ({
    ...protectionOf(directory),
    checkpointMs: 20,
    witness: { url, verifier: signer },
  });
  const problems = async () => (await verifyLog(directory, { log: logKey, witnesses: [signer] })).problems;

  it("has its checkpoints cosigned as it grows, and the last one when it closes", async () => {
    const log = await openDisclosureLog(directory, { protection: protection(server.url) });
    for (const reader of ["d", "e"]) {
      await log.append(disclosure(reader), ANSWER);
      await expect.poll(problems).toEqual([]);
    }
    await log.append(disclosure("f"), ANSWER);
    await log.close();
    expect(await verifyLog(directory, { log: logKey, witnesses: [signer] })).toMatchObject({
      signed: 6,
      problems: [],
    });
    const again = await openDisclosureLog(directory, { protection: protection(server.url) });
    await again.close();
    expect(await problems()).toEqual([]);
  });

  it("goes on without its cosignature when the witness is of another opinion", async () => {
    const fork = await logDirectory();
    await grow(fork, ["x", "y", "z", "u"]);
    await witness.addCheckpoint(await proveGrowth(fork, 0));
    const log = await openDisclosureLog(directory, { protection: protection(server.url) });
    expect(await log.append(disclosure("d"), ANSWER)).toEqual({ sequence: 4 });
    await log.close();
    expect(await problems()).toEqual(["`checkpoint` is not cosigned by audit.example/w1"]);
  });

  it.each([
    ["is away", async () => ({ url: "http://127.0.0.1:9", close: () => {} })],
    ["answers nonsense", () => answering("— audit.example/w1 nonsense\n")],
    ["says too much", () => answering("x".repeat(40_000))],
    ["never answers", silent],
  ])("is not stopped or delayed by a witness that %s", async (_, start) => {
    const { url, close } = await start();
    const log = await openDisclosureLog(directory, { protection: protection(url) });
    const began = performance.now();
    for (let i = 0; i < 5; i += 1) await log.append(disclosure("d"), ANSWER);
    await new Promise((end) => setTimeout(end, 100));
    await log.append(disclosure("d"), ANSWER);
    expect(performance.now() - began).toBeLessThan(1_900);
    await log.close();
    close();
    expect(await verifyLog(directory)).toMatchObject({ signed: 9, problems: [] });
    expect(await problems()).toEqual(["`checkpoint` is not cosigned by audit.example/w1"]);
  });

  it("talks to nothing but add-checkpoint", async () => {
    const status = async (path: string, init: RequestInit = {}) =>
      (await fetch(server.url + path, init)).status;
    expect(await status("/")).toBe(404);
    expect(await status("/add-checkpoint")).toBe(405);
    const post = (body: string) => status("/add-checkpoint", { method: "POST", body });
    expect(await post("hello")).toBe(400);
    expect(await post("x".repeat(70_000))).toBe(413);
  });
});

async function answering(text: string) {
  const server = createServer((_, response) => response.end(text)).listen(0, "127.0.0.1");
  await new Promise((listening) => server.once("listening", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => void server.close(),
  };
}

async function silent() {
  const server = createTcpServer(() => {}).listen(0, "127.0.0.1");
  await new Promise((listening) => server.once("listening", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => void server.close(),
  };
}
