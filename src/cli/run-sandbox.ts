/** `ihala sandbox` as a process: starts, says so, and stays until it is told to stop (status 0) or a part of it breaks (1). */
import type { Config } from "../config/config.ts";
import { createLog } from "../telemetry/log.ts";
import { banner } from "./banner.ts";
import type { SandboxParts } from "./parts.ts";
import { startSandbox } from "./sandbox.ts";
import { endOnSignal, untilStopped } from "./signals.ts";
import type { Terminal } from "./terminal.ts";
import { boundYoungGeneration } from "./young-generation.ts";

export async function runSandbox(config: Config, parts: SandboxParts, terminal: Terminal): Promise<number> {
  const log = createLog(config.telemetry.level);
  endOnSignal();
  boundYoungGeneration();
  const sandbox = await startSandbox(config, parts, log);
  terminal.out(banner(sandbox.url, sandbox.data.path));
  const broken = await untilStopped(sandbox.broken);
  if (broken !== null) terminal.err(`ihala: ${broken} has ended; the sandbox stops\n`);
  await sandbox.stop();
  return broken === null ? 0 : 1;
}
