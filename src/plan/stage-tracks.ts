/**
 * Which of a case's tracks enter its stage: a track counts when the reader may see the record it stands for, in
 * any of its phases; the others count as NONE (domain model §7: an NGO at a trial sees PRESUMED_VICTIM, the
 * prosecution TRIAL, and neither can infer the other).
 */
import type { Coordinate } from "../kernel/brands.ts";
import type { Gate } from "./internal-operation.ts";

const RECORDS_OF_TRACK: Readonly<Record<string, readonly string[]>> = {
  justiceState: ["Case.investigation", "Case.prosecution", "Case.trial"],
  redressState: ["Case.compensation"],
};

export function stageTracks(
  gateOf: (where: Coordinate) => Gate | null,
): ReadonlyMap<string, readonly Gate[]> {
  const tracks = new Map<string, readonly Gate[]>();
  for (const [state, records] of Object.entries(RECORDS_OF_TRACK)) {
    tracks.set(
      state,
      records.flatMap((where) => gateOf(where as Coordinate) ?? []),
    );
  }
  return tracks;
}
