/**
 * What a draft changes, by decision and not by text: who would get what instead of what, and in which situation.
 *
 * Out     changes for the readers and fields that they concern alike, each with the smallest situation that shows it; wider
 *         ones first. Two sets that say the same in other words differ in nothing.
 * Rule    complete over all readers and situations; each change is tried out on both engines before it is told. A reader
 *         who may not claim the purpose is answered HIDE. To owe less for what is shown is wider, to owe more is narrower.
 *         Another masked form is a change: wider when it is the clearer one.
 *         Reasons and policies may differ without a change.
 * Errors  PROVER_UNAVAILABLE when z3 cannot say.
 * Cost    only fields are looked at of which a policy speaks that is not in both sets; all of them when the schemas differ.
 */
import { isDeepStrictEqual } from "node:util";
import { obligationText, obliges } from "../../kernel/obligations.ts";
import { type Answer, answerOf } from "../decide.ts";
import type { DomainField } from "../domain.ts";
import { isShowing, levelIndex, levelsOf } from "../levels.ts";
import type { PolicySet, ProfileReader } from "../policy-set.ts";
import { Reach } from "../prove/reach.ts";
import { confirmed, outcomeIn, type Situation } from "../prove/situation.ts";
import { Situations } from "../prove/situations.ts";
import { solve } from "../prove/solver.ts";
import { FALSE, type Term, Terms, TRUE } from "../prove/terms.ts";
import { UNKNOWN } from "../reasons.ts";
import type { Outcome } from "../verdict.ts";
import { type FieldClass, fieldClasses } from "./field-classes.ts";
import { type Finding, mergeAlike, readerKey } from "./merge-alike.ts";
import { type AskingReader, everyReader } from "./readers.ts";

export interface DecisionChange extends Finding {
  readonly kind: "wider" | "narrower";
  readonly before: Answer;
  readonly after: Answer;
}

export interface PolicyDiff {
  readonly changes: readonly DecisionChange[];
  /** Ids of policies, by text. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
}

type Side = {
  readonly policySet: PolicySet;
  readonly reach: Reach;
  readonly readers: ReadonlyMap<string, AskingReader>;
};

interface Case {
  readonly reader: ProfileReader;
  readonly fields: FieldClass;
  readonly caseBound: boolean;
  readonly kind: DecisionChange["kind"];
  /** Names the change: cases of the same change under the same condition are told by one situation. */
  readonly change: string;
  readonly term: Term;
  /** Whether two outcomes are such a change. */
  readonly isSeen: (before: Outcome, after: Outcome) => boolean;
}

type About = Pick<Case, "reader" | "fields" | "caseBound">;
/** What one side says of a reader; null when the reader may not claim the purpose there. */
type Says = { readonly reach: Reach; readonly residuals: AskingReader["residuals"] | null };

export async function diffPolicies(before: PolicySet, after: PolicySet): Promise<PolicyDiff> {
  const texts = textChanges(before, after);
  const terms = new Terms();
  const situations = new Situations(terms, after.domain, after.schema.enums.get("Basis") ?? []);
  const side = (policySet: PolicySet): Side => ({
    policySet,
    reach: new Reach(policySet, situations),
    readers: new Map(everyReader(policySet).map((reader) => [readerKey(reader), reader])),
  });
  const sides = [side(before), side(after)] as const;
  const cases = casesOf(sides, situations, speakingOf(before, after, texts));
  const groups = [...Map.groupBy(cases, ({ change, term }) => `${change} ${term}`).values()];
  const models = await solve(
    terms,
    groups.map(([first]) => first!.term),
    situations.unknowns(),
  );
  const changes = groups.flatMap((same, index) => {
    const model = models[index];
    return model ? same.map((each) => changeOf(sides, each, situations.values(model))) : [];
  });
  const order = ["wider", "narrower"];
  const merged = mergeAlike(changes, ({ kind, before: from, after: to }) => JSON.stringify([kind, from, to]));
  return { ...texts, changes: merged.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind)) };
}

function textChanges(before: PolicySet, after: PolicySet): Omit<PolicyDiff, "changes"> {
  const [old, now] = [before, after].map(
    (set) => new Map(set.policies.map(({ id, text }) => [id, text] as const)),
  );
  const added = [...now!.keys()].filter((id) => !old!.has(id));
  const removed = [...old!.keys()].filter((id) => !now!.has(id));
  const changed = [...now!.keys()].filter((id) => old!.has(id) && old!.get(id) !== now!.get(id));
  return { added, removed, changed };
}

/** Fields of which a policy speaks that is not in both sets. An action in another group is under policies whose texts did not change. */
function speakingOf(before: PolicySet, after: PolicySet, texts: Omit<PolicyDiff, "changes">) {
  const touched = new Set([...texts.added, ...texts.removed, ...texts.changed]);
  const sameSchema = isDeepStrictEqual(before.schema, after.schema);
  return (field: DomainField): boolean =>
    !sameSchema ||
    levelsOf(field).some(({ action }) =>
      [before, after].some(({ actions }) => actions.policiesOf(action).some(({ id }) => touched.has(id))),
    );
}

