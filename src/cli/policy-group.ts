/** `ihala policy …`: what security officers do with policies, and its options. */
import type { Command } from "commander";
import type { Config } from "../config/config.ts";
import type { Terminal } from "./terminal.ts";

export interface CommandMaker {
  group(name: string, description: string): Command;
  leaf<Options = Readonly<Record<string, string | undefined>>>(
    name: string,
    description: string,
    work: (options: Options, ...args: readonly (string | undefined)[]) => Promise<number>,
  ): Command;
  config(): Promise<Config>;
  readonly terminal: Terminal;
}

const FOLDER = "policies folder; else the configured one";

export function policyGroup(make: CommandMaker): Command {
  const group = make.group("policy", "check, test, ask, compare and prove policies");
  for (const command of [
    check(make),
    fmt(make),
    test(make),
    decide(make),
    explain(make),
    prove(make),
    diff(make),
  ])
    group.addCommand(command);
  return group;
}

const tools = () => import("./policy-tools.ts");
const proofs = () => import("./policy-proofs.ts");

const check = ({ leaf, config, terminal }: CommandMaker): Command =>
  leaf<{ json?: boolean }>(
    "check",
    "everything that is wrong with the policies, and where",
    async (options, folder) => (await tools()).runPolicyCheck(await config(), folder, options, terminal),
  )
    .argument("[folder]", FOLDER)
    .option("--json", "as JSON");

const fmt = ({ leaf, config, terminal }: CommandMaker): Command =>
  leaf<{ check?: boolean }>(
    "fmt",
    "rewrite policies in the form of Cedar's formatter",
    async (options, folder) => (await tools()).runPolicyFmt(await config(), folder, options, terminal),
  )
    .argument("[folder]", FOLDER)
    .option("--check", "write nothing; fail when a file is not in that form");

const test = ({ leaf, config, terminal }: CommandMaker): Command =>
  leaf("test", "run policies/**/*.test.yaml", async () =>
    (await tools()).runPolicyTest(await config(), terminal),
  );

const decide = ({ leaf, config, terminal }: CommandMaker): Command =>
  leaf("decide", "answer questions, one JSON a line, from standard input", async () =>
    (await tools()).runPolicyDecide(await config(), terminal),
  );

const explain = ({ leaf, config, terminal }: CommandMaker): Command =>
  leaf<{ json?: boolean }>(
    "explain",
    "why questions are answered as they are, one JSON a line from standard input",
    async (options, folder) => (await tools()).runPolicyExplain(await config(), folder, options, terminal),
  )
    .argument("[folder]", FOLDER)
    .option("--json", "as JSON, one line a question");

const prove = ({ leaf, config, terminal }: CommandMaker): Command =>
  leaf<{ json?: boolean; against?: string }>(
    "prove",
    "prove that the policies keep policies/invariants.yaml, or show what breaks it",
    async (options, folder) => (await proofs()).runPolicyProve(await config(), folder, options, terminal),
  )
    .argument("[folder]", FOLDER)
    .option("--against <where>", "prove too that nothing is granted that a folder or commit denies")
    .option("--json", "as JSON");

const diff = ({ leaf, config, terminal }: CommandMaker): Command =>
  leaf<{ json?: boolean }>(
    "diff",
    "what changes between two sets of policies: decisions, not text",
    async (options, before, after) =>
      (await proofs()).runPolicyDiff(await config(), before, after, options, terminal),
  )
    .argument("<before>", "folder, or commit of the repository that holds the policies")
    .argument("[after]", "folder or commit; else the configured policies")
    .option("--json", "as JSON");
