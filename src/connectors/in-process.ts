/**
 * A subgraph that lives in this process (`resolvers/<agency>/`) as a backend: executed without a hop.
 *
 * In      a schema of `federatedSchema`, and a factory that makes the context of one fetch: loaders, clients, whose reader.
 *         The request it gets carries a signal that aborts at the deadline; clients should listen to it.
 * Reply   errors keep their path; of `GatewayError`s of the agency and caller families also the code. Everything else
 *         is masked and handed to `onFault` for the log.
 * Errors  AGENCY_TIMEOUT after the deadline (2 s).
 */
import { type DocumentNode, execute, type GraphQLError, type GraphQLSchema, parse } from "graphql";
import { LRUCache } from "lru-cache";
import type { Backend, SubgraphReply, SubgraphRequest } from "../execute/backend.ts";
import type { AgencyCode, SubgraphName } from "../kernel/brands.ts";
import { GatewayError } from "../kernel/errors.ts";
import { DEFAULT_AGENCY_TIMEOUT_MS } from "../kernel/limits.ts";
import { withDeadline } from "./deadline.ts";

export interface InProcessOptions<Context> {
  readonly subgraph: SubgraphName;
  readonly agency: AgencyCode;
  readonly schema: GraphQLSchema;
  readonly context: (request: SubgraphRequest) => Context;
  readonly timeoutMs?: number;
  readonly onFault?: (error: unknown) => void;
}

const REMEMBERED_DOCUMENTS = 2_000;
const MASKED = "the agency's resolver failed";

export function inProcessBackend<Context>(options: InProcessOptions<Context>): Backend {
  const { subgraph, agency, schema, context, timeoutMs = DEFAULT_AGENCY_TIMEOUT_MS, onFault } = options;
  const documents = new LRUCache<string, DocumentNode>({
    max: REMEMBERED_DOCUMENTS,
    memoMethod: (text) => parse(text, { noLocation: true }),
  });

  const run = async (request: SubgraphRequest): Promise<SubgraphReply> => {
    const { data = null, errors = [] } = await execute({
      schema,
      document: documents.memo(request.query),
      variableValues: request.variables,
      contextValue: context(request),
    });
    return { data, errors: errors.map((error) => masked(error, onFault)) };
  };
  return {
    subgraph,
    fetch: (request) =>
      withDeadline(agency, { signal: request.signal, timeoutMs }, (signal) => run({ ...request, signal })),
  };
}

function masked(
  error: GraphQLError,
  onFault: InProcessOptions<never>["onFault"],
): SubgraphReply["errors"][number] {
  const { path, originalError } = error;
  const known =
    originalError instanceof GatewayError && ["agency", "caller"].includes(originalError.family)
      ? originalError
      : null;
  if (!known) onFault?.(originalError ?? error);
  return {
    message: known?.message ?? MASKED,
    ...(path ? { path } : {}),
    ...(known ? { code: known.code } : {}),
  };
}
