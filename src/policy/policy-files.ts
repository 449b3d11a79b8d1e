/**
 * Reads the texts of a policies folder.
 *
 * Out     `*.cedar` and `*.links.yaml` in the order of their names, `baseline.cedar` first: among forbids the first names
 *         the reason.
 * Errors  POLICY_INVALID when the folder or a file cannot be read.
 */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { LINKS_ENDING } from "./links.ts";
import { folderInvalid, policyInvalid } from "./problem.ts";

const BASELINE = "baseline.cedar";
const CEDAR_ENDING = ".cedar";

export interface PolicyFile {
  /** Relative to the folder, with `/`. */
  readonly file: string;
  readonly text: string;
}

export async function readPolicyFiles(policiesDir: string): Promise<PolicyFile[]> {
  const files = [CEDAR_ENDING, LINKS_ENDING].map((ending) => readFiles(policiesDir, ending));
  return inReadingOrder((await Promise.all(files)).flat());
}

export const isCedarText = (file: string): boolean => file.endsWith(CEDAR_ENDING);
export const isPolicyFile = (file: string): boolean => isCedarText(file) || file.endsWith(LINKS_ENDING);

export const inReadingOrder = (files: readonly PolicyFile[]): PolicyFile[] =>
  files.toSorted(
    ({ file: a }, { file: b }) => Number(b === BASELINE) - Number(a === BASELINE) || (a < b ? -1 : 1),
  );

/** What is compiled, of all that a folder holds. */
export const policiesAmong = (files: readonly PolicyFile[]): PolicyFile[] =>
  inReadingOrder(files.filter(({ file }) => isPolicyFile(file)));

/** Files of the folder by the end of their names, in the order of their names. */
export async function readFiles(policiesDir: string, ending: string): Promise<PolicyFile[]> {
  const entries = await readdir(policiesDir, { recursive: true }).catch((cause: unknown) => {
    throw folderInvalid(`the folder \`${policiesDir}\` cannot be read: ${(cause as Error).message}`);
  });
  const names = entries.map((name) => name.replaceAll("\\", "/")).filter((name) => name.endsWith(ending));
  return Promise.all(names.sort().map(async (file) => ({ file, text: await readText(policiesDir, file) })));
}

export async function readText(folder: string, file: string): Promise<string> {
  try {
    return await readFile(join(folder, file), "utf8");
  } catch (cause) {
    const message = `cannot be read: ${(cause as Error).message}`;
    throw policyInvalid([{ place: { file, line: 1, column: 1 }, message }]);
  }
}
