/**
 * Turns request text into a validated, bounded operation, cached by its text.
 *
 * In      GraphQL text (at most `maxTokens` tokens) and an operation name.
 * Out     a `PreparedOperation`; the same text gives the same object.
 * Rule    valid is what the public schema says, for every reader; what is invalid is told in terms of the reader's view.
 * Errors  GRAPHQL_PARSE_FAILED, LIMIT_EXCEEDED, GRAPHQL_VALIDATION_FAILED with graphql-js errors as `cause`,
 *         BAD_USER_INPUT for an operation name that does not exist, NOT_IMPLEMENTED for what is not served yet: `unserved` names
 *         root fields and whole kinds of operation, `served` the root fields of such a kind that are served all the same.
 * Cost    parse and validation once per distinct text; a map look-up afterwards.
 */
import { createHash } from "node:crypto";
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  recommendedRules,
  type SelectionSetNode,
  specifiedRules,
  validate,
  visit,
} from "graphql";
import { LRUCache } from "lru-cache";
import { GatewayError } from "../kernel/errors.ts";
import { MAX_CACHED_CHARACTERS, MAX_CACHED_DOCUMENTS } from "../kernel/limits.ts";
import { checkBounds, type OperationLimits } from "./bounds.ts";
import { DEFER_RULES } from "./defer-rules.ts";
import type { PreparedOperation } from "./prepared.ts";

const RULES = [...specifiedRules, ...recommendedRules, ...DEFER_RULES];

export type Prepare = (
  text: string,
  operationName: string | undefined,
  /** The schema as the reader may know it: a refusal names nothing else. The whole schema when left out. */
  view?: () => GraphQLSchema,
) => PreparedOperation;

export function createPrepare(
  schema: GraphQLSchema,
  limits: OperationLimits,
  unserved: ReadonlySet<string>,
  served: ReadonlySet<string> = new Set(),
): Prepare {
  // By characters too: comments and blanks are no tokens, so a short document may have a long text.
  const cache = new LRUCache<string, PreparedOperation>({
    max: MAX_CACHED_DOCUMENTS,
    maxSize: MAX_CACHED_CHARACTERS,
    sizeCalculation: (_, key) => key.length,
  });
  return (text, operationName, view) => {
    const key = operationName === undefined ? text : `${operationName}\0${text}`;
    const known = cache.get(key);
    if (known) return known;
    const document = parseWithin(text, limits);
    checkBounds(document, limits);
    const problems = validate(schema, document, RULES);
    if (problems.length > 0)
      throw invalid("GRAPHQL_VALIDATION_FAILED", view ? told(problems, document, view()) : problems);
    const prepared = prepareOperation(document, operationName);
    refuseUnserved(prepared, unserved, served);
    cache.set(key, prepared);
    return prepared;
  };
}

function parseWithin(text: string, limits: OperationLimits): DocumentNode {
  try {
    return parse(text, { maxTokens: limits.maxTokens });
  } catch (cause) {
    if (!(cause instanceof GraphQLError)) throw cause;
    if (/tokens\. Parsing aborted/.test(cause.message)) {
      throw new GatewayError(
        "LIMIT_EXCEEDED",
        `the document exceeds the limit of ${limits.maxTokens} for \`tokens\``,
        {
          params: { limit: "tokens", most: limits.maxTokens },
        },
      );
    }
    throw invalid("GRAPHQL_PARSE_FAILED", [cause]);
  }
}

function invalid(
  code: "GRAPHQL_PARSE_FAILED" | "GRAPHQL_VALIDATION_FAILED",
  problems: readonly GraphQLError[],
): GatewayError {
  return new GatewayError(code, problems[0]?.message ?? code, { cause: problems });
}

/** The problems as one finds them who knows the view alone: what is outside of it reads as what does not exist. */
function told(
  problems: readonly GraphQLError[],
  document: DocumentNode,
  view: GraphQLSchema,
): readonly GraphQLError[] {
  const found = validate(view, document, RULES);
  return found.length > 0 ? found : problems.map(withoutSuggestion);
}

function withoutSuggestion(problem: GraphQLError): GraphQLError {
  const message = problem.message.replace(/ Did you mean .*$/s, "");
  return new GraphQLError(message, { nodes: problem.nodes ?? null });
}

function prepareOperation(document: DocumentNode, operationName: string | undefined): PreparedOperation {
  const definition = chooseOperation(document, operationName);
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  }
  return {
    hash: hashOf(definition, fragments),
    definition,
    fragments,
    ...conditionsOf(definition, fragments),
  };
}

function chooseOperation(document: DocumentNode, name: string | undefined): OperationDefinitionNode {
  const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  const chosen = name === undefined ? operations[0] : operations.find((node) => node.name?.value === name);
  if (name === undefined && operations.length > 1) {
    throw new GatewayError(
      "BAD_USER_INPUT",
      "the document holds several operations: name one in `operationName`",
    );
  }
  if (!chosen)
    throw new GatewayError("BAD_USER_INPUT", "the document holds no operation of that `operationName`");
  return chosen;
}

/** Literals may be personal data, so they are blanked before the text is hashed (docs/architecture.md). */
function hashOf(
  definition: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): string {
  const sorted = [...fragments.values()].sort((a, b) => (a.name.value < b.name.value ? -1 : 1));
  const blank = visit({ kind: Kind.DOCUMENT, definitions: [definition, ...sorted] } as DocumentNode, {
    Argument: (node) =>
      node.value.kind === Kind.VARIABLE ? undefined : { ...node, value: { kind: Kind.NULL } },
  });
  return createHash("sha256").update(print(blank)).digest("hex");
}

function conditionsOf(
  definition: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): Pick<PreparedOperation, "conditionVariables" | "defers"> {
  const names = new Set<string>();
  let defers = false;
  for (const node of [definition, ...fragments.values()]) {
    visit(node, {
      Directive({ name, arguments: args }) {
        if (!CONDITIONAL.has(name.value)) return;
        defers ||= name.value === "defer";
        const value = args?.find((argument) => argument.name.value === "if")?.value;
        if (value?.kind === Kind.VARIABLE) names.add(value.name.value);
      },
    });
  }
  return { conditionVariables: [...names].sort(), defers };
}

const CONDITIONAL: ReadonlySet<string> = new Set(["skip", "include", "defer"]);

/** Names of the root fields, those in fragments among them. */
function* rootFields(
  { selections }: SelectionSetNode,
  fragments: PreparedOperation["fragments"],
): Generator<string, void, undefined> {
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) yield selection.name.value;
    else if (selection.kind === Kind.INLINE_FRAGMENT) yield* rootFields(selection.selectionSet, fragments);
    else {
      const spread = fragments.get(selection.name.value);
      if (spread) yield* rootFields(spread.selectionSet, fragments);
    }
  }
}

function refuseUnserved(
  { definition, fragments }: PreparedOperation,
  unserved: ReadonlySet<string>,
  served: ReadonlySet<string>,
): void {
  const { operation, selectionSet } = definition;
  const names = [...rootFields(selectionSet, fragments)];
  const others = names.filter((name) => !served.has(name));
  const isServed = others.length < names.length && others.every((name) => name === "__typename");
  if (unserved.has(operation) && !isServed) {
    const message = `this deployment serves no \`${operation}\` operations yet, but for some of its own`;
    throw new GatewayError("NOT_IMPLEMENTED", message, { params: { what: operation } });
  }
  for (const name of others) {
    if (!unserved.has(name)) continue;
    const what = `Query.${name}`;
    throw new GatewayError("NOT_IMPLEMENTED", `\`${what}\` is not served yet`, { params: { what } });
  }
}
