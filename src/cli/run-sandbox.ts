/** `ihala sandbox` as a process. */
import type { ConfigSource } from "../config/load.ts";
import { banner } from "./banner.ts";
import type { SandboxParts } from "./parts.ts";
import { runServing } from "./run-serving.ts";
import { startSandbox } from "./sandbox.ts";
import type { Terminal } from "./terminal.ts";

export const runSandbox = (source: ConfigSource, parts: SandboxParts, terminal: Terminal): Promise<number> =>
  runServing(source, terminal, {
    name: "the sandbox",
    start: (config, log) => startSandbox(config, parts, log, source),
    banner: ({ url, data, adminUrl }) => banner(url, data.path, adminUrl),
  });
