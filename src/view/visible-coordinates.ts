/**
 * What one reader could ever be shown for one purpose: every coordinate that some question, asked of some row, would answer.
 *
 * In      the reader's gates for that purpose.
 * Out     names of types, and coordinates of fields, arguments, input fields and enum values, reached from the roots.
 * Rule    the gates are those by which operations are planned: a field is in when some row could be ALLOW or MASK on a way that
 *         leads there, an object when its row could exist, and what filters or orders when its field could be ALLOW.
 *         A selection that nothing was decided on yet (a payload, a page) is in for what it leads to, not for its own leaves;
 *         a mutation for its result, the first member of its payload: refusals alone are nothing to ask for.
 * Bounds  at most sixteen ways to stand on a type; what leads round in a circle is in only for something outside of it.
 * Cost    one verdict for each field and way, once for each view (`views.ts`); no I/O.
 */
import {
  type GraphQLNamedType,
  type GraphQLObjectType,
  getNamedType,
  isAbstractType,
  isCompositeType,
} from "graphql";
import { coordinate } from "../kernel/brands.ts";
import { existenceOf } from "../plan/existence.ts";
import { type Carrier, type GateMaker, gateOf, mayPermit, permits } from "../plan/gates.ts";
import { isRoot, isWrapper, START } from "../plan/way.ts";
import type { Verdict } from "../policy/verdict.ts";
import { type TypeTable, typeTableOf } from "../supergraph/type-table.ts";
import { registerRows } from "./register-rows.ts";
import { VisibleInputs } from "./visible-inputs.ts";
import { wholeType } from "./whole-type.ts";

/** How a selection stands on an object type. */
interface Way {
  /** A case leads here. */
  readonly caseBound: boolean;
  /** Below a person whom no case leads to. */
  readonly person: boolean;
  /** A row of a root field, which no edge has decided. */
  readonly rootRow: boolean;
  /** Something on the way was decided. */
  readonly decided: boolean;
}

interface Selectable {
  readonly name: string;
  readonly type: GraphQLNamedType;
  /** Being there makes its object worth a mention. */
  readonly counts: boolean;
  /** Null for leaves and for types on which nothing is decided. */
  readonly targets: readonly Standing[] | null;
  /** One of these must be visible for the field to be. */
  readonly needs: readonly Standing[] | null;
}

interface Standing {
  readonly type: GraphQLObjectType;
  readonly way: Way;
  fields: readonly Selectable[];
}

export const visibleCoordinates = (gates: GateMaker): ReadonlySet<string> => new Walk(gates).run();

class Walk {
  readonly #gates: GateMaker;
  readonly #types: TypeTable;
  readonly #inputs: VisibleInputs;
  readonly #standings = new Map<string, Standing>();
  readonly #visible = new Set<Standing>();
  readonly #kept = new Set<string>();

  constructor(gates: GateMaker) {
    this.#gates = gates;
    this.#types = typeTableOf(gates.supergraph);
    this.#inputs = new VisibleInputs(gates);
  }

  run(): ReadonlySet<string> {
    const { publicSchema } = this.#gates.supergraph;
    const roots = (["query", "mutation", "subscription"] as const)
      .flatMap((kind) => publicSchema.getRootType(kind as never) ?? [])
      .map((type) => this.#stand(type, { caseBound: false, person: false, rootRow: false, decided: true }));
    this.#settle();
    const collected = new Set<Standing>();
    for (const root of roots) this.#collect(root, collected);
    return this.#kept;
  }

  #stand(type: GraphQLObjectType, from: Way): Standing {
    const entered = this.#entered(type, from);
    const key = [type.name, ...Object.values(entered)].join();
    const known = this.#standings.get(key);
    if (known) return known;
    const existence = this.#existence(type, entered);
    const way = { ...entered, decided: entered.decided || existence === "decided" };
    const standing: Standing = { type, way, fields: [] };
    this.#standings.set(key, standing);
    if (existence !== "never")
      standing.fields = Object.keys(type.getFields()).flatMap((name) => this.#selectable(standing, name));
    return standing;
  }

  /** As `plan/rewrite.ts` enters an object: where the facts of a case, or of a person, begin. */
  #entered({ name }: GraphQLObjectType, from: Way): Way {
    const access = this.#gates.supergraph.fields.get(coordinate(name, "access"));
    if (access?.policyInput !== true) return from;
    if (access.returns === "CaseAccess") return { ...from, caseBound: true, person: false };
    return { ...from, person: !from.caseBound };
  }

