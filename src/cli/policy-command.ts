/** `ihala policy …`: what security officers do with policies, and its options. */
import type { Command } from "commander";
import type { CommandTools } from "./command-tools.ts";
import { storeCommands } from "./policy-store-command.ts";

const FOLDER = "policies folder; else the configured one";

export function policyCommand(tools: CommandTools): Command {
  const group = tools.group("policy", "check, test, ask, compare, prove and publish policies");
  const commands = [check, fmt, test, decide, explain, who, matrix, diff, replay, prove];
  for (const command of [...commands, ...storeCommands]) group.addCommand(command(tools));
  return group;
}

const basics = () => import("./policy-tools.ts");
const review = () => import("./policy-review.ts");
const proofs = () => import("./policy-proofs.ts");

const check = ({ leaf, config, terminal }: CommandTools): Command =>
  leaf<{ json?: boolean }>(
    "check",
    "everything that is wrong with the policies, and where",
    async (options, folder) => (await basics()).runPolicyCheck(await config(), folder, options, terminal),
  )
    .argument("[folder]", FOLDER)
    .option("--json", "as JSON");

const fmt = ({ leaf, config, terminal }: CommandTools): Command =>
  leaf<{ check?: boolean }>(
    "fmt",
    "rewrite policies in the form of Cedar's formatter",
    async (options, folder) => (await basics()).runPolicyFmt(await config(), folder, options, terminal),
  )
    .argument("[folder]", FOLDER)
    .option("--check", "write nothing; fail when a file is not in that form");

const test = ({ leaf, config, terminal }: CommandTools): Command =>
  leaf<object>("test", "run the tests of policies, **/*.test.yaml", async (_, folder) =>
    (await basics()).runPolicyTest(await config(), folder, terminal),
  ).argument("[folder]", FOLDER);

const decide = ({ leaf, config, terminal }: CommandTools): Command =>
  leaf<{ record?: boolean }>(
    "decide",
    "answer questions, one JSON a line, from standard input",
    async (options, folder) => (await basics()).runPolicyDecide(await config(), folder, options, terminal),
  )
    .argument("[folder]", FOLDER)
    .option("--record", "write each question with its answer, for `replay`");

const explain = ({ leaf, config, terminal }: CommandTools): Command =>
  leaf<{ json?: boolean }>(
    "explain",
    "why questions are answered as they are, one JSON a line from standard input",
    async (options, folder) => (await basics()).runPolicyExplain(await config(), folder, options, terminal),
  )
    .argument("[folder]", FOLDER)
    .option("--json", "as JSON, one line a question");

const prove = ({ leaf, config, terminal }: CommandTools): Command =>
  leaf<{ json?: boolean; against?: string }>(
    "prove",
    "prove that the policies keep policies/invariants.yaml, or show what breaks it",
    async (options, folder) => (await proofs()).runPolicyProve(await config(), folder, options, terminal),
  )
    .argument("[folder]", FOLDER)
    .option("--against <where>", "prove too that nothing is granted that a folder or commit denies")
    .option("--json", "as JSON");

const diff = ({ leaf, config, terminal }: CommandTools): Command =>
  leaf<{ json?: boolean }>(
    "diff",
    "what changes between two sets of policies: decisions, not text",
    async (options, before, after) =>
      (await proofs()).runPolicyDiff(await config(), before, after, options, terminal),
  )
    .argument("<before>", "folder, or commit of the repository that holds the policies")
    .argument("[after]", "folder or commit; else the configured policies")
    .option("--json", "as JSON");

const who = ({ leaf, config, terminal }: CommandTools): Command =>
  leaf<{ json?: boolean }>("who", "who can see a field, and when", async (options, field, folder) =>
    (await review()).runPolicyWho(await config(), field ?? "", folder, options, terminal),
  )
    .argument("<field>", "such as SupportPlan.type")
    .argument("[folder]", FOLDER)
    .option("--json", "as JSON");

const matrix = ({ leaf, config, terminal }: CommandTools): Command =>
  leaf<{ json?: boolean; fields?: boolean }>(
    "matrix",
    "the access review as CSV: agency × field group",
    async (options, folder) => (await review()).runPolicyMatrix(await config(), folder, options, terminal),
  )
    .argument("[folder]", FOLDER)
    .option("--fields", "role and purpose × field instead")
    .option("--json", "both, as JSON");

const replay = ({ leaf, config, terminal }: CommandTools): Command =>
  leaf<{ json?: boolean }>(
    "replay",
    "ask recorded decisions from standard input again, of a draft",
    async (options, folder) =>
      (await review()).runPolicyReplay(await config(), folder ?? "", options, terminal),
  )
    .argument("<folder>", "draft: a folder or a commit")
    .option("--json", "one JSON a difference");
