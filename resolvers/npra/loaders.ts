/** Loaders of one fetch from the residence authority. Lists come oldest first. */
import type { RestCalls } from "../../src/connectors/rest.ts";
import type { AgencyCode } from "../../src/kernel/brands.ts";
import { byArguments } from "../shared/loaders.ts";
import { type RecordLoader, recordLoader } from "../shared/records.ts";
import { type ListLoader, listLoader, listSource } from "./lists.ts";
import {
  departureRecord,
  movementRecord,
  passportRecord,
  type ResidenceRecord,
  residenceRecord,
} from "./residence-record.ts";
import type { Passport, ReturnPlan, TravelMovement } from "./types.ts";

export const NPRA = "NPRA" as AgencyCode;

interface MovementFilter {
  readonly from: string | null;
  readonly until: string | null;
  readonly last: number;
}

export interface NpraContext {
  readonly residences: RecordLoader<ResidenceRecord>;
  readonly documents: RecordLoader<Passport>;
  readonly departures: RecordLoader<ReturnPlan>;
  readonly passports: ListLoader<Passport>;
  readonly movements: (filter: MovementFilter) => ListLoader<TravelMovement>;
}

const document = passportRecord.transform(({ row }) => row);
const PASSPORTS = listSource(NPRA, "/passports", passportRecord);
const MOVEMENTS = listSource(NPRA, "/movements", movementRecord);

export function npraContext(calls: RestCalls): NpraContext {
  return {
    residences: recordLoader(calls, {
      agency: NPRA,
      path: "/residences",
      shape: residenceRecord,
      keyOf: ({ holder }) => holder,
    }),
    documents: recordLoader(calls, {
      agency: NPRA,
      path: "/documents",
      shape: document,
      keyOf: ({ uid }) => uid,
    }),
    departures: recordLoader(calls, {
      agency: NPRA,
      path: "/departures",
      shape: departureRecord,
      keyOf: ({ uid }) => uid,
    }),
    passports: listLoader(calls, PASSPORTS),
    movements: byArguments((filter: MovementFilter) => listLoader(calls, MOVEMENTS, { ...filter })),
  };
}
