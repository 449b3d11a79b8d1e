/** Readers and fields by name, as lists that a person can take in. */
import type { Answer } from "../decide.ts";
import type { DomainField } from "../domain.ts";
import type { ProfileReader } from "../policy-set.ts";

const MOST_FIELDS = 6;

/** `NGO.caseworker, SHELTER_CARE`, and the certificates that tell readers of the same role apart. */
export const readerName = ({ role, purpose, certificates }: ProfileReader): string =>
  [role, purpose, ...(certificates.size > 0 ? [`certified ${[...certificates].join(" and ")}`] : [])].join(
    ", ",
  );

/** `NGO.caseworker (SHELTER_CARE, EMERGENCY_PROTECTION); NGO.legal (LEGAL_AID)`: certificates only where they matter. */
export function readerNames(readers: readonly ProfileReader[]): string {
  const byRole = Map.groupBy(readers, ({ role }) => role);
  return [...byRole].map(([role, same]) => `${role} (${[...purposesOf(same)].join(", ")})`).join("; ");
}

function purposesOf(readers: readonly ProfileReader[]): ReadonlySet<string> {
  const uncertified = new Set(
    readers.filter(({ certificates }) => certificates.size === 0).map(({ purpose }) => purpose),
  );
  return new Set(
    readers.map(({ purpose, certificates }) =>
      uncertified.has(purpose) ? purpose : `${purpose} certified ${[...certificates].join(" and ")}`,
    ),
  );
}

/** `MASK to year`: the form is said where the value is not as it is. */
export const effectText = ({ effect, level }: Pick<Answer, "effect" | "level">): string =>
  effect !== "MASK" || level === null || AS_IT_IS.has(level) ? effect : `${effect} to ${level}`;

const AS_IT_IS: ReadonlySet<string> = new Set(["keep", "rows"]);

export function fieldNames(fields: readonly DomainField[]): string {
  const more = fields.length - MOST_FIELDS;
  const shown = fields.slice(0, MOST_FIELDS).map(({ coordinate }) => coordinate);
  return `${shown.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
