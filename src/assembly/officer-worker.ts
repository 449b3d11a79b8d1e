/**
 * One act of an officer on the policy store, in a thread of its own: it compiles, tests, proves and compares, which takes seconds.
 *
 * In      who acts, what is done, where the store is and by which key it is signed.
 * Out     one message: the number of what stands for it, or what went wrong. Everything is closed by then.
 */
import { parentPort, workerData } from "node:worker_threads";
import { noteSigner, parseVerifier } from "../audit/note.ts";
import { createPool } from "../connectors/pg-pool.ts";
import { systemClock } from "../kernel/clock.ts";
import { GatewayError } from "../kernel/errors.ts";
import { type OfficerAct, performAct } from "../policy-store/officer-act.ts";
import { KEY_NAME, type Officer } from "../policy-store/statements.ts";
import { PolicyStore } from "../policy-store/store.ts";

export interface OfficerJob {
  readonly databaseUrl: string;
  /** Of the key that signs. */
  readonly seed: Uint8Array;
  /** Whose signatures count, as text. */
  readonly vkeys: readonly string[];
  readonly schemaDir: string;
  readonly startingFolder: string;
  readonly officer: Officer;
  readonly act: OfficerAct;
}

export type OfficerReply =
  | { readonly number: number }
  | {
      readonly code: GatewayError["code"];
      readonly message: string;
      readonly problems: readonly string[];
    };

const CONNECTIONS = 3;

parentPort?.postMessage(await reply(workerData as OfficerJob));

async function reply({
  databaseUrl,
  seed,
  vkeys,
  officer,
  act,
  ...folders
}: OfficerJob): Promise<OfficerReply> {
  const pool = createPool({ url: databaseUrl, connections: CONNECTIONS });
  try {
    const store = new PolicyStore({ pool, verifiers: vkeys.flatMap((vkey) => parseVerifier(vkey) ?? []) });
    const tools = { ...folders, store, signer: noteSigner(KEY_NAME, seed), clock: systemClock };
    return { number: await performAct(tools, officer, act) };
  } catch (error) {
    return failure(error);
  } finally {
    await pool.end();
  }
}

function failure(error: unknown): OfficerReply {
  if (!(error instanceof GatewayError))
    return { code: "INTERNAL_SERVER_ERROR", message: `an act on the policy store: ${error}`, problems: [] };
  const { code, message, detail } = error;
  return { code, message, problems: detail.problems ?? [] };
}
