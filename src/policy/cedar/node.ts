/**
 * What is left of a Cedar expression when part of the request is known: a tree of values, unknowns and operations.
 *
 * A node knows its type, whether evaluating it may err, and which facts of the row it reads. Constants are folded as
 * the tree is built, with Cedar's semantics: `false && error` is false, `error && false` is an error.
 */
import { EVALUATION_ERROR } from "./evaluation-error.ts";
import { BOOL, type CedarType } from "./types.ts";
import type { Value } from "./values.ts";

/** Opaque here: whatever the `read` functions of the unknowns take. */
export type Row = unknown;

export type Node =
  | { readonly op: "known"; readonly type: CedarType; readonly value: Value }
  | { readonly op: "failed"; readonly type: CedarType }
  | {
      readonly op: "open";
      readonly type: CedarType;
      /** Facts that it reads, for `Verdict.reads`. */
      readonly reads: readonly string[];
      /** Undefined when the row lacks it: an error, as in Cedar. */
      readonly read: (row: Row) => Value | undefined;
      readonly mayFail: boolean;
    }
  /** An entity whose attributes and parents the row states: the resource. */
  | {
      readonly op: "entity";
      readonly type: CedarType;
      readonly id: Node;
      readonly attribute: (name: string) => Node;
      readonly has: (name: string) => Node;
      /** Its tags as a record; absent where the row states none. */
      readonly tags?: Node;
      /** Whether the row says that the entity is in another, other than itself. */
      readonly isIn: (row: Row, type: string, id: string) => boolean;
    }
  | { readonly op: "record"; readonly type: CedarType; readonly fields: ReadonlyMap<string, Node> }
  | {
      readonly op: "apply";
      readonly name: string;
      readonly type: CedarType;
      readonly args: readonly Node[];
      readonly run: (a: Value, b: Value, row: Row) => Value;
      readonly mayFail: boolean;
    }
  | { readonly op: "and" | "or"; readonly type: CedarType; readonly args: readonly [Node, Node] }
  | { readonly op: "if"; readonly type: CedarType; readonly args: readonly [Node, Node, Node] };

export const known = (value: Value, type: CedarType): Node => ({ op: "known", type, value });
export const TRUE = known(true, BOOL);
export const FALSE = known(false, BOOL);
export const bool = (value: boolean): Node => (value ? TRUE : FALSE);
export const FAILED: Node = { op: "failed", type: BOOL };

export const isTrue = (node: Node): boolean => node.op === "known" && node.value === true;
export const isFalse = (node: Node): boolean => node.op === "known" && node.value === false;

export function mayFail(node: Node): boolean {
  switch (node.op) {
    case "known":
      return false;
    case "failed":
      return true;
    case "open":
      return node.mayFail;
    case "entity":
      return mayFail(node.id);
    case "record":
      return [...node.fields.values()].some(mayFail);
    case "apply":
      return node.mayFail || node.args.some(mayFail);
    default:
      return node.args.some(mayFail);
  }
}

export function readsOf(node: Node, into: Set<string> = new Set()): Set<string> {
  if (node.op === "open") for (const name of node.reads) into.add(name);
  if (node.op === "record") for (const field of node.fields.values()) readsOf(field, into);
  if (node.op === "entity") readsOf(node.id, into);
  if ("args" in node) for (const arg of node.args) readsOf(arg, into);
  return into;
}

export function and(left: Node, right: () => Node): Node {
  if (left.op === "failed" || isFalse(left)) return left;
  if (isTrue(left)) return right();
  const rest = right();
  if (isTrue(rest)) return left;
  if (isFalse(rest) && !mayFail(left)) return rest;
  return { op: "and", type: BOOL, args: [left, rest] };
}

export function or(left: Node, right: () => Node): Node {
  if (left.op === "failed" || isTrue(left)) return left;
  if (isFalse(left)) return right();
  const rest = right();
  if (isFalse(rest)) return left;
  if (isTrue(rest) && !mayFail(left)) return rest;
  return { op: "or", type: BOOL, args: [left, rest] };
}

export const not = (node: Node): Node => apply("!", [node], BOOL, (value) => !value);

/** A strict operation: errs if an argument does; folded when all are known. At most two arguments. */
export function apply(
  name: string,
  args: readonly Node[],
  type: CedarType,
  run: (a: Value, b: Value, row: Row) => Value,
  runMayFail = false,
): Node {
  const failed = args.find(({ op }) => op === "failed");
  if (failed) return failed;
  const values = args.flatMap((arg) => (arg.op === "known" ? [arg.value] : []));
  if (values.length < args.length) return { op: "apply", name, type, args, run, mayFail: runMayFail };
  return attempt(() => known(run(values[0]!, values[1]!, undefined), type));
}

export function attempt(build: () => Node): Node {
  try {
    return build();
  } catch (error) {
    if (error === EVALUATION_ERROR) return FAILED;
    throw error;
  }
}

/** A constant that still errs when what it was computed from does. */
export const unless = (mayErr: readonly Node[], value: boolean): Node =>
  mayErr.some(mayFail) ? apply("seq", mayErr, BOOL, () => value) : bool(value);
