/** `ihala policy draft`, `approve`, `publish` and their like: what officers do with the policy store, and the options. */
import type { Command } from "commander";
import type { CommandTools } from "./command-tools.ts";

const acts = () => import("./policy-acts.ts");
const looks = () => import("./policy-store-looks.ts");

export const storeCommands: readonly ((tools: CommandTools) => Command)[] = [
  ({ leaf, config, terminal }) =>
    officers(
      leaf<{ token?: string; key?: string; title?: string }>(
        "draft",
        "put a folder into the store as a draft, and say what it would change",
        async (options, folder) => (await acts()).runDraft(await config(), folder ?? "", options, terminal),
      ),
    )
      .argument("<folder>", "policies folder")
      .option("--title <text>", "what it is about, for those who approve"),

  ({ leaf, config, terminal }) =>
    officers(
      leaf<{ token?: string; key?: string }>(
        "approve",
        "approve a draft of another officer",
        async (options, draft, hash) =>
          (await acts()).runApprove(await config(), { draft, hash }, options, terminal),
      ),
    )
      .argument("<draft>", "its number")
      .argument("<hash>", "hash of what you have read, in full, as `policy export` prints it"),

  ({ leaf, config, terminal }) =>
    officers(
      leaf<{ token?: string; key?: string }>(
        "publish",
        "have every gateway decide by an approved draft, if it passes check, test and prove",
        async (options, draft) => (await acts()).runPublish(await config(), draft, options, terminal),
      ),
    ).argument("<draft>", "its number"),

  ({ leaf, config, terminal }) =>
    officers(
      leaf<{ token?: string; key?: string; with?: readonly string[] }>(
        "rollback",
        "go back to a version that was published before, at once",
        async (options, version) => (await acts()).runRollback(await config(), version, options, terminal),
      ),
    )
      .argument("<version>", "its number")
      .option(
        "--with <file...>",
        "tokens of officers who agree: needed when it shows more than what is in force",
      ),

  ({ leaf, config, terminal }) =>
    officers(
      leaf<{ token?: string; key?: string; off?: boolean }>(
        "shadow",
        "work a draft out beside what is in force, and log where the two differ",
        async (options, draft) => (await acts()).runShadow(await config(), draft, options, terminal),
      ),
    )
      .argument("[draft]", "its number")
      .option("--off", "no longer"),

  ({ leaf, config, terminal }) =>
    leaf<{ json?: boolean }>(
      "versions",
      "what was published, by whom, and what is in force",
      async (options) => (await looks()).runVersions(await config(), options, terminal),
    ).option("--json", "as JSON"),

  ({ leaf, config, terminal }) =>
    leaf<{ json?: boolean }>("log", "everything that officers did with the store", async (options) =>
      (await looks()).runLog(await config(), options, terminal),
    ).option("--json", "one JSON a line"),

  ({ leaf, config, terminal }) =>
    leaf<{ draft?: string; publication?: string }>(
      "export",
      "write what is published, or a draft, into an empty folder, byte for byte",
      async (options, folder) => (await looks()).runExport(await config(), folder ?? "", options, terminal),
    )
      .argument("<folder>", "empty, or not there yet")
      .option("--draft <number>", "a draft instead")
      .option("--publication <number>", "an earlier publication instead"),

  ({ leaf, terminal }) =>
    officers(
      leaf<{ token?: string; key?: string }>(
        "present",
        "print your token with a proof by its key, for a colleague who goes back with you",
        async (options) => (await acts()).runPresent(options, terminal),
      ),
    ),

  ({ leaf, config, terminal }) =>
    leaf<object>("key", "print the key by which gateways check what officers have signed", async () =>
      (await looks()).runKey(await config(), terminal),
    ),
];

const officers = (command: Command): Command =>
  command
    .requiredOption(
      "--token <file>",
      "file with your access token as a security officer; `-`: standard input",
    )
    .option("--key <file>", "private key (JWK) that the token is bound to");
