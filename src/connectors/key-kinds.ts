/**
 * By which key an agency knows objects of a type (`schema/keys.json`): `{"IGA": {"Person": {"kind": "linked", "key": "CPR"}}}`.
 *
 * linked  the object is known to others too: a row of the link table joins the agency's key to the canonical uid.
 * own     the agency alone serves the type: its uid is the sealed key itself, and no row is needed.
 * `key` names what the key is. Only national keys join agencies by themselves: two courts' `PARTY` 7 are two people.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { PACKAGE_ROOT } from "../config/package-root.ts";
import type { AgencyCode } from "../kernel/brands.ts";

/** Keys that one issuer gives to everybody: the same value of the same type is the same object at every agency. */
export const NATIONAL_KEYS: ReadonlySet<string> = new Set(["CPR", "CR_NUMBER"]);

const keyKind = z.object({ kind: z.enum(["linked", "own"]), key: z.string().min(1) });
const keyKinds = z.record(z.string(), z.record(z.string(), keyKind));

export type KeyKind = Readonly<z.infer<typeof keyKind>>;

export interface KeyKinds {
  /** Undefined when the agency does not know the type by a key. */
  of(agency: AgencyCode, type: string): KeyKind | undefined;
}

export function readKeyKinds(json: unknown): KeyKinds {
  const kinds = new Map(
    Object.entries(keyKinds.parse(json)).map(([agency, types]) => [agency, new Map(Object.entries(types))]),
  );
  return { of: (agency, type) => kinds.get(agency)?.get(type) };
}

export async function loadKeyKinds(file = join(PACKAGE_ROOT, "schema", "keys.json")): Promise<KeyKinds> {
  return readKeyKinds(JSON.parse(await readFile(file, "utf8")));
}
