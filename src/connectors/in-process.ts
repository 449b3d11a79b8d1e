/**
 * A subgraph that lives in this process (`resolvers/<agency>/`) as a backend: executed without a hop.
 *
 * In      a schema of `federatedSchema`, and a factory that makes the context of one fetch: loaders, clients, whose reader.
 *         The request it gets carries a signal that aborts at the deadline; clients should listen to it.
 * Reply   errors keep their path; of `GatewayError`s of the agency and caller families also the code. Everything else
 *         is masked and handed to `onFault` for the log.
 * Events  each is executed like a fetch, with a context of its own: what one event has loaded is not shown with the next.
 * Errors  AGENCY_TIMEOUT after the deadline (2 s); AGENCY_UNAVAILABLE when a source of events fails.
 */
import {
  createSourceEventStream,
  type DocumentNode,
  type ExecutionResult,
  execute,
  type GraphQLError,
  type GraphQLSchema,
  parse,
} from "graphql";
import { LRUCache } from "lru-cache";
import type { Backend, SubgraphReply, SubgraphRequest } from "../execute/backend.ts";
import type { AgencyCode, SubgraphName } from "../kernel/brands.ts";
import { GatewayError } from "../kernel/errors.ts";
import { DEFAULT_AGENCY_TIMEOUT_MS, MAX_AGENCY_STREAMS } from "../kernel/limits.ts";
import { withDeadline } from "./deadline.ts";
import { brokenOff, createSubscribe, type Events, type Open } from "./subscription.ts";

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

  const argumentsOf = (request: SubgraphRequest) => ({
    schema,
    document: documents.memo(request.query),
    variableValues: request.variables,
    contextValue: context(request),
  });
  const replyOf = ({ data = null, errors = [] }: ExecutionResult): SubgraphReply => ({
    data,
    errors: errors.map((error) => masked(error, onFault)),
  });
  const run = (request: SubgraphRequest, rootValue?: unknown): Promise<SubgraphReply> =>
    withDeadline(agency, { signal: request.signal, timeoutMs }, async (signal) =>
      replyOf(await execute({ ...argumentsOf({ ...request, signal }), rootValue })),
    );

  /** No generator, whose `return` would not reach a source that waits. */
  const replies = (request: SubgraphRequest, source: AsyncIterator<unknown>): Events => ({
    async next() {
      const event = await source.next().catch((error: unknown) => {
        onFault?.(error);
        throw brokenOff(agency, error);
      });
      return event.done ? event : { done: false, value: await run(request, event.value) };
    },
    async return() {
      await source.return?.();
      return { done: true, value: undefined };
    },
  });
  const open: Open = async (request, signal) => {
    const asked = { ...request, signal };
    const source = await createSourceEventStream(argumentsOf(asked));
    if (Symbol.asyncIterator in source) return replies(asked, source[Symbol.asyncIterator]());
    return only(replyOf(source));
  };
  return {
    subgraph,
    fetch: (request) => run(request),
    subscribe: createSubscribe({ agency, timeoutMs, maxStreams: MAX_AGENCY_STREAMS }, open),
  };
}

async function* only(reply: SubgraphReply): AsyncGenerator<SubgraphReply, undefined> {
  yield reply;
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
