/**
 * `docs/configuration.md` and `docs/config.schema.json`, generated from the schema; `scripts/docs.ts` writes them and a test
 * fails when they drift.
 */
import { configJsonSchema, environmentName, type JsonSchema, scalarType } from "./environment-keys.ts";

export const configSchemaFile = (): string => `${JSON.stringify(configJsonSchema(), null, 2)}\n`;

const INTRODUCTION = `# Configuration

Generated from \`src/config/\`; do not edit.

One YAML file, named by \`--config\` or \`IHALA_CONFIG\`; without one the sandbox of Bahrain is served. An environment variable
wins over the file. Unknown keys are refused, and all problems are reported together. A secret is never written in the file: it is
\`{file: path}\` or \`{env: NAME}\`. \`config.schema.json\` beside this page gives completion in an editor.
`;

export function configReference(): string {
  const root = configJsonSchema();
  const [sections, loose] = partition(Object.entries(root.properties ?? {}));
  return [
    INTRODUCTION,
    table(loose.flatMap(([name, schema]) => rows([name], schema))),
    ...sections.map(([name, schema]) => sectionText(name, schema)),
  ].join("\n");
}

type Entry = readonly [string, JsonSchema];

function partition(entries: readonly Entry[]): [Entry[], Entry[]] {
  const isSection = ([, schema]: Entry) => scalarType(schema) === null;
  return [entries.filter(isSection), entries.filter((entry) => !isSection(entry))];
}

const sectionText = (name: string, schema: JsonSchema): string =>
  `## ${name}\n\n${schema.description ?? ""}\n\n${table(rowsBelow([name], schema))}`;

const table = (lines: readonly string[]): string =>
  ["| key | type | default | environment | what |", "|---|---|---|---|---|", ...lines, ""].join("\n");

function rowsBelow(path: readonly string[], schema: JsonSchema): string[] {
  if (schema.items) return rowsBelow([...path.slice(0, -1), `${path.at(-1)}[]`], schema.items);
  if (typeof schema.additionalProperties === "object")
    return rowsBelow([...path, "<id>"], schema.additionalProperties);
  return Object.entries(schema.properties ?? {}).flatMap(([name, inner]) => rows([...path, name], inner));
}

function rows(path: readonly string[], schema: JsonSchema): string[] {
  const scalar = scalarType(schema);
  const inList = path.some((step) => step.endsWith("[]"));
  const env = scalar && !inList ? `\`${environmentName(path, schema)}\`` : "–";
  const row = [`\`${path.join(".")}\``, typeText(schema), defaultText(schema), env, schema.description ?? ""];
  return [`| ${row.join(" | ")} |`, ...rowsBelow(path, schema)];
}

function typeText(schema: JsonSchema): string {
  if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(", ");
  if (schema.anyOf)
    return schema.anyOf.map((one) => `\`{${Object.keys(one.properties ?? {})}}\``).join(" or ");
  return schema.type === "array" ? "list" : schema.type === "object" ? "mapping" : (schema.type ?? "");
}

function defaultText({ default: value }: JsonSchema): string {
  if (value === undefined) return "–";
  if (typeof value !== "object" || value === null) return `\`${value}\``;
  if (Array.isArray(value) && value.every((item) => typeof item === "string"))
    return value.map((item) => `\`${item}\``).join(", ") || "–";
  return Object.keys(value).length === 0 ? "–" : "the sandbox's";
}
