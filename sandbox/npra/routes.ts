/**
 * Passports and residence (NPRA), REST.
 *
 * By key    `/residences/{cpr}`, `/documents/{docId}` (a passport), `/departures/{fileNo}`, each with `:batch`.
 * Lists     `GET /passports?cpr=` and `GET /movements?cpr=&from=&until=&last=`; for up to 100 people
 *           `POST /passports:search` and `POST /movements:search` with `cprs`. Oldest first, pages of 500 by cursor.
 * Habit     slow; see `sandbox/rest.ts`.
 */
import { type Answer, Refusal } from "../http/answer.ts";
import { type Keyed, keyed } from "../http/keyed.ts";
import { limitOf, page } from "../http/paging.ts";
import { keysOf, records } from "../http/records.ts";
import { type Call, type Route, route } from "../http/route.ts";
import type { NpraPersonRow } from "../synth/types.ts";
import type { World } from "../synth/world.ts";
import { departureRecord, movementRecord, passportRecord, residenceRecord } from "./residence-record.ts";

const PAGE_ROWS = 500;
const MAX_MOVEMENTS = 100;

export function npraRoutes({ npra }: Pick<World, "npra">): readonly Route[] {
  const persons = keyed(npra.persons, ({ key }) => key);
  const holders = keyed(npra.persons, ({ passports }) => passports.map(({ key }) => key));
  const documents = {
    get: (docId: string) => documentOf(holders.get(docId), docId),
    first: () => documentOf(holders.first()),
  };
  return [
    ...records({ path: "/residences", rows: persons, write: residenceRecord }),
    ...records({ path: "/documents", rows: documents, write: (record) => record }),
    ...records({
      path: "/departures",
      rows: keyed(npra.returns, ({ key }) => key),
      write: departureRecord,
    }),
    ...list("/passports", persons, ({ key, passports }) => passports.map((row) => passportRecord(key, row))),
    ...list("/movements", persons, movementsOf),
  ];
}

function documentOf(
  holder: NpraPersonRow | undefined,
  docId = holder?.passports[0]?.key,
): object | undefined {
  const row = holder?.passports.find(({ key }) => key === docId);
  return holder && row && passportRecord(holder.key, row);
}

/** What a list is narrowed by: the query of a GET, the body of a POST. */
type Filter = (name: string) => string | null;
type RowsOf = (person: NpraPersonRow, filter: Filter) => readonly { readonly holder: string }[];

function list(path: string, persons: Keyed<NpraPersonRow>, rowsOf: RowsOf): readonly Route[] {
  const answer = (cprs: readonly string[], filter: Filter, lying: boolean): Answer => {
    const rows = cprs.flatMap((cpr) => {
      const person = persons.get(cpr);
      return person ? rowsOf(person, filter) : [];
    });
    const told = lying ? rows.map((row) => ({ ...row, holder: persons.first()?.key })) : rows;
    return page(told, { cursor: filter("cursor"), limit: limitOf(filter("limit"), PAGE_ROWS) });
  };
  const lies = ({ faults }: Call) => faults.lying === "records";
  return [
    route(`GET ${path}`, (call) => {
      const cpr = call.query.get("cpr");
      if (cpr === null) throw new Refusal(400, "`cpr` is missing");
      return answer([cpr], (name) => call.query.get(name), lies(call));
    }),
    route(`POST ${path}:search`, (call) => answer(keysOf(call.body, "cprs"), fromBody(call), lies(call))),
  ];
}

const fromBody = ({ body }: Call): Filter => {
  const fields = new Map<string, unknown>(Object.entries(body as object));
  return (name) => {
    const value = fields.get(name);
    return value === undefined || value === null ? null : String(value);
  };
};

const movementsOf: RowsOf = ({ key, movements }, filter) => {
  const records = movements.map((row) => movementRecord(key, row));
  const [from, until] = [filter("from"), filter("until")];
  const inside = records.filter(({ time }) => {
    const day = time.slice(0, 10);
    return (from === null || day >= from) && (until === null || day <= until);
  });
  return inside.slice(-limitOf(filter("last"), MAX_MOVEMENTS));
};
