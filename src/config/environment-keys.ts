/**
 * The keys as JSON Schema, and the environment variable of each: named in the key's metadata, else derived from its path
 * (`limits.maxTokens` → `IHALA_LIMITS_MAX_TOKENS`). Lists and references have none.
 */
import { z } from "zod";
import { configSchema } from "./config.ts";

export interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly env?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly anyOf?: readonly JsonSchema[];
}

export interface EnvironmentKey {
  readonly name: string;
  readonly path: readonly string[];
  readonly type: "string" | "number" | "boolean";
}

export const configJsonSchema = (): JsonSchema => z.toJSONSchema(configSchema, { io: "input" }) as JsonSchema;

export function environmentKeys(): readonly EnvironmentKey[] {
  return keysBelow(configJsonSchema(), []);
}

export function environmentName(path: readonly string[], schema: JsonSchema): string {
  return schema.env ?? ["IHALA", ...path.map(snake)].join("_");
}

export function scalarType({ type }: JsonSchema): EnvironmentKey["type"] | null {
  if (type === "integer" || type === "number") return "number";
  return type === "string" || type === "boolean" ? type : null;
}

function keysBelow(schema: JsonSchema, path: readonly string[]): readonly EnvironmentKey[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, inner]) => {
    const at = [...path, name];
    const type = scalarType(inner);
    if (type) return [{ name: environmentName(at, inner), path: at, type }];
    return keysBelow(inner, at);
  });
}

const snake = (name: string) => name.replace(/([A-Z])/g, "_$1").toUpperCase();
