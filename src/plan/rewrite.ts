/**
 * Turns a prepared operation into what will be asked for one reader profile: denied fields are cut, every key is
 * canonical, computed fields are expanded to their inputs, policy inputs are added for what rows will decide.
 *
 * In      a prepared operation, the values of its conditions, the reader's verdicts.
 * Out     the internal operation (text and tree of gates) and the shape of the answer.
 * Rule    docs/policies.md "Edges" and "Existence"; facts follow the path (domain rules §5).
 * Cost    one walk over the selections; no I/O.
 */
import {
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  getNamedType,
  isAbstractType,
  isLeafType,
  Kind,
  type SelectionSetNode,
} from "graphql";
import { type Coordinate, coordinate } from "../kernel/brands.ts";
import { GatewayError } from "../kernel/errors.ts";
import type { PreparedOperation } from "../operation/prepared.ts";
import type { Verdict } from "../policy/verdict.ts";
import type { FieldInfo } from "../supergraph/supergraph.ts";
import { type TypeTable, typeTableOf } from "../supergraph/type-table.ts";
import { ArgumentLifter } from "./arguments.ts";
import { collectFields, type Selected } from "./collect-fields.ts";
import { type Deferral, type ObjectDeferral, UNDEFERRED, type Uses } from "./deferral.ts";
import { type DraftField, DraftPosition } from "./draft.ts";
import { existenceOf, lookupsOf } from "./existence.ts";
import { contentGateOf, type GateMaker, gateMayOpen, gateOf, usesOwn } from "./gates.ts";
import type { ArgumentSlot, Gate, InternalOperation, Lookup } from "./internal-operation.ts";
import { operationParts } from "./operation-parts.ts";
import { type PlainContext, PlainSelection } from "./plain-selection.ts";
import { hasInput, inject } from "./policy-inputs.ts";
import { settleRoot } from "./root-rows.ts";
import type { FieldShape, ObjectFieldShape, ObjectShape, PlainFieldShape, Projection } from "./shape.ts";
import { stageTracks } from "./stage-tracks.ts";
import { isConnection, isCursor, isRoot, isWrapper, START, type Way } from "./way.ts";

/** Facts that a person carries when no case leads to them. */
const PERSON_FACTS = ["child", "officialSuspect", "staffConflict"] as const;

export interface RewriteInput {
  readonly operation: PreparedOperation;
  /** One character per condition variable, as `CoercedVariables.conditions`. */
  readonly conditions: string;
  readonly hasIssue: boolean;
  readonly gates: GateMaker;
  /** What is deferred; null for an answer in one piece. */
  readonly deferral: Deferral | null;
}

export interface RewrittenOperation {
  readonly internal: InternalOperation;
  readonly projection: Projection;
}

type Base = Pick<FieldShape, "responseKey" | "path" | "type" | "uses">;

export const rewrite = (input: RewriteInput): RewrittenOperation => new Rewriter(input).run();

class Rewriter {
  readonly #input: RewriteInput;
  readonly #selected: Selected;
  readonly #types: TypeTable;
  readonly #plain: PlainContext;
  readonly #lifter = new ArgumentLifter();
  readonly #connections = new Map<string, Coordinate>();
  readonly #lookups: Lookup[] = [];
  readonly #beyondHeader = new Set<Coordinate>();
  readonly #introspection: FieldNode[] = [];

  constructor(input: RewriteInput) {
    const { operation, conditions, gates, deferral } = input;
    const types = typeTableOf(gates.supergraph);
    this.#input = input;
    this.#types = types;
    this.#selected = {
      fragments: operation.fragments,
      conditions: new Map(operation.conditionVariables.map((name, i) => [name, conditions[i] === "1"])),
      satisfies: types.satisfies,
    };
    this.#plain = {
      ...{ schema: gates.supergraph.publicSchema, types, selected: this.#selected },
      ...{ introspection: this.#introspection, keys: new Map(), deferral },
      lift: (parent, node, definition) => this.#lifter.share(parent, node, definition),
    };
  }

