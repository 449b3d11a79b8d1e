/**
 * Court registry (CRT), REST: `/cases/{no}` (the trial), `/entries/{no}` (a victim's entry in it, with awards),
 * `/parties/{ref}`, `/employers/{ref}`, each with `:batch`; `GET /hearings?from=` by cursor.
 *
 * Habit  sealed trials say so, and their hearings are in no list; closed at night when a window is set (`night.ts`).
 */
import { Refusal } from "../http/answer.ts";
import { keyed } from "../http/keyed.ts";
import { limitOf, page } from "../http/paging.ts";
import { records } from "../http/records.ts";
import { type Call, type Route, route } from "../http/route.ts";
import type { World } from "../synth/world.ts";
import { employerRecord, entryRecord, partyRecord, sessionsOf, trialRecord } from "./case-record.ts";

const PAGE_ROWS = 100;

export function crtRoutes({ crt }: Pick<World, "crt">): readonly Route[] {
  const trials = keyed(crt.trials, ({ courtNumber }) => courtNumber);
  const entries = keyed(crt.cases, ({ ref }) => ref);
  const parties = keyed(crt.persons, ({ ref }) => ref);
  const employers = keyed(crt.employers, ({ ref }) => ref);
  return [
    ...records({ path: "/cases", rows: trials, write: trialRecord }),
    ...records({ path: "/entries", rows: entries, write: entryRecord }),
    ...records({ path: "/parties", rows: parties, write: partyRecord }),
    ...records({ path: "/employers", rows: employers, write: employerRecord }),
    route("GET /hearings", hearings(crt.trials)),
  ];
}

const hearings =
  (trials: World["crt"]["trials"]) =>
  ({ query }: Call) => {
    const from = query.get("from") ?? "";
    if (!/^\d{4}-\d{2}-\d{2}$/.test(from)) throw new Refusal(400, "`from` is a date");
    const rows = [...trials]
      .filter(({ sealed }) => !sealed)
      .flatMap((trial) => sessionsOf(trial).map((session) => ({ case_no: trial.courtNumber, ...session })))
      .filter(({ at }) => at.slice(0, 10) >= from)
      .toSorted((a, b) => a.at.localeCompare(b.at));
    return page(rows, { cursor: query.get("cursor"), limit: limitOf(query.get("limit"), PAGE_ROWS) });
  };
