/**
 * Prepares persisted documents ahead of the first question, each operation with and without its name.
 *
 * Out     every problem: a document that would be refused whoever asked. What the deployment does not serve yet is none.
 * Cost    parse and validation of each; they are then in the cache of `prepare`, as far as it reaches.
 */
import { GraphQLError, Kind, parse } from "graphql";
import { GatewayError } from "../kernel/errors.ts";
import type { PersistedDocument } from "./document-store.ts";
import type { Prepare } from "./prepare.ts";
import type { PreparedOperation } from "./prepared.ts";

export function prepareDocuments(
  prepare: Prepare,
  documents: readonly PersistedDocument[],
): readonly string[] {
  const problems = documents.flatMap(({ id, text }) =>
    namesIn(text).flatMap((name) => {
      const problem = problemOf(() => prepare(text, name));
      return problem === null ? [] : [`persisted document \`${id}\`: ${problem}`];
    }),
  );
  return [...new Set(problems)];
}

/** The operations of documents that can be prepared, one by one. */
export function* operationsOf(
  prepare: Prepare,
  documents: readonly PersistedDocument[],
): Iterable<PreparedOperation> {
  for (const { text } of documents)
    for (const name of namesIn(text)) {
      let operation: PreparedOperation | null = null;
      if (problemOf(() => (operation = prepare(text, name))) === null && operation) yield operation;
    }
}

/** Of its operations; undefined, for no name, when there is one alone, or none to be found. */
function namesIn(text: string): readonly (string | undefined)[] {
  const names = operationNames(text);
  return names.length > 1 ? names : [undefined, ...names];
}

function operationNames(text: string): readonly string[] {
  try {
    return parse(text).definitions.flatMap((node) =>
      node.kind === Kind.OPERATION_DEFINITION && node.name ? [node.name.value] : [],
    );
  } catch (error) {
    if (error instanceof GraphQLError) return [];
    throw error;
  }
}

function problemOf(act: () => unknown): string | null {
  try {
    act();
    return null;
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return error.code === "NOT_IMPLEMENTED" ? null : error.message;
  }
}
