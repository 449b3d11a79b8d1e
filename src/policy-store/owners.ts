/**
 * Whose a field is: the agency whose officers must agree before somebody sees more of it.
 *
 * In      the ownership manifest of the schema folder.
 * Rule    what the gateway computes belongs to those who own the rest of its group, and to every agency where nobody does: who
 *         read what about whom concerns all.
 */
import type { Domain, DomainField } from "../policy/domain.ts";
import { loadManifest } from "../supergraph/manifest.ts";

export type OwnersOf = (field: DomainField) => readonly string[];

/** Owner of what no agency serves. */
const GATEWAY = "GW";

export async function ownersOf(schemaDir: string, { agencies, fields }: Domain): Promise<OwnersOf> {
  const manifest = await loadManifest(schemaDir);
  const owners = new Map<string, string>();
  for (const { coordinate, domainName, owner } of manifest.fields.values()) {
    if (domainName !== null) owners.set(domainName, owner);
    owners.set(coordinate, owner);
  }
  const known = ({ coordinate }: DomainField): string => owners.get(coordinate) ?? GATEWAY;
  const isAgency = (owner: string): boolean => agencies.includes(owner);
  const ofGroup = (group: string): readonly string[] => {
    const all = [...fields.values()].filter((field) => field.group === group).map(known);
    return [...new Set(all)].filter(isAgency);
  };
  return (field) => {
    const owner = known(field);
    if (isAgency(owner)) return [owner];
    const others = ofGroup(field.group);
    return others.length > 0 ? others : agencies;
  };
}
