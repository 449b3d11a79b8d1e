/**
 * What an answer disclosed, gathered while it is written: per subject, the field groups shown and how clearly.
 *
 * Rule    a subject is the case, else the person or worker, else the employer that the row belongs to
 *         (docs/threat-model.md, "The disclosure log"). Values are never kept.
 */
import type { Effect } from "../policy/verdict.ts";

export interface Subject {
  readonly type: string;
  readonly uid: string;
}

export type DisclosureLevel = "clear" | "masked";

export interface DisclosedSubject extends Subject {
  readonly groups: readonly { readonly group: string; readonly level: DisclosureLevel }[];
}

/** Types that can be a subject when no case is around them. */
export const REGISTER_SUBJECTS: ReadonlySet<string> = new Set(["Person", "Worker", "Employer"]);

export class Disclosures {
  readonly #subjects = new Map<
    string,
    { readonly subject: Subject; readonly groups: Map<string, DisclosureLevel> }
  >();

  note(subject: Subject | null, group: string, effect: Effect): void {
    if (subject === null) return;
    const key = `${subject.type}|${subject.uid}`;
    let known = this.#subjects.get(key);
    if (!known) {
      known = { subject, groups: new Map() };
      this.#subjects.set(key, known);
    }
    if (effect === "ALLOW") known.groups.set(group, "clear");
    else if (!known.groups.has(group)) known.groups.set(group, "masked");
  }

  list(): readonly DisclosedSubject[] {
    return [...this.#subjects.values()].map(({ subject, groups }) => ({
      ...subject,
      groups: [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([group, level]) => ({ group, level })),
    }));
  }
}
