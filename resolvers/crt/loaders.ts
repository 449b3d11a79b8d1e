/** Loaders of one fetch from the court registry. */
import type { RestCalls } from "../../src/connectors/rest.ts";
import type { AgencyCode } from "../../src/kernel/brands.ts";
import { type RecordLoader, recordLoader } from "../shared/records.ts";
import {
  type EntryRecord,
  employerRecord,
  entryRecord,
  type PartyRecord,
  partyRecord,
  trialRecord,
} from "./case-record.ts";
import type { Employer, Trial } from "./types.ts";

export const CRT = "CRT" as AgencyCode;

export interface CrtContext {
  readonly entries: RecordLoader<EntryRecord>;
  readonly trials: RecordLoader<Trial>;
  readonly parties: RecordLoader<PartyRecord>;
  readonly employers: RecordLoader<Employer>;
}

export const crtContext = (calls: RestCalls): CrtContext => ({
  entries: recordLoader(calls, {
    agency: CRT,
    path: "/entries",
    shape: entryRecord,
    keyOf: ({ entry }) => entry,
  }),
  trials: recordLoader(calls, { agency: CRT, path: "/cases", shape: trialRecord, keyOf: ({ uid }) => uid }),
  parties: recordLoader(calls, {
    agency: CRT,
    path: "/parties",
    shape: partyRecord,
    keyOf: ({ party }) => party,
  }),
  employers: recordLoader(calls, {
    agency: CRT,
    path: "/employers",
    shape: employerRecord,
    keyOf: ({ uid }) => uid,
  }),
});
