/**
 * What a policies folder holds, byte for byte, and the one hash that names it.
 *
 * In      a folder: every file below it but those whose name, or a folder's, begins with a dot.
 * Out     files in the order of their names (by bytes), and SHA-256 over names and bytes, each with its length before it, so that
 *         no two folders share a text. Written back, the files are the same bytes under the same names.
 * Bounds  2,000 files of 256 KiB, 16 MiB together; names as `isPath` has them.
 * Errors  POLICY_INVALID naming every file that is no plain file, too large, or named so that it could be written elsewhere;
 *         BAD_USER_INPUT when the folder to write to holds anything.
 */
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { GatewayError } from "../kernel/errors.ts";
import type { PolicyFile } from "../policy/policy-files.ts";
import { folderInvalid, policyInvalid } from "../policy/problem.ts";

export interface StoredFile {
  /** Relative to the folder, with `/`. */
  readonly path: string;
  readonly bytes: Buffer;
}

export interface PolicyContent {
  readonly files: readonly StoredFile[];
  /** Lower-case hex. */
  readonly hash: string;
}

const MAX_FILES = 2_000;
const MAX_FILE_BYTES = 256 * 1024;
const MAX_BYTES = 16 * 1024 * 1024;
const HEADER = "ihala policies 1\n";

/** Sorts, checks and names what was read, from wherever. */
export function contentOf(files: readonly StoredFile[]): PolicyContent {
  const sorted = files.toSorted((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
  const problems = problemsOf(sorted);
  if (problems.length > 0) throw policyInvalid(problems.map((message) => ({ place: null, message })));
  const hash = createHash("sha256").update(HEADER);
  for (const { path, bytes } of sorted) {
    hash
      .update(`${Buffer.byteLength(path)} ${bytes.length}\n`)
      .update(path)
      .update(bytes);
  }
  return { files: sorted, hash: hash.digest("hex") };
}

export async function readContent(folder: string): Promise<PolicyContent> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
    throw folderInvalid(`the folder \`${folder}\` cannot be read: ${(cause as Error).message}`);
  });
  const found = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => ({ entry, path: within(folder, join(entry.parentPath, entry.name)) }))
    .filter(({ path }) => !path.split("/").some((part) => part.startsWith(".")));
  const odd = found.filter(({ entry }) => !entry.isFile());
  if (odd.length > 0)
    throw policyInvalid(odd.map(({ path }) => ({ place: null, message: `\`${path}\` is no plain file` })));
  if (found.length > MAX_FILES) throw folderInvalid(`there are more than ${MAX_FILES} files`);
  return contentOf(
    await Promise.all(found.map(async ({ path }) => ({ path, bytes: await readFile(join(folder, path)) }))),
  );
}

/** Into a folder that is empty or not there yet. */
export async function writeContent({ files }: PolicyContent, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length > 0)
    throw new GatewayError("BAD_USER_INPUT", `\`${folder}\` is not empty`);
  for (const { path, bytes } of files) {
    await mkdir(join(folder, dirname(path)), { recursive: true });
    await writeFile(join(folder, path), bytes, { flag: "wx" });
  }
}

/** As texts, under their names. */
export const textsOf = ({ files }: PolicyContent): PolicyFile[] =>
  files.map(({ path, bytes }) => ({ file: path, text: bytes.toString("utf8") }));

const within = (folder: string, path: string): string =>
  path.slice(join(folder, "/").length).replaceAll("\\", "/");

function problemsOf(files: readonly StoredFile[]): readonly string[] {
  const total = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
  return [
    ...(files.length === 0 ? ["there are no files"] : []),
    ...(files.length > MAX_FILES ? [`there are more than ${MAX_FILES} files`] : []),
    ...(total > MAX_BYTES ? [`the files are larger than ${MAX_BYTES} bytes`] : []),
    ...files.flatMap(({ path, bytes }, at) => [
      ...(isPath(path) ? [] : [`\`${path}\` is no name for a file of policies`]),
      ...(files[at - 1]?.path === path ? [`\`${path}\` is there twice`] : []),
      ...(bytes.length > MAX_FILE_BYTES ? [`\`${path}\` is larger than ${MAX_FILE_BYTES} bytes`] : []),
    ]),
  ];
}

/** Letters of any script; nothing that leads out of the folder or hides in it. */
const isPath = (path: string): boolean =>
  path.length <= 200 &&
  path.split("/").every((part) => /^[\p{L}\p{M}\p{N}_][\p{L}\p{M}\p{N}_. -]*$/u.test(part));
