/** Shelters: whose house each is, and the licence that the social ministry keeps of it. */

import { FAR_FUTURE } from "./calendar.ts";
import type { Context } from "./context.ts";
import { licenceNo } from "./keys.ts";
import { AMAN, addressOf } from "./members.ts";
import { address } from "./registers.ts";
import { type Table, table } from "./tables.ts";
import type { FacilityRow, MosdLicenceRow } from "./types.ts";

/** Plans name a facility by its place in this list. */
export const FACILITIES = [
  { name: "Centre, house for women", house: addressOf("EPC"), capacity: 60 },
  { name: "Centre, house for men", house: addressOf("EPC"), capacity: 60 },
  { name: "Centre, house for families", house: addressOf("EPC"), capacity: 20 },
  { name: "Aman house", house: AMAN, capacity: 24 },
  { name: "Ministry home", house: addressOf("MOSD"), capacity: 30 },
] as const;

export const facilityUid = (ctx: Context, facility: number): string => ctx.uid("Facility", facility);

export function facilities(ctx: Context): Table<FacilityRow> {
  return table("epc.facilities", FACILITIES.length, (i) => {
    const { name, house, capacity } = FACILITIES[i]!;
    const where = address(ctx, "epc.facilities", i);
    return {
      uid: facilityUid(ctx, i),
      name: ctx.text(name, "epc.facilities", i, "name"),
      area: ctx.text(where.area, "epc.facilities", i, "area"),
      address: where,
      capacity,
      house,
    };
  });
}

export function licences(): Table<MosdLicenceRow> {
  return table("mosd.licences", FACILITIES.length, (i) => ({
    licenceNo: licenceNo(i),
    number: `SHL-${100 + i}`,
    validUntil: FAR_FUTURE.slice(0, 10),
    capacity: FACILITIES[i]!.capacity,
  }));
}
