/**
 * What an answer disclosed, gathered while it is written: per subject, the field groups shown and how clearly.
 *
 * Rule    a subject is the case, else the person or worker, else the employer that the row belongs to
 *         (security design §2). Values are never kept.
 */
import type { Data } from "../execute/run.ts";
import type { Position } from "../plan/internal-operation.ts";
import type { Effect } from "../policy/verdict.ts";

export type DisclosureLevel = "clear" | "masked";

export interface DisclosedSubject {
  readonly type: string;
  readonly uid: string;
  readonly groups: readonly { readonly group: string; readonly level: DisclosureLevel }[];
}

/** Key of the injected input by which a row of a root field says whom it is about; as in `plan/internal-operation.ts`. */
const ABOUT_KEY = "_p_about";

/** Types that can be a subject when no case is around them. */
export const REGISTER_SUBJECTS: ReadonlySet<string> = new Set(["Person", "Worker", "Employer"]);

/** One subject of an answer, while it is written. */
export interface Subject {
  readonly type: string;
  readonly uid: string;
  shown: Shown;
}

/**
 * The clearest level at which each group was shown of a subject. Subjects of which the same was shown in the same order share one:
 * the many rows of a list cost a look-up each.
 */
class Shown {
  readonly #levels: ReadonlyMap<string, DisclosureLevel>;
  readonly #next: Readonly<Record<DisclosureLevel, Map<string, Shown>>> = {
    clear: new Map(),
    masked: new Map(),
  };
  #groups: DisclosedSubject["groups"] | null = null;

  constructor(levels: ReadonlyMap<string, DisclosureLevel> = new Map()) {
    this.#levels = levels;
  }

  get isNothing(): boolean {
    return this.#levels.size === 0;
  }

  /** In the order of their names. */
  get groups(): DisclosedSubject["groups"] {
    this.#groups ??= [...this.#levels]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([group, level]) => ({ group, level }));
    return this.#groups;
  }

  with(group: string, level: DisclosureLevel): Shown {
    const held = this.#levels.get(group);
    if (held === level || held === "clear") return this;
    const known = this.#next[level].get(group);
    if (known) return known;
    const next = new Shown(new Map([...this.#levels, [group, level]]));
    this.#next[level].set(group, next);
    return next;
  }
}

/** Notes that a field of a group was shown; a subject may be null where no row stands behind a value. */
export function note(subject: Subject | null, group: string, effect: Effect): void {
  if (subject !== null) subject.shown = subject.shown.with(group, effect === "ALLOW" ? "clear" : "masked");
}

/** Notes that groups were shown in clear, of one row after another: rows of which the same was shown before cost a comparison. */
export function noterOf(groups: readonly string[]): (subject: Subject | null) => void {
  let before: Shown | null = null;
  let after: Shown | null = null;
  return (subject) => {
    if (subject === null || subject.shown === after || groups.length === 0) return;
    if (after === null || subject.shown !== before) {
      before = subject.shown;
      after = groups.reduce((shown, group) => shown.with(group, "clear"), before);
    }
    subject.shown = after;
  };
}

export class Disclosures {
  readonly #subjects = new Map<string, Map<string, Subject>>();
  readonly #nothing = new Shown();

  /** The subject of that name, the same object each time. */
  subject(type: string, uid: string): Subject {
    let ofType = this.#subjects.get(type);
    if (!ofType) {
      ofType = new Map();
      this.#subjects.set(type, ofType);
    }
    let subject = ofType.get(uid);
    if (!subject) {
      subject = { type, uid, shown: this.#nothing };
      ofType.set(uid, subject);
    }
    return subject;
  }

  /** Subjects of which anything was shown. */
  list(): readonly DisclosedSubject[] {
    const disclosed: DisclosedSubject[] = [];
    for (const ofType of this.#subjects.values())
      for (const { type, uid, shown } of ofType.values())
        if (!shown.isNothing) disclosed.push({ type, uid, groups: shown.groups });
    return disclosed;
  }
}

/** Whom an object is about: its case, else itself where it is a register's row, else whomever the object around it is about. */
export function subjectAt(
  position: Position,
  object: Data,
  outer: Subject | null,
  disclosures: Disclosures,
): Subject | null {
  if (position.facts === "case") {
    const uid =
      position.type === "Case" ? object["uid"] : (object["case"] as Data | null | undefined)?.["uid"];
    return typeof uid === "string" ? disclosures.subject("Case", uid) : outer;
  }
  if (outer === null) {
    const about = object[ABOUT_KEY] as Data | null | undefined;
    if (about) return disclosures.subject(String(about["type"]), String(about["subject"]));
  }
  if (outer?.type === "Case" || !REGISTER_SUBJECTS.has(position.type)) return outer;
  const { uid } = object as { readonly uid?: unknown };
  return typeof uid === "string" ? disclosures.subject(position.type, uid) : outer;
}