  run(): RewrittenOperation {
    const { operation, gates, deferral } = this.#input;
    const { operation: kind, selectionSet } = deferral?.definition ?? operation.definition;
    const type = gates.supergraph.publicSchema.getRootType(kind) as GraphQLObjectType;
    const draft = new DraftPosition(type.name);
    const root = this.#root(type, selectionSet, draft);
    const slots = new Set<ArgumentSlot>();
    return {
      internal: {
        kind,
        parts: operationParts(kind, draft, slots),
        root: draft,
        arguments: [...slots],
        connections: this.#connections,
        lookups: this.#lookups,
        beyondHeader: this.#input.hasIssue ? [] : [...this.#beyondHeader],
      },
      projection: { root, introspection: this.#introspectionDocument() },
    };
  }

  #root(type: GraphQLObjectType, set: SelectionSetNode, draft: DraftPosition): Projection["root"] {
    if (!this.#types.isPlain(type.name)) {
      const deferral = this.#input.deferral?.at(UNDEFERRED, [set]) ?? null;
      return this.#object(type, [set], draft, START, deferral);
    }
    const selection = new PlainSelection(type, [set], this.#plain);
    draft.plain.push(selection);
    return selection;
  }

  #introspectionDocument(): Projection["introspection"] {
    if (this.#introspection.length === 0) return null;
    const { definition, fragments } = this.#input.operation;
    const selectionSet: SelectionSetNode = { kind: Kind.SELECTION_SET, selections: this.#introspection };
    return { kind: Kind.DOCUMENT, definitions: [{ ...definition, selectionSet }, ...fragments.values()] };
  }

  #object(
    type: GraphQLObjectType,
    sets: readonly SelectionSetNode[],
    draft: DraftPosition,
    way: Way,
    deferral: ObjectDeferral | null,
  ): ObjectShape {
    const fields: FieldShape[] = [];
    for (const [responseKey, nodes] of collectFields(type.name, sets, this.#selected)) {
      fields.push(this.#field(type, responseKey, nodes, draft, way));
    }
    const carried = isWrapper(type.name) ? this.#carried(type, fields, draft, way) : null;
    const [edges, node] = isConnection(type) ? [carried, null] : [null, carried];
    return { position: draft, fields, node, edges, deferral };
  }

  /** A connection always asks for its edges, an edge for its node: whether the reader may know of the row decides both. */
  #carried(
    type: GraphQLObjectType,
    fields: readonly FieldShape[],
    draft: DraftPosition,
    way: Way,
  ): ObjectFieldShape | null {
    const name = isConnection(type) ? "edges" : "node";
    const asked = fields.find((field) => field.kind === "object" && field.field.key === name);
    const bare: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: name } };
    const carried = asked ?? this.#field(type, name, [bare], draft, way);
    return carried.kind === "object" ? carried : null;
  }