  /** Whether the row of an object can be there at all; `undecided` where that is not asked. */
  #existence({ name }: GraphQLObjectType, way: Way): "decided" | "undecided" | "never" {
    const within = { ...carrierOf(way), ...this.#gates };
    const existence = existenceOf(name, { ...START, rootRow: way.rootRow }, within);
    if (existence === null) return "undecided";
    return existence.verdicts.some((verdict) => this.#opens(verdict, existence.own, way))
      ? "decided"
      : "never";
  }

  #selectable({ type, way }: Standing, name: string): readonly Selectable[] {
    const field = type.getFields()[name]!;
    const info = this.#gates.supergraph.fields.get(coordinate(type.name, name));
    const gate = info ? gateOf(info, carrierOf(way), this.#gates) : null;
    if (gate && !gate.verdicts.some((verdict) => this.#opens(verdict, gate.own, way))) return [];
    const named = getNamedType(field.type);
    if (!this.#inputs.canBeAsked(type.name, field, returnedBy(type, way, named))) return [];
    const isDecided = gate !== null || (way.decided && !isRoot(type));
    const base = { name, type: named };
    if (!isCompositeType(named) || this.#types.isPlain(named.name))
      return [
        {
          ...base,
          counts: gate !== null || (way.decided && !isWrapper(type.name)),
          ...{ targets: null, needs: null },
        },
      ];
    const below: Way = {
      ...way,
      rootRow: isRoot(type) || (way.rootRow && isWrapper(type.name)),
      decided: isDecided || named.name === PAGE_INFO,
    };
    const possible = isAbstractType(named)
      ? this.#gates.supergraph.publicSchema.getPossibleTypes(named)
      : [named];
    const decided = possible.filter((each) => !this.#types.isPlain(each.name));
    const targets = decided.map((each) => this.#stand(each, below));
    const isResult = isMutation(this.#gates, type) && decided[0] === possible[0];
    const needs = isResult ? targets.slice(0, 1) : targets;
    return [{ ...base, counts: named.name !== PAGE_INFO, targets, needs }];
  }

  #opens(verdict: Verdict, own: boolean | "row", way: Way): boolean {
    if (verdict.kind === "settled" || way.caseBound) return mayPermit(verdict);
    const { registerFacts } = this.#gates;
    return registerRows(verdict.reads, registerFacts, { own, isPerson: way.person }).some((row) =>
      permits(verdict.decide(row.facts, row.own)),
    );
  }

  /** The least that is visible: nothing is so only because of itself. */
  #settle(): void {
    for (let before = -1; before !== this.#visible.size; ) {
      before = this.#visible.size;
      for (const standing of this.#standings.values())
        if (standing.fields.some((field) => field.counts && this.#isVisible(field)))
          this.#visible.add(standing);
    }
  }

  #isVisible({ needs }: Selectable): boolean {
    return needs?.some((target) => this.#visible.has(target)) ?? true;
  }

  #collect(standing: Standing, collected: Set<Standing>): void {
    if (!this.#visible.has(standing) || collected.has(standing)) return;
    collected.add(standing);
    const { type, way, fields } = standing;
    this.#kept.add(type.name);
    for (const field of fields) {
      if (!this.#isVisible(field)) continue;
      this.#kept.add(coordinate(type.name, field.name));
      const definition = type.getFields()[field.name]!;
      for (const each of this.#inputs.of(type.name, definition, returnedBy(type, way, field.type)))
        this.#kept.add(each);
      if (field.targets === null) this.#collectWhole(field.type);
      else {
        this.#kept.add(field.type.name);
        if (isAbstractType(field.type)) this.#collectPlainMembers(field.type.name);
        for (const target of field.targets) this.#collect(target, collected);
      }
    }
  }

  #collectPlainMembers(name: string): void {
    const { publicSchema } = this.#gates.supergraph;
    const type = publicSchema.getType(name);
    for (const member of isAbstractType(type) ? publicSchema.getPossibleTypes(type) : [])
      if (this.#types.isPlain(member.name)) this.#collectWhole(member);
  }

  #collectWhole(type: GraphQLNamedType): void {
    for (const each of wholeType(this.#gates.supergraph.publicSchema, type)) this.#kept.add(each);
  }
}

const returnedBy = (type: GraphQLObjectType, { caseBound }: Way, { name: returns }: GraphQLNamedType) => ({
  returns,
  caseBound: isRoot(type) ? null : caseBound,
});

const isMutation = ({ supergraph }: GateMaker, type: GraphQLObjectType): boolean =>
  type === supergraph.publicSchema.getMutationType();

const PAGE_INFO = "PageInfo";

const carrierOf = ({ caseBound, person }: Way): Carrier => ({ caseBound, constant: !caseBound && !person });
