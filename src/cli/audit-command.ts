/** The commands of `ihala audit` and their options; what they do is in `audit.ts` and `audit-copy.ts`, loaded when one is wanted. */
import type { Command } from "commander";
import type { Config } from "../config/config.ts";
import type { CommandTools } from "./command-tools.ts";
import type { WitnessCommandOptions } from "./run-witness.ts";
import type { Terminal } from "./terminal.ts";

type Audit = typeof import("./audit.ts");
type Copy = typeof import("./audit-copy.ts");
type Work<Options> = (config: Config, options: Options, terminal: Terminal) => Promise<number>;

const DIRECTORY = ["--directory <folder>", "folder of the log; else the configuration's"] as const;

export function auditCommand({ group, leaf, config, terminal }: CommandTools): Command {
  const command = <Options>(name: string, description: string, pick: (audit: Audit) => Work<Options>) =>
    leaf<Options>(name, description, async (options) =>
      pick(await import("./audit.ts"))(await config(), options, terminal),
    );
  const verify = command("verify", "check that nothing was altered or dropped", (audit) => audit.auditVerify)
    .option(...DIRECTORY)
    .option("--key <key>", "verifier key of the log as you were given it, or a file that holds it")
    .option("--witness <key...>", "verifier key of a witness that must have cosigned")
    .option("--kept <file...>", "checkpoint that you kept: the log must have grown out of it")
    .option("--proof <file>", "check a proof of one record in place of a log, and print the record");
  const prove = command("prove", "print the proof that a record is in the log", (audit) => audit.auditProve)
    .option(...DIRECTORY)
    .requiredOption("--record <number>", "its sequence");
  const answer = command(
    "verify-answer",
    "check that an answer which somebody kept is the one that a record was written for",
    (audit) => audit.auditVerifyAnswer,
  )
    .requiredOption("--record <number>", "its sequence")
    .requiredOption("--answer <file>", "the answer's bytes as they came");
  const consistency = command(
    "consistency",
    "print the proof that the log has grown out of a checkpoint that was kept",
    (audit) => audit.auditConsistency,
  )
    .option(...DIRECTORY)
    .requiredOption("--kept <file>", "the checkpoint");
  const fsck = command<object>(
    "fsck",
    "check the log, and that the keys of its subjects open its entries",
    (audit) => (loaded) => audit.auditFsck(loaded, terminal),
  );
  const exported = command("export", "print every record, one JSON a line", (audit) => audit.auditExport)
    .option(...DIRECTORY)
    .option("--sealed", "without keys: who asked, and how many subjects there were")
    .option("--from <number>", "begin with this sequence")
    .option("--subject <subject>", "only records about one, such as Case:<uid>");
  const forget = command(
    "forget",
    "destroy the keys of subjects, for good; the gateway must not run",
    (audit) => audit.auditForget,
  ).requiredOption("--subject <subject...>", "such as Case:<uid>");
  const rewrap = command(
    "rewrap",
    "wrap the keys of subjects by another key-encryption key; the gateway must not run",
    (audit) => audit.auditRewrap,
  ).requiredOption("--to <file>", "the other key, 32 bytes in base64");
  const copied = <Options>(name: string, description: string, pick: (copy: Copy) => Work<Options>) =>
    leaf<Options>(name, description, async (options) =>
      pick(await import("./audit-copy.ts"))(await config(), options, terminal),
    );
  const search = copied(
    "search",
    "print records out of the database's copy, newest first",
    (copy) => copy.auditSearch,
  )
    .option("--subject <subject>", "only records about one, such as Case:<uid>")
    .option("--reader <staff>", "only of this reader")
    .option("--member <address>", "only of this organisation")
    .option("--role <role>", "only in this role")
    .option("--purpose <purpose>", "only for this purpose")
    .option("--from <time>", "not before this instant, ISO 8601")
    .option("--to <time>", "before this instant")
    .option("--limit <number>", "so many at most", "1000")
    .option("--sealed", "without the keys of subjects: who asked, and how many subjects there were");
  const report = copied(
    "report",
    "print the transparency report R10 of a quarter, for the data protection auditor alone",
    (copy) => copy.auditReport,
  ).requiredOption("--quarter <quarter>", "such as 2026-Q4, in the deployment's time zone");
  const embargo = group(
    "embargo",
    "keep entries of the access log from their subject, by order of the prosecution",
  );
  const ordered = (one: Command) =>
    one
      .requiredOption("--subject <subject>", "Person:<uid>; or Case:<uid>, Worker:<uid> for that file alone")
      .requiredOption("--by <staff>", "who of the prosecution ordered it")
      .requiredOption("--reason <text>", "why, or the number of the order");
  embargo.addCommand(
    ordered(copied("set", "show her nothing until then", (copy) => copy.auditEmbargoSet)).requiredOption(
      "--until <time>",
      "the end, ISO 8601, within twelve months",
    ),
  );
  embargo.addCommand(
    ordered(copied("release", "show her what was recorded up to now", (copy) => copy.auditEmbargoRelease)),
  );
  embargo.addCommand(
    copied("list", "print every order, one JSON a line", (copy) => copy.auditEmbargoList).option(
      "--subject <subject>",
      "only about one",
    ),
  );
  const witness = leaf<WitnessCommandOptions>(
    "witness",
    "cosign the checkpoints of other people's logs, over HTTP",
    async (options) => {
      const { runWitness } = await import("./run-witness.ts");
      return runWitness(options, terminal);
    },
  )
    .requiredOption("--name <name>", "its name, such as audit.example/w1")
    .requiredOption("--log <key...>", "verifier keys of the logs that it watches")
    .requiredOption("--state <folder>", "folder of its key and of what it has cosigned: never lose it")
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .option("--port <number>", "port to listen on", "4600");
  const audit = group("audit", "check the disclosure log, prove what is in it, search it, forget subjects");
  for (const one of [
    verify,
    prove,
    answer,
    consistency,
    fsck,
    exported,
    search,
    report,
    forget,
    rewrap,
    witness,
  ])
    audit.addCommand(one);
  audit.addCommand(embargo);
  return audit;
}
