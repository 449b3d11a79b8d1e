/**
 * Police directorate (MOI), REST: `/reports/{no}` (a complainant's entry in a file), `/cases/{no}` (the file),
 * `/suspects/{no}`, each with `:batch`.
 *
 * Habit  a file may be kept back: 403, in a batch for that record alone (`faults.refuse`).
 */
import { keyed } from "../http/keyed.ts";
import { records } from "../http/records.ts";
import type { Route } from "../http/route.ts";
import type { World } from "../synth/world.ts";
import { fileRecord, reportRecord, suspectRecord } from "./file-record.ts";

export function moiRoutes({ moi }: Pick<World, "moi">): readonly Route[] {
  const reports = keyed(moi.cases, ({ ref }) => ref);
  const files = keyed(moi.investigations, ({ policeNumber }) => policeNumber);
  const bySuspect = keyed(moi.investigations, ({ suspects }) => suspects.map(({ ref }) => ref));
  const suspects = {
    get: (no: string) => bySuspect.get(no)?.suspects.find(({ ref }) => ref === no),
    first: () => bySuspect.first()?.suspects[0],
  };
  return [
    ...records({ path: "/reports", rows: reports, write: reportRecord }),
    ...records({ path: "/cases", rows: files, write: fileRecord }),
    ...records({ path: "/suspects", rows: suspects, write: suspectRecord }),
  ];
}
