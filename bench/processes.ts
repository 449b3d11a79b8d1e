/**
 * Every process of this machine as `/proc` shows it: CPU of all its threads to 10 ms, resident memory. Empty where there is none.
 */
import { readdirSync, readFileSync } from "node:fs";

export interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** User and system, since its start. */
  readonly cpuUs: number;
  readonly rssBytes: number;
}

const TICK_US = 10_000;
const PAGE_BYTES = 4_096;

export function processes(): readonly ProcessStat[] {
  try {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .flatMap(statOf);
  } catch {
    return [];
  }
}

/** Fields of `/proc/<pid>/stat` from the third: state, parent, group, …; empty for a process that has ended meanwhile. */
function statOf(pid: string): readonly ProcessStat[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = text
      .slice(text.lastIndexOf(")") + 2)
      .split(" ")
      .map(Number);
    const [parent = 0, group = 0, user = 0, system = 0, pages = 0] = [1, 2, 11, 12, 21].map(
      (at) => fields[at],
    );
    return [
      {
        pid: Number(pid),
        ...{ parent, group },
        cpuUs: (user + system) * TICK_US,
        rssBytes: pages * PAGE_BYTES,
      },
    ];
  } catch {
    return [];
  }
}
