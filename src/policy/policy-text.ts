/**
 * Reads policy text as far as needed before Cedar sees it: splits it into policies, refuses what would trap the
 * WebAssembly parser, and turns its offsets into lines.
 *
 * Bounds  256 KiB a file, 64 KiB a policy, 60 nested brackets, 60 prefix operators in a row, 250 `||`/`&&` a policy.
 *         Measured: about 130 nested parentheses or 360 `||` terms trap cedar-wasm with "memory access out of bounds".
 * Source  Cedar's grammar: `//` comments, strings with backslash escapes, a policy ends at a `;`.
 */
export interface PolicyText {
  readonly text: string;
  /** Of the first character of `text` in its file, in UTF-16 units. */
  readonly offset: number;
}

export interface TextProblem {
  readonly message: string;
  readonly offset: number;
}

export const MAX_FILE_BYTES = 256 * 1024;
const MAX_POLICY_CHARS = 64 * 1024;
const MAX_DEPTH = 60;
const MAX_PREFIX_RUN = 60;
const MAX_JUNCTIONS = 250;

const TOKEN = /\/\/[^\n]*|"(?:[^"\\\n]|\\[^\n])*"|&&|\|\||[ \t\r\n]+|[\s\S]/gu;
const OPENING = new Set(["(", "[", "{"]);
const CLOSING = new Set([")", "]", "}"]);
const PREFIX = new Set(["!", "-"]);

export function splitPolicies(text: string): {
  readonly policies: PolicyText[];
  readonly problems: TextProblem[];
} {
  const policies: PolicyText[] = [];
  const problems: TextProblem[] = [];
  if (Buffer.byteLength(text) > MAX_FILE_BYTES) {
    return {
      policies,
      problems: [{ message: `the file is larger than ${MAX_FILE_BYTES} bytes`, offset: 0 }],
    };
  }
  let start = -1;
  let depth = 0;
  let prefixRun = 0;
  let junctions = 0;
  let refused = false;
  const refuse = (message: string, offset: number) => {
    if (!refused) problems.push({ message, offset });
    refused = true;
  };
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (token.startsWith("//") || token.trim() === "") continue;
    if (start < 0) start = index;
    if (token === '"') refuse("a string does not end on its line", index);
    if (OPENING.has(token)) depth += 1;
    if (CLOSING.has(token)) depth -= 1;
    if (token === "&&" || token === "||") junctions += 1;
    prefixRun = PREFIX.has(token) ? prefixRun + 1 : 0;
    if (depth > MAX_DEPTH) refuse(`brackets are nested more than ${MAX_DEPTH} deep`, index);
    if (prefixRun > MAX_PREFIX_RUN) refuse(`more than ${MAX_PREFIX_RUN} prefix operators in a row`, index);
    if (junctions > MAX_JUNCTIONS)
      refuse(`more than ${MAX_JUNCTIONS} \`&&\` and \`||\` in one policy`, index);
    if (index - start > MAX_POLICY_CHARS)
      refuse(`the policy is longer than ${MAX_POLICY_CHARS} characters`, start);
    if (token !== ";" || depth > 0) continue;
    if (!refused) policies.push({ text: text.slice(start, index + 1), offset: start });
    start = -1;
    depth = prefixRun = junctions = 0;
    refused = false;
  }
  // What follows the last `;` goes to Cedar too, which says what is missing.
  if (start >= 0 && !refused) policies.push({ text: text.slice(start), offset: start });
  return { policies, problems };
}

/** Cedar counts UTF-8 bytes; editors count characters, and an Arabic one is two bytes. */
export function charOffset(text: string, byteOffset: number): number {
  return Buffer.from(text).subarray(0, byteOffset).toString().length;
}

/** `12:5`, both counted from one, the column in characters. */
export function lineAndColumn(text: string, offset: number): string {
  const before = text.slice(0, offset).split("\n");
  return `${before.length}:${[...before.at(-1)!].length + 1}`;
}
