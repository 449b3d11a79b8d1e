/**
 * `ihala audit witness` as a process: somebody other than the gateway's operator runs it, and keeps its folder.
 *
 * Folder   `witness.key` (mode 0600, made on first use) and the last checkpoint of each log.
 * Signals  SIGTERM and SIGINT stop it, status 0.
 */
import { randomBytes } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { noteSigner } from "../audit/note.ts";
import { Witness } from "../audit/witness.ts";
import { startWitnessServer } from "../audit/witness-server.ts";
import { createWhole } from "../config/data-directory.ts";
import { systemClock } from "../kernel/clock.ts";
import { verifierFrom } from "./audit-places.ts";
import { untilStopped } from "./signals.ts";
import type { Terminal } from "./terminal.ts";

export interface WitnessCommandOptions {
  readonly name: string;
  readonly log: readonly string[];
  readonly state: string;
  readonly host: string;
  readonly port: string;
}

const SEED_BYTES = 32;
const NEVER = new Promise<never>(() => {});

export async function runWitness(options: WitnessCommandOptions, terminal: Terminal): Promise<number> {
  const directory = resolve(options.state);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const file = join(directory, "witness.key");
  await createWhole(file, randomBytes(SEED_BYTES));
  const signer = noteSigner(options.name, await readFile(file), "witness");
  const logs = await Promise.all(options.log.map(verifierFrom));
  const { now } = systemClock;
  const witness = new Witness({ signer, logs, directory: join(directory, "checkpoints"), now });
  const server = await startWitnessServer(witness, { host: options.host, port: Number(options.port) });
  terminal.out(`witness at ${server.url}\n${signer.vkey}\n`);
  await untilStopped(NEVER);
  await server.close();
  return 0;
}
