/**
 * Puts findings together that differ only in whom and what they are about, so that a person reads each one once.
 *
 * In      findings of one reader each, and what each of them says; those of one group that say the same are alike.
 * Out     findings that say the same of exactly the same pairs of reader and field: readers with equal fields share one.
 */
import type { DomainField } from "../domain.ts";
import type { ProfileReader } from "../policy-set.ts";
import type { Situation } from "../prove/situation.ts";

export interface Finding {
  readonly readers: readonly ProfileReader[];
  readonly fields: readonly DomainField[];
  /** Of whom the situation is told that shows it, and of which field. */
  readonly reader: ProfileReader;
  readonly field: DomainField;
  readonly situation: Situation;
}

export function mergeAlike<F extends Finding>(findings: readonly F[], saying: (finding: F) => string): F[] {
  // A situation speaks of groups: what is granted, what was agreed to.
  const likeness = (finding: F) => `${finding.field.group} ${saying(finding)}`;
  const byReader = new Map<
    string,
    Omit<Finding, "situation" | "fields"> & { finding: F; fields: Set<DomainField> }
  >();
  for (const finding of findings) {
    for (const reader of finding.readers) {
      const key = `${likeness(finding)}\n${readerKey(reader)}`;
      const known = byReader.get(key) ?? { ...finding, finding, reader, fields: new Set() };
      for (const field of finding.fields) known.fields.add(field);
      byReader.set(key, known);
    }
  }
  const alike = Map.groupBy(byReader.values(), ({ finding, fields }) =>
    [likeness(finding), ...[...fields].map(({ coordinate }) => coordinate).sort()].join("\n"),
  );
  return [...alike.values()].map((same) => {
    const readers = same.map(({ reader }) => reader);
    const { finding, fields } = same[0]!;
    return { ...finding, readers, fields: [...fields] };
  });
}

export const readerKey = ({ role, agency, purpose, certificates }: ProfileReader): string =>
  [agency, role, purpose, ...certificates].join("|");
