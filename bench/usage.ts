/**
 * What this process and its children use over a span of time: CPU seconds of all threads, and the largest resident memory seen.
 *
 * Children are read from `/proc`, to 10 ms of CPU; where there is none, they are null.
 */
import { readdirSync, readFileSync } from "node:fs";

export interface Usage {
  /** User and system. */
  readonly cpuUs: number;
  readonly peakRssBytes: number;
  readonly children: { readonly cpuUs: number; readonly rssBytes: number } | null;
}

/** What a measured process can be asked. */
export type MeterQuestions = {
  readonly begin: () => void;
  /** Since `begin`. */
  readonly end: () => Usage;
};

const SAMPLE_MS = 50;
const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4_096;

export function usageMeter(): MeterQuestions {
  let from = process.cpuUsage();
  let childrenFrom = childUsage();
  let peak = 0;
  const sample = () => {
    peak = Math.max(peak, process.memoryUsage.rss());
  };
  setInterval(sample, SAMPLE_MS).unref();
  return {
    begin() {
      peak = 0;
      childrenFrom = childUsage();
      from = process.cpuUsage();
    },
    end() {
      const { user, system } = process.cpuUsage(from);
      sample();
      const children = childUsage();
      return {
        cpuUs: user + system,
        peakRssBytes: peak,
        children: children && { ...children, cpuUs: children.cpuUs - (childrenFrom?.cpuUs ?? 0) },
      };
    },
  };
}

function childUsage(): Usage["children"] {
  const own = processes().filter(({ parent }) => parent === process.pid);
  if (own.length === 0) return null;
  const sum = (of: (one: ProcessStat) => number) => own.reduce((total, one) => total + of(one), 0);
  return {
    cpuUs: (sum(({ ticks }) => ticks) * 1_000_000) / TICKS_PER_SECOND,
    rssBytes: sum(({ pages }) => pages) * PAGE_BYTES,
  };
}

interface ProcessStat {
  readonly parent: number;
  readonly ticks: number;
  readonly pages: number;
}

function processes(): readonly ProcessStat[] {
  try {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .flatMap(statOf);
  } catch {
    return [];
  }
}

/** Fields of `/proc/<pid>/stat` from the third: state, parent, …; empty for a process that has ended meanwhile. */
function statOf(pid: string): readonly ProcessStat[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = text
      .slice(text.lastIndexOf(")") + 2)
      .split(" ")
      .map(Number);
    const [parent = 0, user = 0, system = 0, pages = 0] = [fields[1], fields[11], fields[12], fields[21]];
    return [{ parent, ticks: user + system, pages }];
  } catch {
    return [];
  }
}
