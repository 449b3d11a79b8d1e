/**
 * One process at a time in a data directory, without leaving it locked when that process is killed.
 *
 * The lock is a file that names its holder by pid and start of life, so that a pid used again is not taken for it.
 * A lock whose holder is gone is moved aside in one step, so that of two newcomers only one removes it.
 * Errors  DATA_DIRECTORY_IN_USE, naming the pid.
 */
import { randomBytes } from "node:crypto";
import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { GatewayError } from "../kernel/errors.ts";

const LOCK = "lock";
const ATTEMPTS = 5;

/** Resolves to the release of the lock. */
export async function holdLock(directory: string): Promise<() => Promise<void>> {
  const lock = join(directory, LOCK);
  const mine = `${await life(process.pid)} ${randomBytes(6).toString("hex")}`;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    if (await tryTake(lock, mine)) return () => releaseLock(lock, mine);
    const holder = await readFile(lock, "utf8").catch(() => null);
    if (holder === null) continue;
    if (await alive(holder)) throw inUse(directory, holder);
    await moveAside(lock, holder);
  }
  throw inUse(directory, "another");
}

/** Who holds the directory now; null when nobody does. */
export async function holderOf(directory: string): Promise<number | null> {
  const holder = await readFile(join(directory, LOCK), "utf8").catch(() => "");
  return (await alive(holder)) ? Number(holder.split(" ", 1)[0]) : null;
}

function inUse(directory: string, holder: string): GatewayError {
  const pid = holder.split(" ")[0];
  return new GatewayError("DATA_DIRECTORY_IN_USE", `\`${directory}\` is in use by process ${pid}`);
}

async function tryTake(lock: string, mine: string): Promise<boolean> {
  const draft = `${lock}.${randomBytes(6).toString("hex")}`;
  await writeFile(draft, mine, { mode: 0o600, flag: "wx" });
  try {
    await link(draft, lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Removes the lock of `holder`; should another have taken the place meanwhile, puts theirs back. */
async function moveAside(lock: string, holder: string): Promise<void> {
  const aside = `${lock}.${randomBytes(6).toString("hex")}`;
  try {
    await rename(lock, aside);
  } catch {
    return;
  }
  if ((await readFile(aside, "utf8")) !== holder) await link(aside, lock).catch(() => {});
  await rm(aside, { force: true });
}

async function releaseLock(lock: string, mine: string): Promise<void> {
  const held = await readFile(lock, "utf8").catch(() => null);
  if (held === mine) await rm(lock, { force: true });
}

async function alive(holder: string): Promise<boolean> {
  const [pid = "", born = ""] = holder.split(" ");
  return (await life(Number(pid))) === `${pid} ${born}`;
}

/** `pid born`, where born is the start time on Linux and `-` elsewhere; `pid gone` when there is no such process. */
async function life(pid: number): Promise<string> {
  if (!Number.isInteger(pid) || pid <= 0) return `${pid} gone`;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return `${pid} gone`;
  }
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
  // The second field is the program's name and may hold anything; fields are counted from its last parenthesis.
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ") ?? [];
  // Ended, and not yet waited for by its parent.
  if (fields[0] === "Z" || fields[0] === "X") return `${pid} gone`;
  return `${pid} ${fields[19] ?? "-"}`;
}
