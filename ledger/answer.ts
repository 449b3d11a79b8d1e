/**
 * Executes one GraphQL request against a subgraph and says errors the way the gateway reads them.
 *
 * Bounds   documents are parsed and validated once and remembered by text (2,000).
 * Errors   of the caller family keep message and code; every other one is masked as INTERNAL_SERVER_ERROR and handed
 *          to `onFault`: no value, statement or name of a table leaves.
 */
import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  type GraphQLError,
  type GraphQLSchema,
  parse,
  validate,
} from "graphql";
import { LRUCache } from "lru-cache";
import { GatewayError } from "../src/kernel/errors.ts";
import type { LedgerContext } from "./context.ts";

export interface GraphqlRequest {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}
interface GraphqlAnswer {
  readonly data?: ExecutionResult["data"];
  readonly errors?: readonly object[];
}
export type Answer = (request: GraphqlRequest, context: LedgerContext) => Promise<GraphqlAnswer>;

type Prepared = DocumentNode | readonly GraphQLError[];

const REMEMBERED_DOCUMENTS = 2_000;

export function answerer(schema: GraphQLSchema, onFault: (error: unknown) => void): Answer {
  const prepared = new LRUCache<string, Prepared>({
    max: REMEMBERED_DOCUMENTS,
    memoMethod: (text) => prepare(schema, text),
  });
  return async ({ query, variables }, contextValue) => {
    const document = prepared.memo(query);
    if (!("kind" in document))
      return { errors: document.map(({ message }) => described(message, "GRAPHQL_VALIDATION_FAILED")) };
    const { data, errors } = await execute({ schema, document, variableValues: variables, contextValue });
    return {
      ...(data === undefined ? {} : { data }),
      ...(errors ? { errors: errors.map((error) => reported(error, onFault)) } : {}),
    };
  };
}

function prepare(schema: GraphQLSchema, text: string): Prepared {
  try {
    const document = parse(text, { noLocation: true });
    const problems = validate(schema, document);
    return problems.length > 0 ? problems : document;
  } catch (error) {
    return [error as GraphQLError];
  }
}

function reported(error: GraphQLError, onFault: (error: unknown) => void): object {
  const { originalError: cause, path } = error;
  const at = path ? { path } : {};
  if (cause instanceof GatewayError && cause.family === "caller")
    return { ...described(cause.message, cause.code), ...at };
  // Without a cause graphql itself found the fault: a variable that does not fit.
  if (!cause) return { ...described(error.message, "BAD_USER_INPUT"), ...at };
  onFault(cause);
  return { ...described("the ledger failed", "INTERNAL_SERVER_ERROR"), ...at };
}

const described = (message: string, code: string) => ({ message, extensions: { code } });
