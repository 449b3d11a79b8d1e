/** A version of a gateway around a small port, with what a test wants to see of its end. */
import type { Version } from "../../src/assembly/reloadable.ts";
import type { Gateway } from "../../src/gateway.ts";
import type { GatewayError } from "../../src/kernel/errors.ts";
import type { GatewayPort } from "../../src/server/gateway-port.ts";

export interface SmallVersion extends Version {
  readonly ended: GatewayError[];
  isClosed(): boolean;
}

export function smallVersion(
  port: GatewayPort,
  { schema = "a".repeat(64), policies = "b".repeat(64) } = {},
): SmallVersion {
  const ended: GatewayError[] = [];
  let isClosed = false;
  const gateway = {
    supergraph: { ...port.supergraph, version: schema },
    answer: (request: Parameters<GatewayPort["answer"]>[0]) => port.answer(request),
    admit: async () => {},
    prepareDocuments: port.prepareDocuments ?? (() => []),
    warm: async () => ({ plans: 0, failures: [] }),
    endStreams: (error: GatewayError) => void ended.push(error),
  };
  return {
    // Of the supergraph only what the edge and `standing` read is there.
    gateway: gateway as unknown as Gateway,
    ...{ policies, ended, isClosed: () => isClosed },
    close: async () => {
      isClosed = true;
    },
  };
}
