/** Code lists of a schema of this process grow by those of the deployment, and nothing else of it changes. */
import { buildSchema, execute, parse, printSchema } from "graphql";
import { expect, it } from "vitest";
import { federatedSchema } from "../../src/connectors/federated-schema.ts";
import { withCodes } from "../../src/connectors/with-codes.ts";

const SHIPPED = "enum Group { HEADER SCREENING } enum Own { A }";
const schema = federatedSchema({
  typeDefs: `${SHIPPED} type Query { groups(of: [Group!], first: Group = HEADER): [Group!] own: Own }`,
  resolvers: { Query: { groups: (_: unknown, { of, first }) => [first, ...of], own: () => "A" } },
  references: {},
});
const composed = buildSchema("enum Group { HEADER SCREENING INSURANCE } type Query { groups: [Group!] }");
const QUERY = parse("query ($of: [Group!]) { groups(of: $of) own }");
const ask = (of: readonly string[], by = schema) =>
  execute({ schema: by, document: QUERY, variableValues: { of } });

it("takes and gives a code that the deployment has beside those that ship", async () => {
  const whole = withCodes(schema, composed);
  expect(await ask(["INSURANCE", "SCREENING"], whole)).toEqual({
    data: { groups: ["HEADER", "INSURANCE", "SCREENING"], own: "A" },
  });
  expect((await ask(["TAXES"], whole)).errors?.[0]?.message).toContain("TAXES");
  expect((await ask(["INSURANCE"])).errors?.[0]?.message).toContain("INSURANCE");
  expect(printSchema(whole).replace("  INSURANCE\n", "")).toBe(printSchema(schema));
});

it("is the same schema where no code is lacking", () => {
  expect(withCodes(schema, buildSchema(`${SHIPPED} type Query { groups: [Group!] }`))).toBe(schema);
});