  #field(
    type: GraphQLObjectType,
    responseKey: string,
    nodes: readonly FieldNode[],
    draft: DraftPosition,
    way: Way,
  ): FieldShape {
    const name = nodes[0]?.name.value ?? "";
    const path = [...way.path, responseKey];
    const definition = type.getFields()[name];
    if (!definition) return this.#meta(type, name, responseKey, nodes, path);
    const info = this.#info(type.name, name);
    const base = { responseKey, path, type: definition.type, uses: this.#uses(nodes) };
    if (info.computedFrom !== null && name === "id") {
      draft.injected.add("uid");
      return { kind: "id", ...base };
    }
    const gate = this.#gate(info, way);
    if (info.computedFrom !== null && gate) return this.#computed(info, gate, base, draft, way);
    if (gate && !gateMayOpen(gate)) return { kind: "withheld", ...base, refusal: gate, connection: null };
    const slots = this.#lifter.lift(type.name, nodes[0] as FieldNode, definition);
    const key = slots[0]?.field ?? name;
    const named = getNamedType(definition.type);
    if (gate && !gate.ownOfItems && usesOwn(gate)) inject(draft, "own", this.#input.gates.supergraph);
    const underList = way.underList || info.isList;
    const field = draft.field(key, () => ({
      ...{ name, key, slots, gate, coordinate: info.coordinate, responsePath: path, underList },
      target: isLeafType(named) ? null : new DraftPosition(named.name, isAbstractType(named)),
    }));
    if (isLeafType(named)) {
      return { kind: "leaf", ...base, field, cursorOf: isCursor(type.name, name) ? way.connection : null };
    }
    if (isConnection(named)) this.#connections.set(key, info.coordinate);
    const below: Way = {
      ...way,
      path,
      parent: type.name,
      underList,
      rootRow: isRoot(type) || (way.rootRow && isWrapper(type.name)),
      inbox: way.inbox || name === "referralInbox",
      lookups: isRoot(type) ? this.#noteLookups(slots, named.name) : way.lookups,
      connection: isConnection(named) ? key : way.connection,
    };
    const shape = this.#composite(base, named, nodes, field, below);
    return isRoot(type) && shape.kind === "object" ? settleRoot(shape, field, draft) : shape;
  }

  #meta(
    type: GraphQLObjectType,
    name: string,
    responseKey: string,
    nodes: readonly FieldNode[],
    path: readonly string[],
  ): FieldShape {
    const base = { responseKey, path, type, uses: this.#uses(nodes) };
    if (name === "__typename") return { kind: "typename", ...base };
    this.#introspection.push(...nodes);
    return { kind: "introspection", ...base };
  }

  #composite(
    base: Base,
    named: GraphQLNamedType,
    nodes: readonly FieldNode[],
    field: DraftField,
    way: Way,
  ): ObjectFieldShape | PlainFieldShape {
    const { publicSchema } = this.#input.gates.supergraph;
    const target = field.target as DraftPosition;
    const sets = nodes.flatMap(({ selectionSet }) => (selectionSet ? [selectionSet] : []));
    if (this.#types.isPlain(named.name)) {
      const selection = new PlainSelection(named as GraphQLCompositeType, sets, this.#plain, base.uses);
      target.plain.push(selection);
      return { kind: "plain", ...base, field, selection };
    }
    const types = isAbstractType(named) ? publicSchema.getPossibleTypes(named) : [named as GraphQLObjectType];
    const shapes = new Map<string, ObjectShape>();
    const deferral = this.#input.deferral?.at(base.uses ?? UNDEFERRED, sets) ?? null;
    for (const type of types) {
      const position = target.at(type.name);
      const entered = this.#enter(type, position, field.gate, way);
      shapes.set(type.name, this.#object(type, sets, position, entered, deferral));
      this.#leave(position, way, entered);
    }
    return { kind: "object", ...base, field, shapes };
  }

  #uses(nodes: readonly FieldNode[]): Uses | null {
    return this.#input.deferral?.usesOf(nodes) ?? null;
  }

  /** Where the facts change, what must be there for the object to exist, and what is injected for both. */
  #enter(type: GraphQLObjectType, position: DraftPosition, edge: Gate | null, way: Way): Way {
    const { supergraph } = this.#input.gates;
    if (supergraph.entities.has(type.name)) position.injected.add("uid");
    if (way.rootRow || (edge?.ownOfItems && usesOwn(edge))) inject(position, "own", supergraph);
    if (hasInput(supergraph, type.name, "inRows")) inject(position, "inRows", supergraph);
    // Under a case or a person it is about that; a row of a root field has to say.
    if (way.rootRow) inject(position, "about", supergraph);
    const access = supergraph.fields.get(coordinate(type.name, "access"));
    const ownFacts =
      access?.policyInput === true && (type.name === "Case" || !way.caseBound || way.parent === "Person");
    let entered: Way = { ...way, rootRow: way.rootRow && isWrapper(type.name) };
    if (ownFacts && access.returns === "CaseAccess") {
      position.facts = "case";
      entered = { ...entered, caseBound: true, person: null };
      inject(position, "access", supergraph);
      if (type.name !== "Case") position.injected.add("case{__typename uid}");
    } else if (ownFacts) {
      entered = { ...entered, person: { read: false } };
    }
    position.existence = existenceOf(type.name, way, { ...this.#carrier(entered), ...this.#input.gates });
    for (const verdict of position.existence?.verdicts ?? []) this.#noteReads(verdict, entered);
    return isWrapper(type.name) ? entered : { ...entered, lookups: [] };
  }

  #leave(position: DraftPosition, way: Way, entered: Way): void {
    if (entered.person === null || entered.person === way.person || !entered.person.read) return;
    position.facts = "person";
    inject(position, "access", this.#input.gates.supergraph);
  }

  #computed(info: FieldInfo, gate: Gate, base: Base, draft: DraftPosition, way: Way): FieldShape {
    if (!gateMayOpen(gate)) return { kind: "withheld", ...base, refusal: gate, connection: null };
    const { path: responsePath } = base;
    const { underList } = way;
    const inputs = (info.computedFrom ?? []).flatMap((name) => {
      const where = coordinate(draft.type, name);
      const inputGate = this.#gate(this.#infoAt(where), way);
      if (inputGate && !gateMayOpen(inputGate)) return [];
      const own = { name, key: name, slots: [], gate: inputGate, coordinate: where, target: null };
      return [draft.field(name, () => ({ ...own, responsePath, underList }))];
    });
    const tracks = stageTracks((where) =>
      contentGateOf(this.#infoAt(where), this.#carrier(way), this.#input.gates),
    );
    return { kind: "stage", ...base, gate, inputs, tracks };
  }

  #gate(info: FieldInfo, way: Way): Gate | null {
    const gate = gateOf(info, this.#carrier(way), this.#input.gates);
    if (gate === null) return null;
    for (const verdict of gate.verdicts) this.#noteReads(verdict, way);
    if (
      way.caseBound &&
      gate.group !== "CASE_HEADER" &&
      !(way.inbox && info.coordinate.startsWith("Referral."))
    ) {
      this.#beyondHeader.add(info.coordinate);
    }
    return gate;
  }

  #noteReads(verdict: Verdict, way: Way): void {
    if (way.person === null || verdict.kind === "settled") return;
    if (PERSON_FACTS.some((fact) => verdict.reads.has(fact))) way.person.read = true;
  }

  #carrier(way: Way): { readonly caseBound: boolean; readonly constant: boolean } {
    return { caseBound: way.caseBound, constant: !way.caseBound && way.person === null };
  }

  #noteLookups(slots: readonly ArgumentSlot[], returned: string): readonly Lookup[] {
    const lookups = lookupsOf(slots, returned, this.#input.gates);
    this.#lookups.push(...lookups);
    return lookups;
  }

  #info(type: string, field: string): FieldInfo {
    return this.#infoAt(coordinate(type, field));
  }

  #infoAt(where: Coordinate): FieldInfo {
    const info = this.#input.gates.supergraph.fields.get(where);
    if (!info) throw new GatewayError("INTERNAL_SERVER_ERROR", `\`${where}\` is not in the supergraph`);
    return info;
  }
}
