/**
 * Cedar values of which part is unknown, as SMT terms: what `values.ts` is to plain rows.
 *
 * A Bool, and whatever Cedar counts (Long, datetime, duration, decimal), is a term. An entity is the set of ids that it
 * may be, each with the condition under which it is that one; a set is its possible members with theirs.
 * Errors  `Unprovable` for what has no such form: text and addresses of a row. Policies of ours have none.
 */
import type { CedarType } from "../cedar/types.ts";
import type { RecordValue, Value } from "../cedar/values.ts";
import { FALSE, type Term, type Terms, TRUE } from "./terms.ts";

export type Symbolic =
  | { readonly kind: "bool" | "number"; readonly term: Term }
  | { readonly kind: "entity"; readonly cases: ReadonlyMap<string, Term> }
  | { readonly kind: "set"; readonly members: readonly Member[] }
  | { readonly kind: "record"; readonly fields: ReadonlyMap<string, Symbolic> };

export interface Member {
  readonly value: Symbolic;
  readonly present: Term;
}

export class Unprovable extends Error {}

export const boolSymbol = (term: Term): Symbolic => ({ kind: "bool", term });
export const numberSymbol = (term: Term): Symbolic => ({ kind: "number", term });

export function symbolOf(value: Value, type: CedarType, terms: Terms): Symbolic {
  switch (type.kind) {
    case "Bool":
      return boolSymbol(value === true ? TRUE : FALSE);
    case "Long":
    case "decimal":
    case "datetime":
    case "duration":
      return numberSymbol(terms.number(value as number | bigint));
    case "Entity":
      return { kind: "entity", cases: new Map([[value as string, TRUE]]) };
    case "Set":
      return {
        kind: "set",
        members: (value as readonly Value[]).map((member) => ({
          value: symbolOf(member, type.element, terms),
          present: TRUE,
        })),
      };
    case "Record":
      return {
        kind: "record",
        fields: new Map(
          [...type.attributes].flatMap(([name, attribute]) => {
            const field = (value as RecordValue)[name];
            return field === undefined ? [] : [[name, symbolOf(field, attribute.type, terms)] as const];
          }),
        ),
      };
    default:
      throw new Unprovable(`a ${type.kind} of the row`);
  }
}

/** Any value of the type: what stands where evaluation errs, so that nothing may be concluded from it. */
export function anyOf(type: CedarType, terms: Terms): Symbolic {
  if (type.kind === "Set") return { kind: "set", members: [] };
  if (type.kind === "Entity") return { kind: "entity", cases: new Map() };
  if (type.kind === "Record") {
    const fields = [...type.attributes].map(([name, { type: of }]) => [name, anyOf(of, terms)] as const);
    return { kind: "record", fields: new Map(fields) };
  }
  return type.kind === "Bool" ? boolSymbol(FALSE) : numberSymbol(terms.number(0));
}

export function equalSymbols(a: Symbolic, b: Symbolic, terms: Terms): Term {
  if (a.kind === "entity" && b.kind === "entity") {
    return terms.or(...[...a.cases].map(([id, is]) => terms.and(is, b.cases.get(id) ?? FALSE)));
  }
  if (a.kind === "set" && b.kind === "set") {
    return terms.and(containsEvery(a, b, terms), containsEvery(b, a, terms));
  }
  if (a.kind === "record" && b.kind === "record") {
    const names = new Set([...a.fields.keys(), ...b.fields.keys()]);
    return terms.and(
      ...[...names].map((name) => {
        const [left, right] = [a.fields.get(name), b.fields.get(name)];
        return left && right ? equalSymbols(left, right, terms) : FALSE;
      }),
    );
  }
  if ((a.kind === "bool" || a.kind === "number") && a.kind === b.kind) return terms.same(a.term, b.term);
  return FALSE;
}

export function containsSymbol(set: Symbolic, value: Symbolic, terms: Terms): Term {
  return terms.or(
    ...membersOf(set).map((member) => terms.and(member.present, equalSymbols(member.value, value, terms))),
  );
}

/** Every member of `other` is one of `set`. */
export function containsEvery(set: Symbolic, other: Symbolic, terms: Terms): Term {
  return terms.and(
    ...membersOf(other).map(({ value, present }) =>
      terms.implies(present, containsSymbol(set, value, terms)),
    ),
  );
}

export function containsSome(set: Symbolic, other: Symbolic, terms: Terms): Term {
  return terms.or(
    ...membersOf(other).map(({ value, present }) => terms.and(present, containsSymbol(set, value, terms))),
  );
}

export function membersOf(set: Symbolic): readonly Member[] {
  if (set.kind !== "set") throw new Unprovable(`a ${set.kind} where a set is needed`);
  return set.members;
}

export function chooseSymbol(condition: Term, yes: Symbolic, no: Symbolic, terms: Terms): Symbolic {
  const when = (is: Term, other: Term) =>
    terms.or(terms.and(condition, is), terms.and(terms.not(condition), other));
  if (yes.kind === "entity" && no.kind === "entity") {
    const ids = new Set([...yes.cases.keys(), ...no.cases.keys()]);
    return {
      kind: "entity",
      cases: new Map([...ids].map((id) => [id, when(yes.cases.get(id) ?? FALSE, no.cases.get(id) ?? FALSE)])),
    };
  }
  if (yes.kind === "set" && no.kind === "set") {
    const limited = (members: readonly Member[], limit: Term) =>
      members.map(({ value, present }) => ({ value, present: terms.and(limit, present) }));
    return {
      kind: "set",
      members: [...limited(yes.members, condition), ...limited(no.members, terms.not(condition))],
    };
  }
  if (yes.kind === "record" && no.kind === "record") {
    const fields = [...yes.fields].map(([name, field]) => {
      const other = no.fields.get(name);
      if (!other) throw new Unprovable("records of different shape in one `if`");
      return [name, chooseSymbol(condition, field, other, terms)] as const;
    });
    return { kind: "record", fields: new Map(fields) };
  }
  if ((yes.kind === "bool" || yes.kind === "number") && (no.kind === "bool" || no.kind === "number")) {
    const sort = yes.kind === "bool" ? "Bool" : "Int";
    return { kind: yes.kind, term: terms.choose(condition, yes.term, no.term, sort) };
  }
  throw new Unprovable("values of different kinds in one `if`");
}
