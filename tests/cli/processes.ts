/** What runs: for tests that leave nothing behind. */
import { readdirSync, readFileSync } from "node:fs";

/** One that has ended and that nobody waits for counts as gone: in a container it may stay so for ever. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== "linux" || !/^[ZX]/.test(statOf(pid)[0] ?? "");
  } catch {
    return false;
  }
}

/** Processes below `pid`, at any depth; none where there is no `/proc`. */
export function descendantsOf(pid: number): readonly number[] {
  const rows = process.platform === "linux" ? allProcesses() : [];
  const below = (parent: number): number[] =>
    rows.flatMap((row) => (row.parent === parent ? [row.pid, ...below(row.pid)] : []));
  return below(pid);
}

function allProcesses(): readonly { readonly pid: number; readonly parent: number }[] {
  const pids = readdirSync("/proc").map(Number).filter(Number.isInteger);
  return pids.flatMap((pid) => {
    try {
      return [{ pid, parent: Number(statOf(pid)[1]) }];
    } catch {
      return [];
    }
  });
}

/** State, parent and the rest; the program's name before them may hold anything. */
function statOf(pid: number): readonly string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}
