/**
 * Where the policies are that a command is about: the configured folder, another folder, or the configured folder as it
 * was at a commit.
 *
 * Rule    a folder without `schema.cedarschema` is read against the one that the domain tables generate now.
 * Errors  BAD_USER_INPUT when the name is neither a folder nor a commit; POLICY_INVALID when the policies are wrong.
 */
import { execFile } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import type { Config } from "../config/config.ts";
import { GatewayError } from "../kernel/errors.ts";
import { cedarSchema } from "../policy/cedar-schema.ts";
import { compilePolicies, compilePolicyTexts, type PolicySource, SCHEMA_FILE } from "../policy/compile.ts";
import { loadDomain } from "../policy/domain.ts";
import { inReadingOrder, isPolicyFile, type PolicyFile } from "../policy/policy-files.ts";
import type { PolicySet } from "../policy/policy-set.ts";
import { policyDirectory, policySource, schemaDirectory } from "./folders.ts";

const MAX_GIT_OUTPUT_BYTES = 64 * 1024 * 1024;

export function folderSource(config: Config, folder: string | undefined): PolicySource {
  const source = policySource(config);
  if (folder === undefined) return source;
  const policiesDir = resolve(folder);
  if (!isFolder(policiesDir)) throw new GatewayError("BAD_USER_INPUT", `\`${folder}\` is no folder`);
  if (existsSync(join(policiesDir, SCHEMA_FILE))) return { ...source, policiesDir };
  return { ...source, policiesDir, schemaText: cedarSchema(loadDomain(source.schemaDir)) };
}

/** A folder, or a commit of the repository that holds the configured folder. */
export async function policySetAt(config: Config, where: string | undefined): Promise<PolicySet> {
  if (where === undefined || isFolder(resolve(where))) return compilePolicies(folderSource(config, where));
  return policySetAtCommit(config, where);
}

async function policySetAtCommit(config: Config, commit: string): Promise<PolicySet> {
  const cwd = policyDirectory(config);
  const listed = await git(cwd, ["ls-tree", "-r", "-z", "--name-only", commit, "--", "."], commit);
  const names = listed.split("\0").filter(isPolicyFile);
  const show = (name: string) => git(cwd, ["show", `${commit}:./${name}`], commit);
  const files = await Promise.all(
    names.map(async (file): Promise<PolicyFile> => ({ file, text: await show(file) })),
  );
  const domain = loadDomain(schemaDirectory(config));
  return compilePolicyTexts(inReadingOrder(files), await show(SCHEMA_FILE), domain);
}

async function git(cwd: string, args: readonly string[], commit: string): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)("git", [...args], {
      cwd,
      maxBuffer: MAX_GIT_OUTPUT_BYTES,
    });
    return stdout;
  } catch (cause) {
    const message = `\`${commit}\` is neither a folder nor a commit of the repository around \`${cwd}\``;
    throw new GatewayError("BAD_USER_INPUT", message, { cause });
  }
}

const isFolder = (path: string): boolean => existsSync(path) && statSync(path).isDirectory();
