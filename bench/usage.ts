/**
 * What this process and its children use over a span of time: CPU seconds of all threads, and the largest resident memory seen.
 *
 * Children are read from `/proc`, to 10 ms of CPU; where there is none, they are null.
 */
import { type ProcessStat, processes } from "./processes.ts";

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
    cpuUs: sum(({ cpuUs }) => cpuUs),
    rssBytes: sum(({ rssBytes }) => rssBytes),
  };
}
