/** `ihala serve` as a process. */
import type { ConfigSource } from "../config/load.ts";
import { metricsLine } from "./banner.ts";
import { runServing } from "./run-serving.ts";
import { startServe } from "./serve.ts";
import type { Terminal } from "./terminal.ts";

export const runServe = (source: ConfigSource, terminal: Terminal): Promise<number> =>
  runServing(source, terminal, {
    name: "the gateway",
    start: (config, log) => startServe(config, source, log),
    banner: ({ url, data, adminUrl }) => `
  Ihala is ready.

    GraphQL    ${url}/graphql
    data       ${data.path}${metricsLine(adminUrl)}

`,
  });
