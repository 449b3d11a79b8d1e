/**
 * The commands of `ihala` and their options; what they do is in files of their own, loaded when they are wanted.
 *
 * Failure  code, message and every problem on standard error, status 1; on standard output only what was asked for.
 */
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import type { Config } from "../config/config.ts";
import { type ConfigSource, configSource, type LoadOptions } from "../config/load.ts";
import { auditCommand } from "./audit-command.ts";
import type { CommandTools } from "./command-tools.ts";
import { operationsCommands } from "./operations-commands.ts";
import type { SandboxParts } from "./parts.ts";
import type { PlanOptions } from "./plan.ts";
import { policyCommand } from "./policy-command.ts";
import type { RevokeOptions } from "./revoke.ts";
import type { DevCommandOptions } from "./run-dev.ts";
import type { SchemaOptions } from "./schema.ts";
import type { SeedOptions } from "./seed.ts";
import { describeFailure, type Terminal } from "./terminal.ts";
import type { TokenOptions } from "./token.ts";

interface DevFlags extends Omit<DevCommandOptions, "watchMs"> {
  readonly watch: string;
  readonly port?: string;
  readonly host?: string;
  readonly log: string;
}

export type LoadParts = () => Promise<SandboxParts>;

/** Resolves to the status of the process; never rejects. */
export async function runProgram(
  argv: readonly string[],
  loadParts: LoadParts,
  terminal: Terminal,
): Promise<number> {
  const program = new Program(loadParts, terminal);
  try {
    await program.command.parseAsync(argv, { from: "user" });
    return program.status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    terminal.err(describeFailure(error));
    return 1;
  }
}

class Program {
  readonly command: Command;
  status = 0;
  readonly #loadParts: LoadParts;
  readonly #terminal: Terminal;

  constructor(loadParts: LoadParts, terminal: Terminal) {
    this.#loadParts = loadParts;
    this.#terminal = terminal;
    this.command = this.#group(
      "ihala",
      "A federated GraphQL gateway through which agencies share a case without copying it.",
    ).option("--config <file>", "configuration file (YAML); else IHALA_CONFIG, else the sandbox of Bahrain");
    for (const command of [
      this.#sandbox(),
      this.#dev(),
      this.#serve(),
      this.#revoke(),
      this.#token(),
      this.#compose(),
      this.#check(),
    ])
      this.command.addCommand(command);
    for (const command of [
      this.#plan(),
      this.#schema(),
      this.#seed(),
      this.#policy(),
      this.#audit(),
      ...operationsCommands(this.#tools()),
      this.#print(),
    ])
      this.command.addCommand(command);
  }

