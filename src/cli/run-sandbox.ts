/**
 * `ihala sandbox` as a process: starts, says so, and stays until it is told to stop or a part of it breaks.
 *
 * Signals  SIGTERM and SIGINT stop it in order, status 0; a second one, or one before it is ready, ends it at once, and the
 *          children end with it.
 */
import type { Config } from "../config/config.ts";
import { createLog } from "../telemetry/log.ts";
import { banner } from "./banner.ts";
import type { SandboxParts } from "./parts.ts";
import { startSandbox } from "./sandbox.ts";
import type { Terminal } from "./terminal.ts";

const SIGNALS = ["SIGTERM", "SIGINT"] as const;
const INTERRUPTED = 130;

export async function runSandbox(config: Config, parts: SandboxParts, terminal: Terminal): Promise<number> {
  const log = createLog(config.telemetry.level);
  const endAtOnce = () => process.exit(INTERRUPTED);
  const told = Promise.withResolvers<null>();
  const onSignal = () => told.resolve(null);
  for (const signal of SIGNALS) process.once(signal, endAtOnce);
  const sandbox = await startSandbox(config, parts, log);
  for (const signal of SIGNALS) {
    process.off(signal, endAtOnce);
    process.once(signal, onSignal);
  }
  terminal.out(banner(sandbox.url, sandbox.data.path));
  const broken = await Promise.race([told.promise, sandbox.broken]);
  for (const signal of SIGNALS) process.off(signal, onSignal).once(signal, endAtOnce);
  if (broken !== null) terminal.err(`ihala: ${broken} has ended; the sandbox stops\n`);
  await sandbox.stop();
  return broken === null ? 0 : 1;
}