function casesOf(
  sides: readonly [Side, Side],
  situations: Situations,
  speaksOf: (field: DomainField) => boolean,
): readonly Case[] {
  const [before, after] = sides;
  const sets = sides.map(({ policySet }) => policySet);
  const all = [...after.policySet.domain.fields.values()];
  const every = fieldClasses(sets, all);
  const touched = fieldClasses(sets, all.filter(speaksOf));
  const readers = new Map([...before.readers, ...after.readers]);
  return [...readers].flatMap(([key, reader]) => {
    const claims = before.readers.has(key) && after.readers.has(key);
    return (claims ? touched : every).flatMap((fields) =>
      [true, false].flatMap((caseBound) => {
        const about = { reader, fields, caseBound };
        const says = sides.map(({ reach, readers: known }) => ({
          reach,
          residuals: known.get(key)?.residuals ?? null,
        })) as [Says, Says];
        return [...levelChanges(says, situations, about), ...obligationChanges(says, situations, about)];
      }),
    );
  });
}

function levelChanges(says: readonly [Says, Says], situations: Situations, about: About): readonly Case[] {
  const { reader, fields, caseBound } = about;
  const { terms } = situations;
  const places = levelsOf(fields[0]).map((_, place) => place);
  const reaches = ({ reach, residuals }: Says): readonly Term[] =>
    residuals ? reach.atLeastEach(residuals, fields[0], caseBound) : places.map(() => FALSE);
  const [before, after] = [reaches(says[0]), reaches(says[1])];
  if (before.every((term, index) => term === after[index])) return [];
  /** That level and no clearer one; the last is to be hidden. */
  const exactly = (reached: readonly Term[], index: number) =>
    terms.and(reached[index] ?? TRUE, terms.not(reached[index - 1] ?? FALSE));
  const world = situations.world(reader.agency, caseBound);
  const all = [...places, places.length];
  return all.flatMap((from) =>
    all.flatMap((to): readonly Case[] => {
      if (from === to) return [];
      const term = terms.and(world, exactly(before, from), exactly(after, to));
      const isSeen = (was: Outcome, is: Outcome) =>
        levelIndex(fields[0], was) === from && levelIndex(fields[0], is) === to;
      const kind = to < from ? "wider" : "narrower";
      return term === FALSE ? [] : [{ ...about, kind, change: `${from} ${to}`, term, isSeen }];
    }),
  );
}

/** Where as much is shown as before, and readers owe less for it, or more. */
function obligationChanges(
  [before, after]: readonly [Says, Says],
  situations: Situations,
  about: About,
): readonly Case[] {
  const { reader, fields, caseBound } = about;
  const { terms } = situations;
  if (!before.residuals || !after.residuals) return [];
  const inBefore = [before.residuals, fields[0], caseBound] as const;
  const inAfter = [after.residuals, fields[0], caseBound] as const;
  const shown = levelsOf(fields[0]).filter(isShowing);
  return shown.flatMap((level, place) => {
    const [was, is] = [before.reach.owed(level, ...inBefore), after.reach.owed(level, ...inAfter)];
    if (was.key === is.key) return [];
    const distinct = new Map([...was.named, ...is.named].map((each) => [obligationText(each), each]));
    return [...distinct].flatMap(([text, obligation]): readonly Case[] => {
      const [owed, owedNow] = [was.when(obligation), is.when(obligation)];
      if (owed === owedNow) return [];
      const alike = terms.and(
        situations.world(reader.agency, caseBound),
        before.reach.exactly(level, ...inBefore),
        after.reach.exactly(level, ...inAfter),
      );
      const change = (kind: Case["kind"], term: Term): readonly Case[] => {
        const isSeen = (one: Outcome, other: Outcome) =>
          levelIndex(fields[0], one) === place &&
          levelIndex(fields[0], other) === place &&
          obliges(one.obligations, obligation) === (kind === "wider") &&
          obliges(other.obligations, obligation) === (kind === "narrower");
        return term === FALSE ? [] : [{ ...about, kind, change: `${place} ${kind} ${text}`, term, isSeen }];
      };
      return [
        ...change("wider", terms.and(alike, owed, terms.not(owedNow))),
        ...change("narrower", terms.and(alike, owedNow, terms.not(owed))),
      ];
    });
  });
}

function changeOf(
  sides: readonly [Side, Side],
  { reader, fields, caseBound, kind, isSeen }: Case,
  values: ReturnType<Situations["values"]>,
): DecisionChange {
  const outcomes = (situation: Situation) =>
    sides.map(({ policySet, readers }) =>
      readers.has(readerKey(reader)) ? outcomeIn(policySet, reader, fields[0], situation) : REFUSED,
    );
  const situation = confirmed(values, reader, caseBound, (each) => {
    const [before, after] = outcomes(each);
    return isSeen(before!, after!);
  });
  const [before, after] = outcomes(situation);
  return {
    kind,
    readers: [reader],
    fields,
    reader,
    field: fields[0],
    situation,
    before: answerOf(before!),
    after: answerOf(after!),
  };
}

/** The whole operation is refused. */
const REFUSED = { ...UNKNOWN, effect: "HIDE" } as const;
