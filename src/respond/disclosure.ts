/**
 * What an answer disclosed, gathered while it is written: per subject, the field groups shown, how clearly, and what is owed for it.
 *
 * Rule    a subject is the case, else the entity of a register that the row belongs to: a person, a worker, an employer
 *         (security design §2). Values are never kept.
 */
import type { Data } from "../execute/run.ts";
import { addUp, NO_OBLIGATIONS, type Obligations } from "../kernel/obligations.ts";
import type { Position } from "../plan/internal-operation.ts";
import type { Outcome } from "../policy/verdict.ts";

export type DisclosureLevel = "clear" | "masked";

export interface DisclosedSubject {
  readonly type: string;
  readonly uid: string;
  readonly groups: readonly DisclosedGroup[];
}

export interface DisclosedGroup {
  readonly group: string;
  readonly level: DisclosureLevel;
  readonly obligations: Obligations;
}

/** Key of the injected input by which a row of a root field says whom it is about; as in `plan/internal-operation.ts`. */
const ABOUT_KEY = "_p_about";

/** One subject of an answer, while it is written. */
export interface Subject {
  readonly type: string;
  readonly uid: string;
  shown: Shown;
}

interface Showing {
  readonly level: DisclosureLevel;
  readonly obligations: Obligations;
}

/**
 * The clearest level at which each group was shown of a subject, with the obligations of all that was shown of it. Subjects of which
 * the same was shown in the same order share one: the many rows of a list cost a look-up each.
 */
class Shown {
  readonly #groups: ReadonlyMap<string, Showing>;
  readonly #next: Record<DisclosureLevel, Map<string, Map<Obligations, Shown>> | null> = {
    clear: null,
    masked: null,
  };
  #list: readonly DisclosedGroup[] | null = null;

  /** Something is owed for some of it. */
  readonly owes: boolean;
  /** How many there are from the same beginning. */
  readonly made: { count: number };

  constructor(groups: ReadonlyMap<string, Showing> = new Map(), owes = false, made = { count: 0 }) {
    this.#groups = groups;
    this.owes = owes;
    this.made = made;
    made.count += 1;
  }

  get isNothing(): boolean {
    return this.#groups.size === 0;
  }

  /** In the order of their names. */
  get groups(): readonly DisclosedGroup[] {
    this.#list ??= [...this.#groups]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([group, showing]) => ({ group, ...showing }));
    return this.#list;
  }

  with(group: string, level: DisclosureLevel, obligations: Obligations): Shown {
    const held = this.#groups.get(group);
    const owed = held ? addUp(held.obligations, obligations) : obligations;
    const clearest = held?.level === "clear" ? held.level : level;
    if (held?.level === clearest && held.obligations === owed) return this;
    const known = this.#next[level]?.get(group)?.get(obligations);
    if (known) return known;
    const showing = { level: clearest, obligations: owed };
    const owes = this.owes || owed.length > 0;
    const next = new Shown(new Map([...this.#groups, [group, showing]]), owes, this.made);
    const ofLevel = this.#next[level] ?? new Map<string, Map<Obligations, Shown>>();
    this.#next[level] = ofLevel.set(group, (ofLevel.get(group) ?? new Map()).set(obligations, next));
    return next;
  }
}

const MAX_SHOWN = 1_000;
const beginnings = new WeakMap<object, Shown>();

/** Nothing shown yet. Answers of one shape begin with the same, and mostly come to the same: what one worked out the next one has. */
export function nothingShown(shape: object): Shown {
  const begun = beginnings.get(shape);
  if (begun && begun.made.count < MAX_SHOWN) return begun;
  const beginning = new Shown();
  beginnings.set(shape, beginning);
  return beginning;
}

export const levelOf = ({ effect }: Pick<Outcome, "effect">): DisclosureLevel =>
  effect === "ALLOW" ? "clear" : "masked";

/** Notes that a field of a group was shown; a subject may be null where no row stands behind a value. */
export function note(
  subject: Subject | null,
  group: string,
  outcome: Pick<Outcome, "effect" | "obligations">,
  { nobody }: Disclosures,
): void {
  const noted = subject ?? nobody;
  noted.shown = noted.shown.with(group, levelOf(outcome), outcome.obligations);
}

/** A group of which every row shows some field as it is. */
export type OpenGroup = Omit<DisclosedGroup, "level">;

/** Notes what every row shows, of one row after another: rows of which the same was shown before cost a comparison. */
export function noterOf(
  groups: readonly OpenGroup[],
): (subject: Subject | null, disclosures: Disclosures) => void {
  const distinct = [...Map.groupBy(groups, ({ group }) => group)].map(([group, same]) => ({
    group,
    obligations: same.reduce((owed, { obligations }) => addUp(owed, obligations), NO_OBLIGATIONS),
  }));
  if (distinct.length === 0) return () => undefined;
  let before: Shown | null = null;
  let after: Shown | null = null;
  return (subject, disclosures) => {
    const noted = subject ?? disclosures.nobody;
    const { shown } = noted;
    if (shown === after) return;
    if (after === null || shown !== before) {
      before = shown;
      after = distinct.reduce(
        (next, { group, obligations }) => next.with(group, "clear", obligations),
        shown,
      );
    }
    noted.shown = after;
  };
}

export class Disclosures {
  readonly #subjects = new Map<string, Map<string, Subject>>();
  readonly #nothing: Shown;
  /** For values behind which stands no row, as in released tables: nobody is disclosed, and what is owed is owed. */
  readonly nobody: Subject;
  readonly #subjectTypes: ReadonlySet<string>;

  /** Of types that can be a subject when no case is around them. */
  constructor(subjectTypes: ReadonlySet<string>, nothing = new Shown()) {
    this.#subjectTypes = subjectTypes;
    this.#nothing = nothing;
    this.nobody = { type: "", uid: "", shown: nothing };
  }

  canBeAbout(type: string): boolean {
    return this.#subjectTypes.has(type);
  }

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

  /** What is owed for the answer as a whole, by group in the order of their names; groups without are left out. */
  obligations(): ReadonlyMap<string, Obligations> {
    const owing = new Set<Shown>();
    if (this.nobody.shown.owes) owing.add(this.nobody.shown);
    for (const ofType of this.#subjects.values())
      for (const { shown } of ofType.values()) if (shown.owes) owing.add(shown);
    const owed = new Map<string, Obligations>();
    for (const { group, obligations } of [...owing].flatMap(({ groups }) => groups))
      if (obligations.length > 0) owed.set(group, addUp(owed.get(group) ?? NO_OBLIGATIONS, obligations));
    return new Map([...owed].sort(([a], [b]) => (a < b ? -1 : 1)));
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
  if (outer?.type === "Case" || !disclosures.canBeAbout(position.type)) return outer;
  const { uid } = object as { readonly uid?: unknown };
  return typeof uid === "string" ? disclosures.subject(position.type, uid) : outer;
}