  #sandbox(): Command {
    return this.#leaf(
      "sandbox",
      "start everything on this machine, with synthetic people",
      async ({ port }) => {
        const { runSandbox } = await import("./run-sandbox.ts");
        const source = this.#source(port ? { "server.port": Number(port) } : {});
        return runSandbox(source, await this.#loadParts(), this.#terminal);
      },
    ).option("--port <number>", "port to listen on; else PORT, else 4000");
  }

  #dev(): Command {
    return this.#leaf<DevFlags>(
      "dev",
      "serve any supergraph on this machine, without identity and policies: never for people's data",
      async ({ supergraph, port, host, data, log, subscriptions, share, watch }) => {
        const { runDev } = await import("./run-dev.ts");
        const source = this.#source({
          "telemetry.level": log,
          ...(port ? { "server.port": Number(port) } : {}),
          ...(host ? { "server.host": host } : {}),
        });
        const options = { supergraph, data, subscriptions, share, watchMs: Number(watch) };
        return runDev(source, options, this.#terminal);
      },
    )
      .requiredOption("--supergraph <file>", "finished supergraph SDL, of any composer")
      .option("--port <number>", "port to listen on; else PORT, else 4000")
      .option("--host <address>", "loopback address to listen on; else 127.0.0.1")
      .option("--data <folder>", "data directory to keep; else one that goes with the process")
      .addOption(
        new Option("--subscriptions <protocol>", "how subgraphs are asked for them").choices(["sse", "ws"]),
      )
      .option("--no-share", "work identical questions out one by one, to measure what one costs")
      .option(
        "--watch <ms>",
        "how often the supergraph is looked at for a change; 0: never",
        milliseconds,
        "500",
      )
      .option("--log <level>", "debug, info, warn, error or silent", "warn");
  }

  #serve(): Command {
    return this.#leaf("serve", "serve production, unless the configuration forbids it", async () => {
      const { runServe } = await import("./run-serve.ts");
      return runServe(this.#source({}), this.#terminal);
    });
  }

  #revoke(): Command {
    return this.#leaf<RevokeOptions>(
      "revoke",
      "take no more tokens of a member of staff, on every replica, at once",
      async (options) => {
        const { runRevoke } = await import("./revoke.ts");
        return runRevoke(await this.#config(), options, this.#terminal);
      },
    )
      .requiredOption("--agency <code>", "agency, such as NGO")
      .option("--member <address>", "its member, where it has several, such as BH/NGO/AMAN/shelter")
      .requiredOption("--staff <id>", "staff identifier, `sub` of their tokens")
      .option("--lift", "take the revocation back");
  }

  #token(): Command {
    return this.#leaf<TokenOptions>(
      "token",
      "print an access token for the running sandbox",
      async (options) => {
        const { tokenFor } = await import("./token.ts");
        this.#terminal.out(`${await tokenFor(await this.#config(), options)}\n`);
        return 0;
      },
    )
      .requiredOption("--role <role>", "role of the domain, <AGENCY>.securityOfficer, or dataSubject")
      .option("--member <address>", "member of the agency, such as BH/NGO/AMAN/shelter")
      .option("--staff <id>", "member of staff; else the first of the role who has work")
      .option(
        "--certificates <list>",
        "somebody who holds these, such as SCREENING_L1,INTERVIEW_CHILD",
        names,
      )
      .option("--subject <person>", "for dataSubject: the person");
  }

  #compose(): Command {
    return this.#leaf<{ check?: boolean }>(
      "compose",
      "compose the supergraph, and the Cedar schema that policies are checked against",
      async (options) => {
        const { runCompose } = await import("./commands.ts");
        return runCompose(await this.#config(), options, this.#terminal);
      },
    ).option("--check", "write nothing; fail when a file is out of date");
  }

  #print(): Command {
    return this.#leaf("config", "print the configuration in force, to start a file from", async () => {
      const { stringify } = await import("yaml");
      this.#terminal.out(stringify(startingPoint(await this.#config()), { indentSeq: false }));
      return 0;
    });
  }

  #check(): Command {
    return this.#leaf("check", "check configuration, schema and policies; start nothing", async () => {
      const { runCheck } = await import("./check.ts");
      return runCheck(this.#config(), this.#terminal);
    });
  }

  #plan(): Command {
    return this.#leaf<PlanOptions>(
      "plan",
      "print what an operation on standard input would ask of whom",
      async (options) => {
        const { runPlan } = await import("./plan.ts");
        return runPlan(await this.#config(), options, this.#terminal);
      },
    )
      .requiredOption("--role <role>", "who asks")
      .option("--purpose <purpose>", "for what; else the first purpose of the role")
      .option("--certificates <list>", "what the reader holds", names)
      .option("--issue", "the request names a case")
      .option("--operation <name>", "which operation of the document")
      .option("--variables <json>", "variables")
      .option("--json", "as JSON");
  }

  #schema(): Command {
    return this.#leaf<SchemaOptions>(
      "schema",
      "print the schema; with a role, what that reader could ever be shown of it",
      async (options) => {
        const { runSchema } = await import("./schema.ts");
        return runSchema(await this.#config(), options, this.#terminal);
      },
    )
      .option("--role <role>", "who reads, such as NGO.caseworker; else the public schema")
      .option("--agency <agency>", "whose securityOfficer or dataSubject")
      .option("--purpose <purpose>", "for what; else for all that the role may claim")
      .option("--certificates <list>", "what the reader holds", names)
      .addOption(new Option("--lang <language>", "of descriptions; else both").choices(["en", "ar"]));
  }

  #seed(): Command {
    return this.#leaf<SeedOptions>(
      "seed",
      "fill the databases of the sandbox; start nothing else",
      async (options) => {
        const { runSeed } = await import("./seed.ts");
        return runSeed(await this.#config(), options, await this.#loadParts(), this.#terminal);
      },
    ).option("--links <file>", "and join an agency's own keys, one JSON a line");
  }

  #policy(): Command {
    return policyCommand(this.#tools());
  }

  #audit(): Command {
    return auditCommand(this.#tools());
  }

  #tools(): CommandTools {
    return {
      group: (name, description) => this.#group(name, description),
      leaf: (name, description, work) => this.#leaf(name, description, work),
      config: () => this.#config(),
      source: () => this.#source({}),
      terminal: this.#terminal,
    };
  }

  #config(overrides: LoadOptions["overrides"] = {}): Promise<Config> {
    return this.#source(overrides).read();
  }

  #source(overrides: NonNullable<LoadOptions["overrides"]>): ConfigSource {
    return configSource({ path: this.command.opts<{ config?: string }>().config, overrides });
  }

  #group(name: string, description: string): Command {
    const { out, err } = this.#terminal;
    return new Command(name)
      .description(description)
      .exitOverride()
      .configureOutput({ writeOut: out, writeErr: err });
  }

  /** A command whose work resolves to the status of the process. Its arguments come before its options. */
  #leaf<Options = Readonly<Record<string, string | undefined>>>(
    name: string,
    description: string,
    work: (options: Options, ...args: readonly (string | undefined)[]) => Promise<number>,
  ): Command {
    const command = this.#group(name, description);
    return command.action(async () => {
      this.status = await work(command.opts() as Options, ...command.processedArgs);
    });
  }
}

/** Agencies last, and lists at the margin: one more can be written below. */
const startingPoint = ({ agencies, ...rest }: Config) => ({ ...rest, agencies });

const names = (list: string): string[] => list.split(",").map((name) => name.trim());

function milliseconds(text: string): string {
  if (/^\d{1,7}$/.test(text)) return text;
  throw new InvalidArgumentError("it is a whole number of milliseconds.");
}
