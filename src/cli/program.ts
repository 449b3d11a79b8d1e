/**
 * The commands of `ihala` and their options; what they do is in `commands.ts` and in files of their own.
 *
 * Failure  code, message and every problem on standard error, status 1; on standard output only what was asked for.
 */
import { Command, CommanderError } from "commander";
import { type LoadOptions, loadConfig } from "../config/load.ts";
import { runCheck, runCompose, runPolicyDecide, runPolicyTest, runServe, runToken } from "./commands.ts";
import type { SandboxParts } from "./parts.ts";
import { runSandbox } from "./run-sandbox.ts";
import { runSeed } from "./seed.ts";
import { describeFailure, type Terminal } from "./terminal.ts";
import type { TokenOptions } from "./token.ts";

/** Resolves to the status of the process; never rejects. */
export async function runProgram(
  argv: readonly string[],
  parts: SandboxParts,
  terminal: Terminal,
): Promise<number> {
  let status = 0;
  const program = createProgram(parts, terminal, (ended) => {
    status = ended;
  });
  try {
    await program.parseAsync(argv, { from: "user" });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    terminal.err(describeFailure(error));
    return 1;
  }
}

function createProgram(parts: SandboxParts, terminal: Terminal, end: (status: number) => void): Command {
  const program = new Command("ihala")
    .description("A federated GraphQL gateway through which agencies share a case without copying it.")
    .option("--config <file>", "configuration file (YAML); else IHALA_CONFIG, else the sandbox of Bahrain")
    .exitOverride()
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err });
  const load = (overrides: LoadOptions["overrides"] = {}) =>
    loadConfig({ path: program.opts<{ config?: string }>().config, overrides });
  /** A command that ends with the status of `work`. */
  const command = <Options>(name: string, description: string, work: (options: Options) => Promise<number>) =>
    new Command(name)
      .description(description)
      .exitOverride()
      .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
      .action(async (options: Options) => end(await work(options)));

  program.addCommand(
    command<{ port?: string }>(
      "sandbox",
      "start everything on this machine, with synthetic people",
      async (options) =>
        runSandbox(await load(options.port ? { "server.port": Number(options.port) } : {}), parts, terminal),
    ).option("--port <number>", "port to listen on; else PORT, else 4000"),
  );
  program.addCommand(
    command("serve", "serve production, unless the configuration forbids it", async () =>
      runServe(await load()),
    ),
  );
  program.addCommand(
    tokenOptions(
      command("token", "print an access token for the running sandbox", async (options: TokenOptions) =>
        runToken(await load(), options, terminal),
      ),
    ),
  );
  program.addCommand(
    command<{ check?: boolean }>(
      "compose",
      "compose schema/ into schema/supergraph.graphql",
      async (options) => runCompose(await load(), options, terminal),
    ).option("--check", "write nothing; fail when the file is out of date"),
  );
  program.addCommand(
    command("check", "check configuration, schema and policies; start nothing", async () =>
      runCheck(load(), terminal),
    ),
  );
  program.addCommand(
    command("seed", "fill the databases of the sandbox; start nothing else", async () =>
      runSeed(await load(), parts, terminal),
    ),
  );
  const policy = new Command("policy").description("test policies, or ask them").exitOverride();
  policy.addCommand(
    command("test", "run policies/**/*.test.yaml", async () => runPolicyTest(await load(), terminal)),
  );
  policy.addCommand(
    command("decide", "answer questions, one JSON a line, from standard input", async () =>
      runPolicyDecide(await load(), terminal),
    ),
  );
  program.addCommand(policy.configureOutput({ writeOut: terminal.out, writeErr: terminal.err }));
  return program;
}

function tokenOptions(command: Command): Command {
  return command
    .requiredOption("--role <role>", "role of the domain, <AGENCY>.securityOfficer, or dataSubject")
    .option("--member <address>", "member of the agency, such as BH/NGO/AMAN/shelter")
    .option("--staff <id>", "member of staff; else the first of the role who has work")
    .option(
      "--certificates <list>",
      "somebody who holds these, such as SCREENING_L1,INTERVIEW_CHILD",
      (list) => list.split(",").map((name) => name.trim()),
    )
    .option("--subject <person>", "for dataSubject: the person");
}
