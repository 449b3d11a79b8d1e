/** The commands of `ihala audit` and their options; what they do is in `audit.ts`, loaded when one is wanted. */
import type { Command } from "commander";
import type { Config } from "../config/config.ts";
import type { CommandTools } from "./command-tools.ts";
import type { WitnessCommandOptions } from "./run-witness.ts";
import type { Terminal } from "./terminal.ts";

type Audit = typeof import("./audit.ts");
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
  const audit = group("audit", "check the disclosure log, prove what is in it, export it, forget subjects");
  for (const one of [verify, prove, answer, consistency, fsck, exported, forget, rewrap, witness])
    audit.addCommand(one);
  return audit;
}
