/**
 * Puts a gate on every field that policy decides: the field's verdict, the verdicts below it for an edge to a
 * record, and where `own` is read.
 *
 * Rule    an edge to a record opens when any field of the record is open; an edge to an entity is decided by
 *         itself (docs/policies.md, "Edges").
 */
import type { Coordinate } from "../kernel/brands.ts";
import { NO_OBLIGATIONS } from "../kernel/obligations.ts";
import type { Facts, Outcome, Profile, Verdict } from "../policy/verdict.ts";
import { rowType } from "../supergraph/row-type.ts";
import type { FieldInfo, Supergraph } from "../supergraph/supergraph.ts";
import type { Gate } from "./internal-operation.ts";
import { hasInput } from "./policy-inputs.ts";

export interface GateMaker {
  readonly supergraph: Supergraph;
  readonly profile: Profile;
  /** True when the agency that owns a field is the reader's own, and has no other members. */
  readonly isOwn: (info: FieldInfo) => boolean;
  /** The facts of a row that no case leads to. */
  readonly registerFacts: Facts;
  /** Noted while a plan is made: something in it may be otherwise at another time. */
  readonly time?: { isRead: boolean };
}

/** What is known about the object that carries the field. */
export interface Carrier {
  readonly caseBound: boolean;
  /** Nothing about the row can matter but `own`: residuals settle against the register's constant facts. */
  readonly constant: boolean;
}

export function gateOf(info: FieldInfo, carrier: Carrier, maker: GateMaker): Gate | null {
  if (info.group === null) return null;
  const verdictOf = (asked: Coordinate) =>
    settleEarly(maker.profile.verdict({ coordinate: asked, caseBound: carrier.caseBound }), carrier, maker);
  const items = info.edge !== null && hasInput(maker.supergraph, info.returns, "own");
  const parent = info.coordinate.slice(0, info.coordinate.indexOf("."));
  const verdict = verdictOf(info.coordinate);
  const below = info.edge === "record" ? recordFields(maker.supergraph, info.returns).map(verdictOf) : [];
  return {
    coordinate: info.coordinate,
    group: info.group,
    verdict,
    ...together(verdict, below),
    own: items || hasInput(maker.supergraph, parent, "own") ? "row" : maker.isOwn(info),
    ownOfItems: items,
  };
}

function together(
  verdict: Verdict,
  below: readonly Verdict[],
): Pick<Gate, "below" | "verdicts" | "opensAlways"> {
  const verdicts = [...new Set([verdict, ...below])];
  return { below, verdicts, opensAlways: verdicts.some(permitsEveryRow) };
}

/** A mask of rows shows some of them only. */
const permitsEveryRow = (verdict: Verdict): boolean =>
  verdict.kind === "settled" &&
  ["ALLOW", "MASK"].includes(verdict.outcome.effect) &&
  verdict.outcome.mask !== "rows";

/** The gate of an edge to a record, opened by fields of the edge's own group alone: not by a number in the header. */
export function contentGateOf(info: FieldInfo, carrier: Carrier, maker: GateMaker): Gate | null {
  const gate = gateOf(info, carrier, maker);
  if (gate === null) return null;
  const { fields } = maker.supergraph;
  const content = recordFields(maker.supergraph, info.returns).flatMap((where, i) =>
    fields.get(where)?.group === gate.group ? (gate.below[i] ?? []) : [],
  );
  return { ...gate, ...together(gate.verdict, content) };
}

/** Grouped fields of a record type, or of the rows of a page of it: any of them opens an edge to it. */
export function recordFields(supergraph: Supergraph, type: string): readonly Coordinate[] {
  const known = RECORD_FIELDS.get(supergraph) ?? new Map<string, readonly Coordinate[]>();
  RECORD_FIELDS.set(supergraph, known);
  let fields = known.get(type);
  if (!fields) {
    const prefix = `${rowType(type)}.`;
    fields = [...supergraph.fields.values()]
      .filter((field) => field.coordinate.startsWith(prefix) && field.group !== null)
      .map((field) => field.coordinate);
    known.set(type, fields);
  }
  return fields;
}

const RECORD_FIELDS = new WeakMap<Supergraph, Map<string, readonly Coordinate[]>>();

/** Verdicts that could open something for some row. */
export const mayPermit = (verdict: Verdict): boolean =>
  verdict.kind === "residual" ? verdict.opens : permits(verdict.outcome);

export const gateMayOpen = ({ verdicts }: Gate): boolean => verdicts.some(mayPermit);

/** The decision needs to know whose row it is. */
export const usesOwn = ({ verdicts }: Gate): boolean =>
  verdicts.some((each) => each.kind === "residual" && each.reads.has("own"));

export const permits = (outcome: Outcome): boolean => outcome.effect === "ALLOW" || outcome.effect === "MASK";

/**
 * A residual of which every fact is known already is settled. A plan is kept for a while, though: what time may take back stays a
 * residual, to be decided when it is shown; what time may give is refused until the plan is made anew (`plan.ts`).
 */
export function settleEarly(verdict: Verdict, carrier: Carrier, maker: GateMaker): Verdict {
  if (verdict.kind === "settled" || !carrier.constant || verdict.reads.has("own")) return verdict;
  const outcome = verdict.decide(maker.registerFacts, false);
  if (!verdict.reads.has("now")) return { kind: "settled", outcome };
  if (maker.time) maker.time.isRead = true;
  return permits(outcome) ? verdict : { kind: "settled", outcome };
}

/** Of verdicts that permit nothing, the outcome to show: a refusal that is told wins over one that is not. */
export function refusalOf(verdicts: readonly Verdict[]): Outcome {
  const outcomes = verdicts.flatMap((verdict) => (verdict.kind === "settled" ? [verdict.outcome] : []));
  return outcomes.find(({ effect }) => effect !== "HIDE") ?? outcomes[0] ?? HIDDEN;
}

const HIDDEN: Outcome = {
  ...{ effect: "HIDE", reason: null, shownReason: null, policies: [], mask: null },
  obligations: NO_OBLIGATIONS,
};
