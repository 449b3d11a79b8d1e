/** Backends whose fetches are spans of one question's trace. Requests are passed as they are, their prepared texts with them. */
import type { Backend } from "./execute/backend.ts";
import type { SubgraphName } from "./kernel/brands.ts";
import type { Trace } from "./telemetry/trace.ts";

export const traced = (
  backends: ReadonlyMap<SubgraphName, Backend>,
  trace: Trace,
): ReadonlyMap<SubgraphName, Backend> =>
  new Map([...backends].map(([subgraph, backend]) => [subgraph, tracedBackend(backend, trace)]));

const tracedBackend = (backend: Backend, { span }: Trace): Backend => {
  const { subgraph, subscribe } = backend;
  return {
    subgraph,
    fetch: (request) => span("fetch", () => backend.fetch(request), { subgraph }),
    ...(subscribe && { subscribe: (request) => subscribe.call(backend, request) }),
  };
};
