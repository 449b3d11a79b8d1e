/** `ihala seed`: fills the databases of a data directory with its synthetic world, so that the next start finds them full. */
import type { Config } from "../config/config.ts";
import { createLog } from "../telemetry/log.ts";
import type { SandboxParts } from "./parts.ts";
import { Running } from "./running.ts";
import { openStores } from "./stores.ts";
import type { Terminal } from "./terminal.ts";

export async function runSeed(config: Config, parts: SandboxParts, terminal: Terminal): Promise<number> {
  const running = new Running();
  try {
    const log = createLog(config.telemetry.level);
    const context = await openStores(config, { parts, running, log });
    await parts.seed(context);
    terminal.out(`${context.data.path}: world ${context.world.seed}, scale ${context.world.scale}\n`);
    return 0;
  } finally {
    await running.stop();
  }
}
