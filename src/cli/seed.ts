/**
 * `ihala seed`: fills the databases of a data directory with its synthetic world, so that the next start finds them full;
 * with `--links`, also joins keys of an agency of one's own to the people of that world.
 */
import type { Config } from "../config/config.ts";
import { createLog } from "../telemetry/log.ts";
import { seedLinkFile } from "./links.ts";
import type { SandboxParts } from "./parts.ts";
import { Running } from "./running.ts";
import { openStores } from "./stores.ts";
import type { Terminal } from "./terminal.ts";

export interface SeedOptions {
  /** File of lines as `links.ts` reads them. */
  readonly links?: string;
}

export async function runSeed(
  config: Config,
  options: SeedOptions,
  parts: SandboxParts,
  terminal: Terminal,
): Promise<number> {
  const running = new Running();
  try {
    const log = createLog(config.telemetry.level);
    const context = await openStores(config, { parts, running, log });
    await parts.seed(context);
    terminal.out(`${context.data.path}: world ${context.world.seed}, scale ${context.world.scale}\n`);
    if (options.links !== undefined)
      terminal.out(`${options.links}: ${await seedLinkFile(context, options.links)} keys linked\n`);
    return 0;
  } finally {
    await running.stop();
  }
}
