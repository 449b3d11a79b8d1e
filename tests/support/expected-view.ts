/**
 * What the rules leave of a true object for one reader: the answer that the gateway must give, and what it must say is withheld.
 *
 * In      a true object, a selection, and the reader with the facts of the row (domain rules §1).
 * Out     the expected JSON value, with matchers where only the form is known; withheld entries by path.
 * Rule    rules §4 by the oracle, field by field; rules §5 for edges: an edge to a record opens when a field below it does,
 *         an edge to an entity is decided by itself. Written from the rules' text; shares nothing with `src/`.
 */
import { readFileSync } from "node:fs";
import { Form } from "./differences.ts";
import { SAYS_LESS, TRANSFORMED } from "./masked-forms.ts";
import { type OracleAnswer, type OracleRow, oracle, oracleTables } from "./rules-oracle.ts";
import { isTrueObject, SOME_TEXT, type TrueObject } from "./truth/true-object.ts";

/** Field names with what is asked below them. */
export interface Selection {
  readonly [field: string]: Selection | null;
}

export interface ViewReader {
  readonly agency: string;
  readonly role: string;
  readonly purpose: string;
  /** Address of the reader's organisation. */
  readonly member: string;
  readonly sealId: (type: string, uid: string) => string;
  /** Facts of a person read from a register, which replace those of the row that leads to it. */
  readonly registerFacts: (person: string) => OracleRow;
}

export interface ExpectedView {
  readonly value: unknown;
  /** Reason as shown, by response path. */
  readonly withheld: ReadonlyMap<string, string | null>;
  /** Outcomes met, for the count of what was covered. */
  readonly met: ReadonlyMap<string, number>;
  /** Coordinates of which the world has a value and the reader sees it, in clear or masked. */
  readonly shown: ReadonlySet<string>;
}

interface Known {
  readonly group: string;
  readonly owner: string;
}

interface Extra {
  readonly entities: readonly string[];
  readonly recordEdges: readonly string[];
  readonly fields: Readonly<Record<string, { readonly group: string | null; readonly owner: string }>>;
}

const EXTRA = JSON.parse(
  readFileSync(new URL("../../schema/manifest.extra.json", import.meta.url), "utf8"),
) as Extra;
const KNOWN: ReadonlyMap<string, Known> = new Map([
  ...oracleTables.fields.map((row) => [`${row.type}.${row.field}`, row as unknown as Known] as const),
  ...Object.entries(EXTRA.fields).flatMap(([where, { group, owner }]) =>
    group === null ? [] : [[where, { group, owner }] as const],
  ),
]);
/** Classes of organisations: that a field is a class's does not make a row one member's own. */
const CLASSES: ReadonlySet<string> = new Set(["NGO", "EXT"]);

const isShown = ({ effect }: OracleAnswer): boolean => effect === "ALLOW" || effect === "MASK";

export function expectedView(
  truth: TrueObject,
  selection: Selection,
  reader: ViewReader,
  row: OracleRow,
  root: readonly string[],
): ExpectedView {
  const viewer = new Viewer(reader, row);
  const value = viewer.root(truth, selection, root);
  return {
    value: value === ABSENT ? null : value,
    withheld: viewer.withheld,
    met: viewer.met,
    shown: viewer.shown,
  };
}

const ABSENT = Symbol("absent");

class Viewer {
  readonly withheld = new Map<string, string | null>();
  readonly met = new Map<string, number>();
  readonly shown = new Set<string>();
  readonly #reader: ViewReader;
  #row: OracleRow;

  constructor(reader: ViewReader, row: OracleRow) {
    this.#reader = reader;
    this.#row = row;
  }

  object(truth: TrueObject, selection: Selection, path: readonly string[]): unknown {
    if (truth.type === "Case" && !isShown(this.#ask(truth, "id"))) return ABSENT;
    const outer = this.#row;
    if (truth.type === "Person" && outer.caseBound === false)
      this.#row = this.#reader.registerFacts(String(truth.uid));
    const fields = Object.entries(selection).map(
      ([name, below]) => [name, this.#field(truth, name, below, [...path, name])] as const,
    );
    this.#row = outer;
    return Object.fromEntries(fields);
  }

  /** A row of a root field, which no edge has decided: it is there when its id may be seen. */
  root(truth: TrueObject, selection: Selection, path: readonly string[]): unknown {
    if (truth.type === "Case") return this.object(truth, selection, path);
    const answer = this.#ask(truth, "id");
    return isShown(answer)
      ? this.object(truth, selection, path)
      : this.#refuse("Query", path.join("."), answer, path);
  }

  #field(parent: TrueObject, name: string, below: Selection | null, path: readonly string[]): unknown {
    if (name === "id") return this.#id(parent);
    const read = parent.fields[name];
    if (!read) throw new Error(`the truth says nothing of \`${parent.type}.${name}\``);
    const known = KNOWN.get(`${parent.type}.${name}`);
    const value = read();
    if (!known) return this.#plain(value, below, path);
    if (below !== null && isRecord(parent.type, name)) return this.#record(parent, name, value, below, path);

    const answer = this.#count(this.#ask(parent, name));
    if (!isShown(answer)) return this.#refuse(parent.type, name, answer, path);
    if (value !== null && value !== undefined) this.shown.add(`${parent.type}.${name}`);
    if (answer.effect === "ALLOW") return this.#plain(value, below, path);
    return this.#masked(`${parent.type}.${name}`, known.group, value, below, path);
  }

  /** An edge to a record: each item is there when the edge, or any field of the item, is open. */
  #record(
    parent: TrueObject,
    name: string,
    value: unknown,
    below: Selection,
    path: readonly string[],
  ): unknown {
    const edge = this.#ask(parent, name, null);
    const type = RECORD_TYPES.get(`${parent.type}.${name}`) as string;
    const items = (Array.isArray(value) ? value : [value]).filter(isTrueObject);
    const shown = items.filter((item) => this.#recordShows(parent, name, item));
    const anyRow =
      isShown(edge) || this.#fieldsOf(type).some((field) => isShown(this.#askType(type, field, false)));
    if (shown.length === 0 && !anyRow) return this.#refuse(parent.type, name, this.#count(edge), path);
    this.#count({ effect: "ALLOW", reason: null });
    if (shown.length > 0) this.shown.add(`${parent.type}.${name}`);
    if (!Array.isArray(value)) return this.#plain(shown[0] ?? null, below, path);
    return this.#plain(shown, below, path);
  }

  #recordShows(parent: TrueObject, name: string, item: TrueObject): boolean {
    const { group } = KNOWN.get(`${parent.type}.${name}`) as Known;
    const { agency, member } = this.#reader;
    const mask = oracleTables.masks.find((each) => each.group === group && each.agency === agency);
    const cut = mask?.kind === "rows" && !item.inRowsOf.includes(member);
    const answers = [
      this.#ask(parent, name, item),
      ...this.#fieldsOf(item.type).map((field) => this.#ask(item, field)),
    ];
    return answers.some((answer) => answer.effect === "ALLOW" || (answer.effect === "MASK" && !cut));
  }

