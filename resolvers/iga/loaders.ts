/** Loaders of one fetch from the population register. One person is asked for with ETag, several in batches of 100. */
import type { RestCalls } from "../../src/connectors/rest.ts";
import type { AgencyCode } from "../../src/kernel/brands.ts";
import { type RecordLoader, recordLoader } from "../shared/records.ts";
import { personRecord } from "./person-record.ts";
import type { Person } from "./types.ts";

export const IGA = "IGA" as AgencyCode;

export interface IgaContext {
  readonly persons: RecordLoader<Person>;
}

export const igaContext = (calls: RestCalls): IgaContext => ({
  persons: recordLoader(calls, {
    agency: IGA,
    path: "/persons",
    shape: personRecord,
    keyOf: ({ uid }) => uid,
    conditional: true,
  }),
});
