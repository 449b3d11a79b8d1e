/**
 * The fenced blocks of a document, and what their first line says about them.
 *
 *     ```sh rest                       commands, for the way of joining that is named, or for all
 *     ```json schema/keys.json         an edit of a file; under `examples/`, an excerpt of it
 *     ```text                          what the commands before printed (`json` without a file likewise)
 */
export interface Block {
  readonly language: string;
  /** What follows the language. */
  readonly words: readonly string[];
  readonly text: string;
  /** Where the text is in the document. */
  readonly from: number;
  readonly to: number;
}

const FENCE = /^```(\w+)([^\n]*)\n([\s\S]*?)^```$/gm;

export function blocksOf(markdown: string): readonly Block[] {
  return [...markdown.matchAll(FENCE)].map((match) => {
    const [whole, language = "", words = "", text = ""] = match;
    const to = match.index + whole.length - "```".length;
    return {
      language,
      words: words.trim().split(/\s+/).filter(Boolean),
      text,
      from: to - text.length,
      to,
    };
  });
}

/** Does the block say what the commands above it print? */
export const isOutput = ({ language, words }: Block): boolean =>
  (language === "text" || language === "json") && words.length === 0;
