/**
 * Walks through a document as its reader does: makes its edits, runs its commands, starts and restarts its sandbox.
 *
 * Out     the document with what was really printed in place of what it says, ids and versions aside: equal to the
 *         document as long as that is true. `npx vitest run tests/docs -u` writes it anew.
 */
import { expect } from "vitest";
import { type Block, blocksOf, isOutput } from "./blocks.ts";
import { applyEdit } from "./edits.ts";
import type { Shell } from "./shell.ts";

/** The first start of a document may have happened; a later one starts again. */
const STARTS = /^(npm ci && )?npm start$/;
/** Ways of joining, of which a walk takes one. */
const WAYS: ReadonlySet<string> = new Set(["federation", "rest", "sql"]);

export async function walk(
  markdown: string,
  { directory, shell, way }: { readonly directory: string; readonly shell: Shell; readonly way?: string },
): Promise<string> {
  let text = markdown;
  let grown = 0;
  const blocks = blocksOf(markdown).filter(({ words }) =>
    words.every((word) => !WAYS.has(word) || word === way),
  );
  for (const [at, block] of blocks.entries()) {
    const shown = blocks[at + 1];
    const printed = await act(block, directory, shell);
    if (printed === null || !shown || !isOutput(shown)) continue;
    const truth = said(shown.text) === said(printed) ? shown.text : said(printed);
    text = text.slice(0, shown.from + grown) + truth + text.slice(shown.to + grown);
    grown += truth.length - shown.text.length;
  }
  return text;
}

/** What the block printed, null when it is no commands. */
async function act(block: Block, directory: string, shell: Shell): Promise<string | null> {
  const { language, words, text } = block;
  if (isOutput(block)) return null;
  if (language !== "sh") {
    if (words.length > 0) await applyEdit(directory, block);
    return null;
  }
  if (STARTS.test(text.trim())) {
    if (!text.startsWith("npm ci")) await shell.stop();
    await shell.start();
    return null;
  }
  const { status, out, err } = await shell.run(text);
  // A failure may be what is shown: then its output says so.
  if (status !== 0) expect(out, `\`${text.trim()}\` failed:\n${err}`).toContain("FAIL");
  return out.replaceAll(directory, ".");
}

/** Without what differs from one data directory, one policy text, or one day to the next. */
const said = (printed: string): string =>
  `${printed
    .replaceAll(/"(id|date)":"[^"]*"/g, '"$1":"…"')
    .replaceAll(/[ \t]+$/gm, "")
    .trim()}\n`;
