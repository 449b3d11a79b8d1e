/**
 * Reads policy text as far as needed before Cedar sees it: splits it into policies, refuses what would trap the
 * WebAssembly parser, and turns its offsets into lines.
 *
 * Bounds  256 KiB a file; a policy: 64 KiB, 60 nested brackets, 60 prefix operators in a row, 250 operators that nest
 *         (`&& || + - * if when unless`), 500 `.`, 1000 `,`.
 *         Measured: about 130 nested parentheses, 500 to 1000 `if`s or methods in a chain, or thousands of terms trap
 *         cedar-wasm with "memory access out of bounds".
 * Source  Cedar's grammar: `//` comments, strings with backslash escapes, a policy ends at a `;`, a template has slots.
 */
export interface PolicyText {
  readonly text: string;
  /** Of the first character of `text` in its file, in UTF-16 units. */
  readonly offset: number;
  /** Where it has slots, if it has any: a template. Offsets into `text`. */
  readonly slots: readonly Slot[];
}

export interface Slot {
  readonly name: string;
  readonly offset: number;
}

export interface TextProblem {
  readonly message: string;
  readonly offset: number;
}

const MAX_FILE_BYTES = 256 * 1024;
const MAX_POLICY_CHARS = 64 * 1024;
const MAX_DEPTH = 60;
const MAX_PREFIX_RUN = 60;
const MAX_NESTING = 250;
const MAX_DOTS = 500;
const MAX_COMMAS = 1000;

/** A comment ends at a lone carriage return too, as in Cedar: what follows it is not hidden from the bounds. */
const TOKEN = /\/\/[^\n\r]*|"(?:[^"\\\n]|\\[^\n])*"|&&|\|\||\?\w*|\w+|[ \t\r\n]+|[\s\S]/gu;
const DEPTH: Readonly<Record<string, number>> = { "(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1 };
const PREFIX = new Set(["!", "-"]);
const NESTING = new Set(["&&", "||", "+", "-", "*", "if", "when", "unless"]);

/** All of the text, comments and blanks included. */
export const tokensOf = (text: string): readonly string[] =>
  [...text.matchAll(TOKEN)].map(([token]) => token);

export function splitPolicies(text: string): {
  readonly policies: PolicyText[];
  readonly problems: TextProblem[];
} {
  if (Buffer.byteLength(text) > MAX_FILE_BYTES) {
    return {
      policies: [],
      problems: [{ message: `the file is larger than ${MAX_FILE_BYTES} bytes`, offset: 0 }],
    };
  }
  const policies: PolicyText[] = [];
  const problems: TextProblem[] = [];
  let policy: PolicyBounds | null = null;
  const finish = (bounds: PolicyBounds, end: number) => {
    if (bounds.problem) problems.push(bounds.problem);
    else policies.push({ text: text.slice(bounds.start, end), offset: bounds.start, slots: bounds.slots });
  };
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (token.startsWith("//") || token.trim() === "") continue;
    policy ??= new PolicyBounds(index);
    policy.take(token, index);
    if (token !== ";" || policy.depth > 0) continue;
    finish(policy, index + 1);
    policy = null;
  }
  // What follows the last `;` goes to Cedar too, which says what is missing.
  if (policy) finish(policy, text.length);
  return { policies, problems };
}

/** Counts what could trap the parser; remembers the first bound that a policy breaks. */
class PolicyBounds {
  readonly start: number;
  problem: TextProblem | null = null;
  depth = 0;
  readonly slots: Slot[] = [];
  #prefixRun = 0;
  #nesting = 0;
  #dots = 0;
  #commas = 0;

  constructor(start: number) {
    this.start = start;
  }

  take(token: string, offset: number): void {
    this.depth += DEPTH[token] ?? 0;
    this.#prefixRun = PREFIX.has(token) ? this.#prefixRun + 1 : 0;
    if (NESTING.has(token)) this.#nesting += 1;
    if (token === ".") this.#dots += 1;
    if (token === ",") this.#commas += 1;
    if (token.startsWith("?")) this.slots.push({ name: token, offset: offset - this.start });
    const message = this.#broken(token, offset);
    if (message) this.problem ??= { message, offset };
  }

  #broken(token: string, offset: number): string | null {
    if (token === '"') return "a string does not end on its line";
    if (this.depth > MAX_DEPTH) return `brackets are nested more than ${MAX_DEPTH} deep`;
    if (this.#prefixRun > MAX_PREFIX_RUN) return `more than ${MAX_PREFIX_RUN} prefix operators in a row`;
    if (this.#nesting > MAX_NESTING) return `more than ${MAX_NESTING} operators that nest in one policy`;
    if (this.#dots > MAX_DOTS) return `more than ${MAX_DOTS} \`.\` in one policy`;
    if (this.#commas > MAX_COMMAS) return `more than ${MAX_COMMAS} \`,\` in one policy`;
    return offset - this.start > MAX_POLICY_CHARS
      ? `the policy is longer than ${MAX_POLICY_CHARS} characters`
      : null;
  }
}

/** Cedar counts UTF-8 bytes; editors count characters, and an Arabic one is two bytes. */
export function charOffset(text: string, byteOffset: number): number {
  return Buffer.from(text).subarray(0, byteOffset).toString().length;
}

/** Both counted from one, the column in characters. */
export function lineAndColumn(
  text: string,
  offset: number,
): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length, column: [...before.at(-1)!].length + 1 };
}
