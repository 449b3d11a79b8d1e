/**
 * Population register (IGA), REST: `GET /persons/{cpr}` with ETag, `POST /persons:batch` (100 keys).
 *
 * Habit  at most 50 requests a second.
 */
import { keyed } from "../http/keyed.ts";
import { records } from "../http/records.ts";
import type { Route } from "../http/route.ts";
import type { World } from "../synth/world.ts";
import { personRecord } from "./person-record.ts";

export const IGA_PER_SECOND = 50;

export function igaRoutes({ iga }: Pick<World, "iga">): readonly Route[] {
  const persons = keyed(iga.persons, ({ cpr }) => cpr);
  return records({ path: "/persons", rows: persons, write: personRecord });
}
