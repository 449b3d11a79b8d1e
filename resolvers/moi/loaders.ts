/** Loaders of one fetch from the police directorate. */
import type { RestCalls } from "../../src/connectors/rest.ts";
import type { AgencyCode } from "../../src/kernel/brands.ts";
import { type RecordLoader, recordLoader } from "../shared/records.ts";
import { fileRecord, type ReportRecord, reportRecord, suspectRecord } from "./file-record.ts";
import type { Investigation, Suspect } from "./types.ts";

export const MOI = "MOI" as AgencyCode;

export interface MoiContext {
  readonly reports: RecordLoader<ReportRecord>;
  readonly files: RecordLoader<Investigation>;
  readonly suspects: RecordLoader<Suspect>;
}

export const moiContext = (calls: RestCalls): MoiContext => ({
  reports: recordLoader(calls, {
    agency: MOI,
    path: "/reports",
    shape: reportRecord,
    keyOf: ({ reportNo }) => reportNo,
  }),
  files: recordLoader(calls, { agency: MOI, path: "/cases", shape: fileRecord, keyOf: ({ uid }) => uid }),
  suspects: recordLoader(calls, {
    agency: MOI,
    path: "/suspects",
    shape: suspectRecord,
    keyOf: ({ uid }) => uid,
  }),
});
