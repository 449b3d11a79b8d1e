/** `ihala sandbox` as a process: starts, says so, and stays until it is told to stop (status 0) or a part of it breaks (1). */
import type { ConfigSource } from "../config/load.ts";
import { createLog } from "../telemetry/log.ts";
import { banner } from "./banner.ts";
import type { SandboxParts } from "./parts.ts";
import { startSandbox } from "./sandbox.ts";
import { endOnSignal, onHangUp, untilStopped } from "./signals.ts";
import type { Terminal } from "./terminal.ts";
import { boundYoungGeneration } from "./young-generation.ts";

export async function runSandbox(
  source: ConfigSource,
  parts: SandboxParts,
  terminal: Terminal,
): Promise<number> {
  const config = await source.read();
  const log = createLog(config.telemetry.level);
  endOnSignal();
  boundYoungGeneration();
  let reload = async (): Promise<void> => {};
  const off = onHangUp(() => void reload());
  const sandbox = await startSandbox(config, parts, log, source);
  reload = () => sandbox.reload();
  terminal.out(banner(sandbox.url, sandbox.data.path, sandbox.adminUrl));
  const broken = await untilStopped(sandbox.broken);
  if (broken !== null) terminal.err(`ihala: ${broken} has ended; the sandbox stops\n`);
  await sandbox.stop();
  off();
  return broken === null ? 0 : 1;
}
