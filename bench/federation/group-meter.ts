/**
 * What a process group uses between `begin` and `end`, read from `/proc`, by the process that serves and by the others: planner,
 * launcher, shell.
 *
 * In      the group's id.
 * Out     CPU to 10 ms. The serving process is the one that used most; its memory is its peak in that span.
 * Errors  where there is no `/proc`, or nothing is left of the group.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { type ProcessStat, processes } from "../processes.ts";

export interface GroupUsage {
  /** Of the serving process. */
  readonly cpuUs: number;
  readonly peakRssBytes: number;
  /** Of all others together. */
  readonly others: { readonly cpuUs: number; readonly rssBytes: number };
}

export interface GroupMeter {
  begin(): void;
  end(): GroupUsage;
  /** The process that has used most since its start. */
  busiest(): number;
}

/** Written to `clear_refs`: the peak of resident memory starts anew. */
const RESET_PEAK = "5";

export function groupMeter(group: number): GroupMeter {
  let before = new Map<number, number>();
  return {
    begin() {
      const members = membersOf(group);
      for (const { pid } of members) writeFileSync(`/proc/${pid}/clear_refs`, RESET_PEAK);
      before = new Map(members.map(({ pid, cpuUs }) => [pid, cpuUs]));
    },
    end() {
      const used = membersOf(group)
        .map((one) => ({ ...one, cpuUs: one.cpuUs - (before.get(one.pid) ?? 0) }))
        .toSorted((a, b) => b.cpuUs - a.cpuUs);
      const [{ pid, cpuUs }, ...others] = used as [ProcessStat, ...ProcessStat[]];
      const sum = (of: (one: ProcessStat) => number) => others.reduce((total, one) => total + of(one), 0);
      return {
        ...{ cpuUs, peakRssBytes: peakRss(pid) },
        others: { cpuUs: sum((one) => one.cpuUs), rssBytes: sum(({ rssBytes }) => rssBytes) },
      };
    },
    busiest: () => membersOf(group).reduce((most, one) => (one.cpuUs > most.cpuUs ? one : most)).pid,
  };
}

function membersOf(group: number): readonly ProcessStat[] {
  const members = processes().filter((one) => one.group === group);
  if (members.length === 0)
    throw new Error("no process of the group in /proc: it has ended, or this is no Linux");
  return members;
}

function peakRss(pid: number): number {
  const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kilobytes ?? 0) * 1_024;
}
