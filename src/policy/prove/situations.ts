/**
 * Every situation that a row can be in, as unknowns of a proof and the laws that bind them.
 *
 * In      the tables of the domain. One space serves all readers: what differs between agencies is a condition.
 * Out     for each fact of `request-nodes.ts` the symbol that stands for it; `world`, true of exactly the facts that
 *         `facts.ts` can make for a reader of the agency: the fold of some row, or the most restrictive facts that stand
 *         in when the ledger does not answer.
 * Rule    a law that forbade too much would let a proof overlook something; tests draw random rows and check that each
 *         one is a situation here.
 */
import type { Node } from "../cedar/node.ts";
import type { Domain } from "../domain.ts";
import { boolSymbol, type Member, numberSymbol, type Symbolic, symbolOf, Unprovable } from "./symbols.ts";
import { FALSE, type Term, type Terms, TRUE } from "./terms.ts";

/** Groups above every group of a case and of a person, which a holder is granted. */
const EVERYTHING = ["caseData", "personData"] as const;
const SETS = ["granted", "consented", "refused", "courtGroups"] as const;
type SetFact = (typeof SETS)[number];
const FLAGS = [
  "own",
  "holder",
  "party",
  "known",
  "assigned",
  "charged",
  "child",
  "sealed",
  "officialSuspect",
  "staffConflict",
] as const;
type Flag = (typeof FLAGS)[number];
const OVERLAYS = ["child", "sealed", "officialSuspect", "staffConflict"] as const satisfies readonly Flag[];

/** What a model says of every unknown. */
export interface SituationValues {
  readonly flag: (name: Flag) => boolean;
  readonly groups: (name: SetFact) => readonly string[];
  readonly basis: string;
  readonly breakGlassUntil: number;
  readonly now: number;
  /** The ledger did not answer. */
  readonly unanswered: boolean;
}

export class Situations {
  readonly terms: Terms;
  readonly #groups: readonly string[];
  readonly #bases: readonly string[];
  readonly #headerCell: (agency: string) => string;
  readonly #worlds = new Map<string, Term>();

  constructor(terms: Terms, domain: Domain, bases: readonly string[]) {
    this.terms = terms;
    this.#groups = [...domain.groups.keys()];
    this.#bases = bases;
    this.#headerCell = (agency) => domain.cell("CASE_HEADER", agency).effect;
  }

