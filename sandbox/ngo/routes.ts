/**
 * One society (NGO), REST: `GET /clients/{code}` and `:batch`, by the survivor code that this society gave.
 *
 * Rows   of its own member only. Habit: a small server that drops requests now and then (`faults.flaky`).
 */
import { records } from "../http/records.ts";
import type { Route } from "../http/route.ts";
import type { NgoAssistanceRow } from "../synth/types.ts";
import type { World } from "../synth/world.ts";

interface Client {
  readonly code: string;
  readonly help: readonly NgoAssistanceRow[];
}

export function ngoRoutes({ ngo }: Pick<World, "ngo">, member: string): readonly Route[] {
  const own = Iterator.from(ngo.assistance).filter((row) => row.member === member);
  const clients = new Map(
    [...Map.groupBy(own, ({ code }) => code)].map(([code, help]) => [code, { code, help }]),
  );
  const rows = { get: (code: string) => clients.get(code), first: () => clients.values().next().value };
  return records({ path: "/clients", rows, write: clientRecord });
}

const clientRecord = ({ code, help }: Client): object => ({
  code,
  help: help.map(({ kind, on, summary }) => ({
    what: kind.toLowerCase().replaceAll("_", " "),
    day: on,
    note: summary,
  })),
});
