/**
 * Cedar's `like`: `*` stands for any text, every other character for itself.
 *
 * In      the pattern as Cedar's JSON form has it, a list of characters and wildcards.
 * Cost    linear: literal parts are matched greedily from the left, without backtracking.
 */
export type Pattern = readonly ("Wildcard" | { readonly Literal: string })[];

/** What stands between the wildcards. */
export function literalParts(pattern: Pattern): string[] {
  const parts = [""];
  for (const piece of pattern) {
    if (piece === "Wildcard") parts.push("");
    else parts[parts.length - 1] += piece.Literal;
  }
  return parts;
}

export function like(text: string, parts: readonly string[]): boolean {
  const first = parts[0]!;
  const last = parts.at(-1)!;
  if (parts.length === 1) return text === first;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last))
    return false;
  const end = text.length - last.length;
  let from = first.length;
  for (const part of parts.slice(1, -1)) {
    const at = text.indexOf(part, from);
    if (at < 0 || at + part.length > end) return false;
    from = at + part.length;
  }
  return from <= end;
}
