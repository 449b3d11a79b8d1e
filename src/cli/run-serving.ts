/** A gateway as a process: starts, says so, and stays until it is told to stop (status 0) or a part of it breaks (1). */
import type { Config } from "../config/config.ts";
import type { ConfigSource } from "../config/load.ts";
import { createLog, type Log } from "../telemetry/log.ts";
import type { Serving } from "./serving.ts";
import { endOnSignal, onHangUp, untilStopped } from "./signals.ts";
import type { Terminal } from "./terminal.ts";
import { boundYoungGeneration } from "./young-generation.ts";

export interface Served {
  /** For messages. */
  readonly name: string;
  readonly start: (config: Config, log: Log) => Promise<Serving>;
  readonly banner: (serving: Serving) => string;
}

export async function runServing(
  source: ConfigSource,
  terminal: Terminal,
  { name, start, banner }: Served,
): Promise<number> {
  const config = await source.read();
  const log = createLog(config.telemetry.level);
  endOnSignal();
  boundYoungGeneration();
  let reload = async (): Promise<void> => {};
  const off = onHangUp(() => void reload());
  const serving = await start(config, log);
  reload = () => serving.reload();
  terminal.out(banner(serving));
  const broken = await untilStopped(serving.broken);
  if (broken !== null) terminal.err(`ihala: ${broken} has ended; ${name} stops\n`);
  await serving.stop();
  off();
  return broken === null ? 0 : 1;
}
