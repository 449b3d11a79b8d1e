/**
 * The repository as a newcomer has it after `npm ci`: a copy in a folder of its own, built, its packages linked.
 * Documents are walked through in one, so that what they tell to copy, edit and start touches nothing else.
 */
import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";

export interface Clone {
  readonly directory: string;
  /** Another one, built already. */
  copy(): Promise<Clone>;
  remove(): Promise<void>;
}

const LEFT_OUT: ReadonlySet<string> = new Set([".git", "node_modules", "dist", "data", "coverage", "tests"]);
const run = promisify(execFile);

export async function makeClone(): Promise<Clone> {
  const clone = await copyOf(PACKAGE_ROOT);
  await run("npm", ["run", "-s", "build"], { cwd: clone.directory });
  return clone;
}

async function copyOf(root: string, leftOut = LEFT_OUT): Promise<Clone> {
  const directory = await mkdtemp(join(tmpdir(), "ihala-clone-"));
  const names = (await readdir(root)).filter((name) => !leftOut.has(name));
  await Promise.all(names.map((name) => cp(join(root, name), join(directory, name), { recursive: true })));
  await symlink(join(PACKAGE_ROOT, "node_modules"), join(directory, "node_modules"));
  return {
    directory,
    copy: () => copyOf(directory, new Set(["node_modules", "data"])),
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}
