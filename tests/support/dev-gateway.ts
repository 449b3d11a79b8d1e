/** A development gateway over a supergraph and doubles of its subgraphs, in a folder of its own that goes with it. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assembleDev, type DevOptions } from "../../src/assembly/dev.ts";
import type { Gateway } from "../../src/gateway.ts";

export interface Question {
  readonly query: string;
  readonly operationName?: string | undefined;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly signal?: AbortSignal;
}

export interface DevGateway {
  readonly gateway: Gateway;
  /** JSON text of the body; rejects with the `GatewayError` of a refusal. */
  ask(question: Question): Promise<string>;
  close(): Promise<void>;
}

export async function openDevGateway(options: Omit<DevOptions, "dataDirectory">): Promise<DevGateway> {
  const dataDirectory = await mkdtemp(join(tmpdir(), "ihala-test-dev-"));
  const { gateway, close } = await assembleDev({ ...options, dataDirectory });
  return {
    gateway,
    async ask({ query, operationName, variables = {}, signal = new AbortController().signal }) {
      const headers = { get: () => undefined };
      const answer = await gateway.answer({ headers, query, operationName, variables, signal, locale: "en" });
      if (answer.kind !== "whole") throw new Error(`a whole answer was expected, not ${answer.kind}`);
      return answer.body.text;
    },
    async close() {
      await close();
      await rm(dataDirectory, { recursive: true, force: true });
    },
  };
}
