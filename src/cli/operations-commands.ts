/** Commands of those who run a deployment; what each does is in a file of its own, loaded when it is wanted. */
import type { Command } from "commander";
import type { AgencyAddOptions } from "./agency-add.ts";
import type { AgencyCheckOptions } from "./agency-check.ts";
import type { SuspendOptions } from "./agency-suspend.ts";
import type { CommandTools } from "./command-tools.ts";
import type { MigrateOptions } from "./migrate.ts";
import type { RestoreOptions } from "./restore.ts";

export function operationsCommands(tools: CommandTools): readonly Command[] {
  return [...deploymentCommands(tools), agencyCommand(tools), linksCommand(tools)];
}

function deploymentCommands({ leaf, config, terminal }: CommandTools): readonly Command[] {
  const migrate = leaf<MigrateOptions>(
    "migrate",
    "bring the tables of the gateway's own database up to date, before a new version serves",
    async (options) => (await import("./migrate.ts")).runMigrate(await config(), options, terminal),
  ).option("--check", "change nothing; print what would be applied, and fail when there is any");
  const backup = leaf(
    "backup",
    "copy everything that the gateway keeps, while it runs",
    async (_, folder = "") => (await import("./backup.ts")).runBackup(await config(), folder, terminal),
  ).argument("<folder>", "an empty one, or one to be made");
  const restore = leaf<RestoreOptions>(
    "restore",
    "put a backup into a data directory and a database that hold nothing",
    async (options, folder = "") =>
      (await import("./restore.ts")).runRestore(await config(), folder, options, terminal),
  )
    .argument("<folder>", "what `ihala backup` wrote")
    .option(
      "--latest <file>",
      "the latest checkpoint that anybody kept: the log goes on, if nothing is missing",
    );
  const replica = leaf(
    "replica",
    "make the data directory of another replica, with the keys that replicas share",
    async (_, folder = "") => (await import("./replica.ts")).runReplica(await config(), folder, terminal),
  ).argument("<folder>", "an empty one, or one to be made");
  return [migrate, backup, restore, replica];
}

function linksCommand({ group, leaf, config, terminal }: CommandTools): Command {
  const file = leaf(
    "import",
    "join an agency's own keys to what others know already, while the gateway runs",
    async (_, lines = "") => (await import("./links.ts")).runLinksImport(await config(), lines, terminal),
  ).argument("<file>", "one JSON a line, as docs/joining.md shows");
  const links = group("links", "by which keys agencies know people and cases");
  links.addCommand(file);
  return links;
}

function agencyCommand({ group, leaf, config, source, terminal }: CommandTools): Command {
  const check = leaf<AgencyCheckOptions>(
    "check",
    "ask an agency's Federation subgraph what it must do before it joins",
    async (options, url = "") =>
      (await import("./agency-check.ts")).runAgencyCheck(await config(), url, options, terminal),
  )
    .argument("<url>", "where it answers")
    .requiredOption("--agency <code>", "its code, such as PPO")
    .requiredOption("--member <address>", "its address: the audience of the gateway's tokens")
    .requiredOption("--type <name>", "type of the objects to ask about, such as Person")
    .requiredOption("--known <key...>", "keys of its own that it knows, two at least");
  const add = leaf<AgencyAddOptions>(
    "add",
    "write an agency into the configuration file, when everything that belongs to it is there",
    async (options, file = "") =>
      (await import("./agency-add.ts")).runAgencyAdd(source().file, file, options, terminal),
  )
    .argument("<file>", "its entry, YAML as in examples/joining/")
    .option("--type <name>", "for a Federation subgraph: type of the objects to ask about")
    .option(
      "--known <key...>",
      "keys of its own that it knows, two at least; ADDRESS=KEY for each of several members",
    );
  const remove = leaf(
    "remove",
    "take an agency out of the configuration file, when nothing names it any more",
    async (_, code = "") => (await import("./agency-remove.ts")).runAgencyRemove(source(), code, terminal),
  ).argument("<code>", "its code, such as PPO");
  const suspend = leaf<SuspendOptions>(
    "suspend",
    "ask an agency nothing more, and take nothing of its staff, on every replica, at once",
    async (options, code = "") =>
      (await import("./agency-suspend.ts")).runSuspend(await config(), code, options, terminal),
  )
    .argument("<code>", "its code, such as PPO")
    .option("--member <address>", "one of its members alone, such as BH/NGO/AMAN/shelter")
    .option("--reason <text>", "why, for those who look later");
  const resume = leaf<SuspendOptions>("resume", "take a suspension back", async (options, code = "") =>
    (await import("./agency-suspend.ts")).runResume(await config(), code, options, terminal),
  )
    .argument("<code>", "its code, such as PPO")
    .option("--member <address>", "the member that was suspended");
  const list = leaf("list", "print the agencies, and who is suspended", async () =>
    (await import("./agency-list.ts")).runAgencyList(await config(), terminal),
  );
  const agency = group("agency", "agencies that join, pause and leave");
  for (const command of [check, add, remove, suspend, resume, list]) agency.addCommand(command);
  return agency;
}
