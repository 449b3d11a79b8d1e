/** What the command line gives to a file that declares a group of commands. */
import type { Command } from "commander";
import type { Config } from "../config/config.ts";
import type { ConfigSource } from "../config/load.ts";
import type { Terminal } from "./terminal.ts";

export interface CommandTools {
  group(name: string, description: string): Command;
  /** A command whose work resolves to the status of the process; its arguments follow its options. */
  leaf<Options>(
    name: string,
    description: string,
    work: (options: Options, ...args: readonly (string | undefined)[]) => Promise<number>,
  ): Command;
  config(): Promise<Config>;
  /** Where that is read from. */
  source(): ConfigSource;
  readonly terminal: Terminal;
}
