/**
 * Has the gateway of a data directory read its configuration again, and says how.
 *
 * Watched  with `server.watchMs` it finds the change by itself; otherwise whoever holds the directory is told, if it listens for SIGHUP:
 *          a signal that nobody listens for would end it.
 */
import { readFile } from "node:fs/promises";
import type { Config } from "../config/config.ts";
import { holderOf } from "../config/data-lock.ts";

/** One line for people. */
export async function takeUp({ data, server: { watchMs } }: Config): Promise<string> {
  if (watchMs > 0)
    return `a gateway that runs takes it up within ${watchMs * 2} ms; \`/readyz\` says if it does not`;
  const pid = await holderOf(data);
  if (pid === null) return "no gateway runs on this data directory: the next start reads it";
  if (!(await listensForHangUp(pid)))
    return `send SIGHUP to the gateway, if process ${pid} is one, and it is taken up`;
  process.kill(pid, "SIGHUP");
  return `the gateway, process ${pid}, was told to read it; \`/readyz\` says if it was refused`;
}

const SIGHUP_BIT = 1n;

/** Known on Linux alone. */
async function listensForHangUp(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const [, caught = "0"] = /^SigCgt:\s*([0-9a-f]+)$/m.exec(status) ?? [];
  return (BigInt(`0x${caught}`) & SIGHUP_BIT) !== 0n;
}
