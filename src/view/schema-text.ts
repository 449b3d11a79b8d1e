/**
 * A schema as SDL, with its descriptions in English, in Arabic or in both.
 *
 * In      a schema whose descriptions are written as ours are: a line in each language, or both in one line around ` · `.
 * Out     SDL. A description that has nothing in the language asked for stays as it is.
 */
import { type ASTNode, type GraphQLSchema, parse, print, printSchema, visit } from "graphql";

export type DescriptionLanguage = "en" | "ar";

export function schemaText(schema: GraphQLSchema, language: DescriptionLanguage | null): string {
  const text = printSchema(schema);
  if (language === null) return `${text}\n`;
  const document = visit(parse(text, { noLocation: true }), {
    enter: (node: ASTNode) => {
      if (!("description" in node) || !node.description) return undefined;
      const value = inLanguage(node.description.value, language);
      return { ...node, description: { ...node.description, value, block: value.includes("\n") } };
    },
  });
  return `${print(document)}\n`;
}

const ARABIC = /\p{Script=Arabic}/u;
const BETWEEN = " · ";

function inLanguage(description: string, language: DescriptionLanguage): string {
  const parts = description.split("\n").flatMap((line) => {
    const sides = line.split(BETWEEN).filter((side) => ARABIC.test(side) === (language === "ar"));
    return sides.length > 0 ? [sides.join(BETWEEN)] : [];
  });
  return parts.length > 0 ? parts.join("\n") : description;
}
