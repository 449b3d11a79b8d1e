/** A table in GitHub's form, which reads well in a terminal too: the first `texts` columns lean left, numbers right. */
export function markdownTable(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  texts: number,
): string {
  const widths = heads.map((head, at) =>
    Math.max(...[head, ...rows.map((row) => row[at] ?? "")].map(length)),
  );
  const pad = (text: string, at: number) =>
    at < texts ? text.padEnd(widths[at] ?? 0) : text.padStart(widths[at] ?? 0);
  const line = (cells: readonly string[]) =>
    `| ${heads.map((_, at) => pad(cells[at] ?? "", at)).join(" | ")} |`;
  const rule = widths.map((width, at) => (at < texts ? "-".repeat(width + 2) : `${"-".repeat(width + 1)}:`));
  return [line(heads), `|${rule.join("|")}|`, ...rows.map(line)].join("\n");
}

const length = (text: string) => text.length;
