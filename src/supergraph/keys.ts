/**
 * Checks that every agency has a key of its own for every identified type that it serves or points at.
 *
 * In      the agencies' documents; `schema/keys.json` (agency → type → kind and name of the key).
 * Out     problems. The ledger and the gateway know uids and have no entry.
 * Why     without one the link boundary could neither ask that agency for the object nor name what it returned.
 */
import { join } from "node:path";
import { z } from "zod";
import { hasDirective, objectsOf } from "./ast.ts";
import { readTable } from "./domain.ts";
import type { SubgraphDocument } from "./subgraph-documents.ts";

/** Agencies that are asked by uid. */
const BY_UID: ReadonlySet<string> = new Set(["EPC", "GW"]);
/** Keyed by its public address and code everywhere. */
const PUBLIC_KEY = "Agency";

const keysSchema = z.record(
  z.string(),
  z.record(z.string(), z.strictObject({ kind: z.enum(["linked", "own"]), key: z.string().min(1) })),
);
export type OwnKeys = Readonly<z.infer<typeof keysSchema>>;

export const loadOwnKeys = (schemaDir: string): Promise<OwnKeys> =>
  readTable(join(schemaDir, "keys.json"), keysSchema);

export function ownKeyProblems(documents: readonly SubgraphDocument[], keys: OwnKeys): readonly string[] {
  const used = new Map<string, Set<string>>();
  for (const { agency, complete } of documents) {
    if (BY_UID.has(agency)) continue;
    const types = objectsOf(complete)
      .filter((node) => hasDirective(node, "key"))
      .map((node) => node.name.value);
    used.set(agency, new Set([...(used.get(agency) ?? []), ...types.filter((type) => type !== PUBLIC_KEY)]));
  }
  const missing = [...used].flatMap(([agency, types]) =>
    [...types]
      .filter((type) => !keys[agency]?.[type])
      .map((type) => `keys.json: ${agency} serves \`${type}\` and has no key for it; add one`),
  );
  const idle = Object.entries(keys).flatMap(([agency, types]) =>
    Object.keys(types)
      .filter((type) => !used.get(agency)?.has(type))
      .map((type) => `keys.json: ${agency} has a key for \`${type}\` and never mentions it; remove it`),
  );
  return [...missing, ...idle];
}