  /** The unknown behind a fact. */
  symbol({ reads, type }: Extract<Node, { op: "open" }>): Symbolic {
    const fact = reads.at(-1) ?? "";
    if (isFlag(fact)) return boolSymbol(this.flag(fact));
    if (isSet(fact)) return { kind: "set", members: this.#members(fact, type) };
    if (fact === "basis")
      return { kind: "entity", cases: new Map(this.#bases.map((id) => [id, this.basis(id)])) };
    if (fact === "now" || fact === "breakGlassUntil") return numberSymbol(this.time(fact));
    throw new Unprovable(`the fact \`${fact}\``);
  }

  flag(name: Flag): Term {
    return this.terms.unknown(name, "Bool");
  }

  /** The set holds the group; `courtGroups` count once the case came to charges. */
  has(name: SetFact, group: string): Term {
    const listed = this.terms.unknown(`${name}.${group}`, "Bool");
    return name === "courtGroups" ? this.terms.and(this.flag("charged"), listed) : listed;
  }

  basis(id: string): Term {
    return this.terms.unknown(`basis.${id}`, "Bool");
  }

  time(name: "now" | "breakGlassUntil"): Term {
    return this.terms.unknown(name, "Int");
  }

  /** What can be, for a reader of the agency, on a row that a case leads to or one that was read from a register. */
  world(agency: string, caseBound: boolean): Term {
    const header = caseBound ? this.#headerCell(agency) : "";
    const known = this.#worlds.get(header);
    if (known !== undefined) return known;
    const { terms } = this;
    const unanswered = terms.unknown("unanswered", "Bool");
    const world = terms.and(
      this.#times(),
      terms.one(this.#bases.map((id) => this.basis(id))),
      terms.implies(unanswered, this.#strictest(caseBound)),
      terms.implies(terms.not(unanswered), caseBound ? this.#folded(header) : this.#registered()),
    );
    this.#worlds.set(header, world);
    return world;
  }

  /** Reads a model of z3. */
  values(model: ReadonlyMap<Term, string>): SituationValues {
    const is = (term: Term) => model.get(term) === "true";
    return {
      flag: (name) => is(this.flag(name)),
      groups: (name) =>
        this.vocabulary().filter((group) => is(this.terms.unknown(`${name}.${group}`, "Bool"))),
      basis: this.#bases.find((id) => is(this.basis(id))) ?? "NONE",
      breakGlassUntil: Number(model.get(this.time("breakGlassUntil"))),
      now: Number(model.get(this.time("now"))),
      unanswered: is(this.terms.unknown("unanswered", "Bool")),
    };
  }

  /** Every unknown, in a fixed order: what a model is asked for. */
  unknowns(): readonly Term[] {
    return [
      ...FLAGS.map((name) => this.flag(name)),
      ...SETS.flatMap((name) =>
        this.vocabulary().map((group) => this.terms.unknown(`${name}.${group}`, "Bool")),
      ),
      ...this.#bases.map((id) => this.basis(id)),
      this.time("now"),
      this.time("breakGlassUntil"),
      this.terms.unknown("unanswered", "Bool"),
    ];
  }

  /** Groups that a set of the row may hold. */
  vocabulary(): readonly string[] {
    return [...this.#groups, ...EVERYTHING];
  }

  #members(name: SetFact, type: Node["type"]): readonly Member[] {
    if (type.kind !== "Set") throw new Unprovable(`\`${name}\` as no set`);
    return this.vocabulary().map((group) => ({
      value: symbolOf(group, type.element, this.terms),
      present: this.has(name, group),
    }));
  }

  #times(): Term {
    const { terms } = this;
    const bounded = (["now", "breakGlassUntil"] as const).map((name) =>
      terms.and(
        terms.integers(">=", [this.time(name), "0"], "Bool"),
        terms.integers("<=", [this.time(name), String(LATEST_MS)], "Bool"),
      ),
    );
    return terms.and(...bounded);
  }

  /** `foldFacts` of some row. */
  #folded(header: string): Term {
    const { terms } = this;
    const [holder, party, known] = [this.flag("holder"), this.flag("party"), this.flag("known")];
    const granted = this.#groups.map((group) => this.has("granted", group));
    const everything = EVERYTHING.map((group) => terms.same(this.has("granted", group), holder));
    const none = (name: SetFact) => EVERYTHING.map((group) => terms.not(this.#listed(name, group)));
    const knows = { A: known, M: known, H: terms.not(known), S: terms.same(known, this.flag("charged")) }[
      header
    ];
    return terms.and(
      terms.implies(holder, party),
      terms.implies(terms.or(...granted), terms.and(party, terms.not(holder))),
      ...everything,
      ...none("consented"),
      ...none("refused"),
      ...none("courtGroups"),
      ...this.#groups.map((group) =>
        terms.not(terms.and(this.has("consented", group), this.has("refused", group))),
      ),
      knows ?? (header === "P" ? terms.implies(party, known) : terms.not(known)),
    );
  }

  #listed(name: SetFact, group: string): Term {
    return this.terms.unknown(`${name}.${group}`, "Bool");
  }

  /** Read without a case: its facts are neutral in the residuals already. */
  #registered(): Term {
    return TRUE;
  }

  /** Facts that stand in for an answer that did not come: everything that closes, nothing that opens. */
  #strictest(caseBound: boolean): Term {
    const { terms } = this;
    const closed = ([...FLAGS] as readonly Flag[])
      .filter((name) => name !== "own" && !(OVERLAYS as readonly Flag[]).includes(name))
      .map((name) => terms.not(this.flag(name)));
    const overlays = OVERLAYS.map((name) => this.flag(name));
    if (!caseBound) return terms.and(terms.not(this.flag("assigned")), ...overlays);
    const sets = SETS.flatMap((name) =>
      this.vocabulary().map((group) =>
        terms.same(
          this.#listed(name, group),
          name === "refused" && (EVERYTHING as readonly string[]).includes(group) ? TRUE : FALSE,
        ),
      ),
    );
    return terms.and(
      ...closed,
      ...overlays,
      ...sets,
      this.basis("NONE"),
      terms.integers("=", [this.time("breakGlassUntil"), "0"], "Bool"),
    );
  }
}

/** The last instant that a `Date` can hold. */
const LATEST_MS = 8_640_000_000_000_000;

const isFlag = (name: string): name is Flag => (FLAGS as readonly string[]).includes(name);
const isSet = (name: string): name is SetFact => (SETS as readonly string[]).includes(name);
