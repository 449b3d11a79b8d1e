/**
 * A content with some files put in and others taken out: what an officer's editor holds before anything is drafted.
 *
 * Errors  POLICY_INVALID for a file to be taken out that is not there, or is put in too; what `contentOf` refuses.
 */
import { policyInvalid } from "../policy/problem.ts";
import { contentOf, type PolicyContent } from "./content.ts";

export interface Edits {
  /** Put in, or in the place of those that are there. */
  readonly files: readonly { readonly path: string; readonly text: string }[];
  /** Names. */
  readonly removed: readonly string[];
}

export function withEdits(content: PolicyContent, { files, removed }: Edits): PolicyContent {
  if (files.length === 0 && removed.length === 0) return content;
  const known = new Set(content.files.map(({ path }) => path));
  const put = new Set(files.map(({ path }) => path));
  const problems = removed.flatMap((path) => [
    ...(known.has(path) ? [] : [`\`${path}\` is not there, so it cannot be taken out`]),
    ...(put.has(path) ? [`\`${path}\` is both put in and taken out`] : []),
  ]);
  if (problems.length > 0) throw policyInvalid(problems.map((message) => ({ place: null, message })));
  const gone = new Set([...removed, ...put]);
  const kept = content.files.filter(({ path }) => !gone.has(path));
  return contentOf([...kept, ...files.map(({ path, text }) => ({ path, bytes: Buffer.from(text) }))]);
}
