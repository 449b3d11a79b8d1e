/**
 * Does a JSON text name a key twice in one object? `JSON.parse` keeps the last one silently, other parsers the first:
 * a token that two readers understand differently is refused.
 *
 * In      text that `JSON.parse` accepts.
 * Cost    one pass.
 */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/g;

export function hasDuplicateKeys(text: string): boolean {
  /** Keys of each open object; null for an open list. */
  const open: (Set<string> | null)[] = [];
  let last = "";
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === "{") open.push(new Set());
    else if (token === "[") open.push(null);
    else if (token === "}" || token === "]") open.pop();
    else if (token === ":") {
      const keys = open.at(-1);
      const key = JSON.parse(last) as string;
      if (keys?.has(key)) return true;
      keys?.add(key);
    }
    last = token;
  }
  return false;
}
