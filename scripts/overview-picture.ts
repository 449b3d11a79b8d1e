/**
 * Draws the README's picture: one question about one case, as three readers are answered, side by side.
 *
 * In      the answers of `overview-answers.ts`. Out  SVG text; the same answers give the same text.
 * The colours follow the page (light or dark); nothing is told by colour alone.
 */
import {
  type Answers,
  CASE,
  CASE_LINES,
  type Cell,
  type Line,
  READERS,
  WORKER_LINES,
} from "./overview-answers.ts";

const LABELS = 210;
const COLUMN = 222;
const ROW = 25;
const MARGIN = 16;
const HEAD = 64;
const WIDTH = MARGIN * 2 + LABELS + COLUMN * READERS.length;

const STYLE = `
  svg { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; --ink: #1c2128; --quiet: #59636e; --rule: #d1d9e0;
    --page: #ffffff; --shown: #1a7f37; --masked: #9a6700; --held: #b42318; }
  @media (prefers-color-scheme: dark) { svg { --ink: #f0f6fc; --quiet: #9198a1; --rule: #3d444d; --page: #0d1117;
    --shown: #56d364; --masked: #e3b341; --held: #ff8a80; } }
  .page { fill: var(--page); } text { fill: var(--ink); } .quiet { fill: var(--quiet); }
  .head { font-weight: 600; font-size: 15px; } .small { font-size: 11px; }
  line { stroke: var(--rule); } .shown { fill: var(--shown); } .masked { fill: var(--masked); } .held { fill: var(--held); }
`;

export function drawOverview({ ofCase, ofWorker, reasons }: Answers): string {
  const body: string[] = [];
  let y = HEAD;
  const section = (title: string, lines: readonly Line[], cells: readonly (readonly Cell[])[]): void => {
    y += ROW;
    body.push(text(MARGIN, y, title, "quiet small"), rule(y + 7));
    for (const [at, line] of lines.entries()) {
      y += ROW;
      body.push(text(MARGIN, y, line.label), text(MARGIN + LABELS - 16, y, line.from, "quiet small", "end"));
      for (const [reader, column] of cells.entries())
        body.push(cell(left(reader), y, column[at] as Cell, reasons));
    }
  };
  section(`case(nrmNumber: "${CASE}")`, CASE_LINES, ofCase);
  y += 8;
  section("worker(workPermitNo: …), her file in the labour register", WORKER_LINES, ofWorker);
  const legend = y + ROW + 14;
  const height = legend + MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">`,
    `<title>One question about one case, answered for three readers</title>`,
    `<desc>${escaped(description(ofCase))}</desc>`,
    `<style>${STYLE}</style>`,
    `<rect class="page" width="${WIDTH}" height="${height}" rx="8"/>`,
    ...READERS.flatMap(({ title, purpose }, reader) => [
      text(left(reader), 34, title, "head"),
      text(left(reader), 52, `${purpose}, ${sources(ofCase[reader] ?? [])}`, "quiet small"),
    ]),
    ...body,
    rule(legend - 20),
    text(
      MARGIN,
      legend,
      "● shown · ◐ masked · ✕ withheld, with the reason · blank: hidden, as if it did not exist · ⊘ may not search by it · nobody here is real",
      "quiet small",
    ),
    "</svg>",
    "",
  ].join("\n");
}

const left = (reader: number): number => MARGIN + LABELS + reader * COLUMN;

/** From how many agencies' own servers the shown values came. */
function sources(cells: readonly Cell[]): string {
  const agencies = new Set(CASE_LINES.filter((_, at) => isValue(cells[at])).map(({ from }) => from));
  return agencies.size === 1 ? "from 1 agency" : `from ${agencies.size} agencies`;
}

const isValue = (one: Cell | undefined): one is Cell & { readonly text: string } =>
  one?.kind === "shown" || one?.kind === "masked";

function cell(x: number, y: number, one: Cell, reasons: ReadonlyMap<string, string>): string {
  switch (one.kind) {
    case "shown":
      return text(x, y, `● ${one.text}`, "shown");
    case "masked":
      return text(x, y, `◐ ${one.text}`, "masked");
    case "withheld":
      return text(x, y, `✕ ${one.reason} ${short(reasons.get(one.reason) ?? "")}`, "held small");
    case "refused":
      return text(x, y, "⊘ refused", "held small");
    case "hidden":
      return "";
  }
}

const LONGEST_REASON = 30;
const short = (reason: string): string =>
  reason.length <= LONGEST_REASON ? reason : `${reason.slice(0, reason.lastIndexOf(" ", LONGEST_REASON))} …`;

const rule = (y: number): string => `<line x1="${MARGIN}" x2="${WIDTH - MARGIN}" y1="${y}" y2="${y}"/>`;

const text = (x: number, y: number, content: string, style = "", anchor = "start"): string =>
  `<text x="${x}" y="${y}"${style ? ` class="${style}"` : ""}${anchor === "start" ? "" : ` text-anchor="${anchor}"`}>${escaped(content)}</text>`;

const escaped = (content: string): string =>
  content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** The same in words, for those who cannot see it. */
function description(ofCase: Answers["ofCase"]): string {
  return READERS.map(({ title }, reader) => {
    const cells = ofCase[reader] ?? [];
    const named = (wanted: (one: Cell) => boolean): string =>
      CASE_LINES.filter((_, at) => wanted(cells[at] as Cell))
        .map(({ label }) => label)
        .join(", ") || "nothing";
    return `${title}. Shown: ${named(isValue)}. Withheld: ${named(({ kind }) => kind === "withheld")}. Hidden: ${named(({ kind }) => kind === "hidden")}.`;
  }).join(" ");
}
