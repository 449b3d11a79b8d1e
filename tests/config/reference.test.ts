import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { configJsonSchema, environmentKeys, type JsonSchema } from "../../src/config/environment-keys.ts";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";
import { configReference, configSchemaFile } from "../../src/config/reference.ts";

const shipped = (name: string) => readFile(join(PACKAGE_ROOT, "docs", name), "utf8");

describe("the reference of the configuration (node scripts/docs.ts writes it)", () => {
  it("is what the schema says", async () => {
    expect(await shipped("configuration.md")).toBe(configReference());
    expect(await shipped("config.schema.json")).toBe(configSchemaFile());
  });

  it("describes every key", () => {
    expect(undescribed(configJsonSchema(), "config")).toEqual([]);
  });

  it("names every variable once", () => {
    const names = environmentKeys().map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(
      expect.arrayContaining(["PORT", "IHALA_DATA", "IHALA_SCALE", "IHALA_LIMITS_MAX_TOKENS"]),
    );
  });
});

function undescribed(schema: JsonSchema, path: string): string[] {
  const inner = Object.entries(schema.properties ?? {}).flatMap(([name, one]) => [
    ...(one.description ? [] : [`${path}.${name}`]),
    ...undescribed(one, `${path}.${name}`),
  ]);
  return schema.items ? [...inner, ...undescribed(schema.items, `${path}[]`)] : inner;
}
