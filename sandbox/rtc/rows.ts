/** The training centre's rows, table by table. */
import type { AgencyDatabase } from "../database/agency-database.ts";
import type { CopiedTable } from "../database/copy.ts";
import { tableOf } from "../database/table-rows.ts";
import type { World } from "../synth/world.ts";
import { RTC_INDEXES, RTC_TABLES } from "./schema.ts";

export const RTC_DATABASE: AgencyDatabase = {
  name: "rtc",
  tables: RTC_TABLES,
  indexes: RTC_INDEXES,
  rows: rtcRows,
};

function rtcRows({ rtc }: World): readonly CopiedTable[] {
  const runs = Iterator.from(rtc.programmes).flatMap(({ number, runs }) =>
    runs.map((run) => ({ ...run, number })),
  );
  return [
    tableOf("holder", rtc.holders, {
      holder_no: (row) => row.holderNo,
      staff_id: (row) => row.staffId,
      member: (row) => row.member,
      agency: (row) => row.agency,
    }),
    tableOf("trainer", rtc.trainers, {
      number: (row) => row.number,
      holder_no: (row) => row.holderNo,
      certified_by: (row) => row.certifiedBy,
      member: (row) => row.member,
      agency: (row) => row.agency,
    }),
    tableOf("certificate", rtc.certificates, {
      number: (row) => row.number,
      skill: (row) => row.skill,
      holder_no: (row) => row.holderNo,
      member: (row) => row.member,
      valid_until: (row) => row.validUntil,
    }),
    tableOf("programme", rtc.programmes, {
      number: (row) => row.number,
      title_ar: (row) => row.title.ar,
      title_en: (row) => row.title.en,
      published: (row) => row.published,
    }),
    tableOf("run", runs, {
      programme_no: (row) => row.number,
      starts_on: (row) => row.from,
      ends_on: (row) => row.until,
      place: (row) => row.place,
      seats: (row) => row.seats,
    }),
    tableOf("knowledge", rtc.knowledge, {
      number: (row) => row.number,
      kind: (row) => row.kind,
      title_ar: (row) => row.title.ar,
      title_en: (row) => row.title.en,
      body_ar: (row) => row.body.ar,
      body_en: (row) => row.body.en,
      published: (row) => row.published,
    }),
  ];
}
