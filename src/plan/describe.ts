/**
 * Says in plain data what a plan does: what is asked of whom and in which order, and what policy cut, masked, left to
 * the rows or added, each with its reason. For `ihala plan`; holds no personal data.
 */
import type { PolicyId, SubgraphName } from "../kernel/brands.ts";
import type { Verdict } from "../policy/verdict.ts";
import type { PathSegment, PlanNode } from "./fetch-plan.ts";
import { gateMayOpen } from "./gates.ts";
import type { Gate, InternalField, Position } from "./internal-operation.ts";
import type { Plan } from "./plan.ts";
import type { FieldShape, ObjectShape } from "./shape.ts";

export interface DescribedFetch {
  /** 1 for the first wave; fetches of one wave run side by side. */
  readonly wave: number;
  readonly subgraph: SubgraphName;
  /** Where its rows are, `cases.edges.@.node`; empty at the root. */
  readonly at: readonly string[];
  readonly query: string;
}

export type Treatment = "cut" | "masked" | "by row";

export interface DescribedField {
  readonly treatment: Treatment;
  /** Response names from the root. */
  readonly path: string;
  readonly coordinate: string | null;
  /** Effect, where no row can change it. */
  readonly effect: string | null;
  readonly reason: string | null;
  readonly policies: readonly PolicyId[];
  /** Facts that decide, for `by row`. */
  readonly reads: readonly string[];
}

export interface PlanDescription {
  readonly fetches: readonly DescribedFetch[];
  readonly fields: readonly DescribedField[];
  /** Selections added to decide rows or to join, with the type they were added to. */
  readonly added: readonly string[];
}

export function describePlan({ internal, projection, parts }: Plan): PlanDescription {
  const added = new Set<string>();
  collectAdded(internal.root, added);
  return {
    fetches: describeParts(parts, internal.root),
    fields: "position" in projection.root ? describeFields(projection.root) : [],
    added: [...added],
  };
}

/** The parts of a mutation follow one another. */
function describeParts(parts: Plan["parts"], root: Position): readonly DescribedFetch[] {
  const all: DescribedFetch[] = [];
  let wave = 1;
  for (const { fetches } of parts) {
    if (!fetches.node) continue;
    const described = describeNode(fetches.node, { wave, at: [], root });
    all.push(...described.fetches);
    wave = described.last + 1;
  }
  return all;
}

interface Waves {
  readonly fetches: readonly DescribedFetch[];
  /** Last wave in use. */
  readonly last: number;
}

interface Spot {
  readonly wave: number;
  readonly at: readonly string[];
  readonly root: Position;
}

function describeNode(node: PlanNode, { wave, at, root }: Spot): Waves {
  switch (node.kind) {
    case "Fetch":
    case "BatchFetch": {
      const paths = node.kind === "Fetch" ? [] : node.entityBatch.aliases.flatMap((alias) => alias.paths);
      const places = node.kind === "Fetch" ? at : paths.map((path) => responseNames(path, root));
      const subgraph = node.serviceName as SubgraphName;
      return { fetches: [{ wave, subgraph, at: places, query: node.operation }], last: wave };
    }
    case "Flatten":
      return describeNode(node.node, { wave, at: [responseNames(node.path, root)], root });
    case "Parallel": {
      const parts = node.nodes.map((child) => describeNode(child, { wave, at, root }));
      return {
        fetches: parts.flatMap((part) => part.fetches),
        last: Math.max(wave, ...parts.map(({ last }) => last)),
      };
    }
    case "Condition":
      return describeNode({ kind: "Parallel", nodes: clausesOf(node) }, { wave, at, root });
    case "Subscription":
      return describeNode({ ...node.primary, kind: "Fetch" }, { wave, at, root });
    case "Sequence": {
      const all: DescribedFetch[] = [];
      let last = wave - 1;
      for (const child of node.nodes) {
        const part = describeNode(child, { wave: last + 1, at, root });
        all.push(...part.fetches);
        last = part.last;
      }
      return { fetches: all, last };
    }
  }
}

const clausesOf = ({ ifClause, elseClause }: Extract<PlanNode, { readonly kind: "Condition" }>) =>
  [ifClause, elseClause].filter((clause) => clause !== undefined);

/** A plan's path in the words of the request: `cases.edges.@.node`. */
function responseNames(path: readonly PathSegment[], root: Position): string {
  let here: Position | null = root;
  const names = path.map((segment) => {
    if (segment === "@") return "@";
    if ("TypeCondition" in segment) return `(${segment.TypeCondition.join("|")})`;
    const field: InternalField | undefined = here?.fields.get(segment.Field);
    here = field?.target ?? null;
    return field?.responsePath.at(-1) ?? segment.Field;
  });
  return names.join(".");
}

function describeFields(shape: ObjectShape): readonly DescribedField[] {
  return shape.fields.flatMap((field) => [...describeField(field), ...below(field)]);
}

const below = (field: FieldShape): readonly DescribedField[] =>
  field.kind === "object" ? [...field.shapes.values()].flatMap(describeFields) : [];

function describeField(field: FieldShape): readonly DescribedField[] {
  const path = field.path.join(".");
  if (field.kind === "withheld") {
    if ("verdict" in field.refusal) return [describeGate("cut", path, field.refusal, field.refusal.verdict)];
    const { effect, reason, policies } = field.refusal;
    return [{ treatment: "cut", path, coordinate: null, effect, reason, policies, reads: [] }];
  }
  const gate =
    field.kind === "stage"
      ? field.gate
      : field.kind === "leaf" || field.kind === "object"
        ? field.field.gate
        : null;
  if (gate === null || !gateMayOpen(gate)) return [];
  const { verdict } = gate;
  if (verdict.kind === "residual" || gate.verdicts.some(({ kind }) => kind === "residual")) {
    return [describeGate("by row", path, gate, verdict)];
  }
  return verdict.outcome.effect === "MASK" ? [describeGate("masked", path, gate, verdict)] : [];
}

function describeGate(treatment: Treatment, path: string, gate: Gate, verdict: Verdict): DescribedField {
  const { coordinate } = gate;
  const reads = new Set(gate.verdicts.flatMap((each) => (each.kind === "residual" ? [...each.reads] : [])));
  if (verdict.kind === "residual") {
    return {
      treatment,
      path,
      coordinate,
      effect: null,
      reason: null,
      policies: [],
      reads: [...reads].sort(),
    };
  }
  const { effect, reason, policies } = verdict.outcome;
  return { treatment, path, coordinate, effect, reason, policies, reads: [...reads].sort() };
}

function collectAdded(position: Position, added: Set<string>): void {
  for (const selection of position.injected) added.add(`${position.type}: ${selection}`);
  for (const branch of position.byType?.values() ?? []) collectAdded(branch, added);
  for (const { target } of position.fields.values()) if (target) collectAdded(target, added);
}