  #plain(value: unknown, below: Selection | null, path: readonly string[]): unknown {
    if (Array.isArray(value)) {
      return value.map((item) => this.#plain(item, below, path)).filter((item) => item !== ABSENT);
    }
    if (value === SOME_TEXT) return someText;
    if (value instanceof Form) return value;
    if (below === null || value === null || value === undefined) return value ?? null;
    if (isTrueObject(value)) {
      const made = this.object(value, below, path);
      return made === ABSENT ? null : made;
    }
    const row = value as Readonly<Record<string, unknown>>;
    return Object.fromEntries(
      Object.entries(below).map(([name, inner]) => [name, this.#plain(row[name], inner, [...path, name])]),
    );
  }

  #id(parent: TrueObject): unknown {
    return parent.uid === null ? someText : this.#reader.sealId(parent.type, parent.uid);
  }

  /** One entry for each schema path; hidden leaves none. */
  #refuse(type: string, name: string, { effect, reason }: OracleAnswer, path: readonly string[]): unknown {
    if (effect === "HIDE") return LISTS.has(`${type}.${name}`) ? [] : null;
    const key = path.join(".");
    if (!this.withheld.has(key)) this.withheld.set(key, reason === "R10" ? "R7" : reason);
    return null;
  }

  #masked(
    where: string,
    group: string,
    value: unknown,
    below: Selection | null,
    path: readonly string[],
  ): unknown {
    const { agency } = this.#reader;
    const mask = oracleTables.masks.find((each) => each.group === group && each.agency === agency);
    if (value === null || value === undefined) return null;
    const left =
      mask?.kind === "transform" ? (TRANSFORMED.get(where) ?? nothing) : (SAYS_LESS[where] ?? whole);
    return this.#plain(left(value), below, path);
  }

  #ask(parent: TrueObject, field: string, item: TrueObject | null = parent): OracleAnswer {
    const rowOf = item?.ownedBy ? item : parent;
    const own = rowOf.ownedBy ? rowOf.ownedBy.includes(this.#reader.member) : null;
    return this.#askType(parent.type, field, item === null ? false : own);
  }

  /** `own` as the row says it, else by who owns the field. */
  #askType(type: string, field: string, own: boolean | null): OracleAnswer {
    const { agency, role, purpose } = this.#reader;
    const owner = KNOWN.get(`${type}.${field}`)?.owner;
    const derived = owner === agency && !CLASSES.has(agency);
    return oracle({
      agency,
      role,
      purpose,
      field: `${type}.${field}`,
      row: { ...this.#row, own: own ?? derived },
    });
  }

  #fieldsOf(type: string): readonly string[] {
    return FIELDS_OF.get(type) ?? [];
  }

  #count(answer: OracleAnswer): OracleAnswer {
    this.met.set(answer.effect, (this.met.get(answer.effect) ?? 0) + 1);
    return answer;
  }
}

const FIELDS_OF = Map.groupBy(
  [...KNOWN.keys()]
    .filter((where) => !where.endsWith(".id"))
    .map((where) => where.split(".") as [string, string]),
  ([type]) => type,
) as unknown as Map<string, readonly string[]>;
for (const [type, rows] of FIELDS_OF)
  FIELDS_OF.set(
    type,
    rows.map((row) => row[1] as string),
  );

/** Filled from the public schema by `learnShape`: which edges return lists, and which lead to a record. */
const LISTS = new Set<string>();
const RECORD_TYPES = new Map<string, string>();

export function learnEdge(where: string, returns: string, isList: boolean): void {
  if (isList) LISTS.add(where);
  const isEntity = EXTRA.entities.includes(returns) && !EXTRA.recordEdges.includes(where);
  if (!isEntity && (FIELDS_OF.get(returns) ?? []).length > 0) RECORD_TYPES.set(where, returns);
}

const isRecord = (type: string, name: string): boolean => RECORD_TYPES.has(`${type}.${name}`);

const someText = new Form("some text", (value) => typeof value === "string" && value !== "");
const whole = (value: unknown): unknown => value;
const nothing = (): null => null;
