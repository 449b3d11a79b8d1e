/** The differential test is worth what it draws: every feature occurs, in schemas and in operations. */
import { composeServices } from "@theguild/federation-composition";
import fc from "fast-check";
import { parse } from "graphql";
import { expect, it } from "vitest";
import { modelSpec } from "./model-spec.ts";
import { operationSpec } from "./operation-spec.ts";
import { mergedSchema } from "./processes.ts";
import { makeModel } from "./random-model.ts";
import { makeOperation } from "./random-operation.ts";
import { modelText, subgraphSdl } from "./sdl.ts";

const SEED = 7;
const MODELS = fc.sample(modelSpec, { numRuns: 150, seed: SEED }).map(makeModel);

/** How many of the texts have it. */
const shareOf = (texts: readonly string[], feature: RegExp): number =>
  texts.filter((text) => feature.test(text)).length / texts.length;

it.each([
  ["required fields", /@requires/],
  ["required fields with arguments", /@requires\(fields: """[^"]*\(/],
  ["required fields of an object", /@requires\(fields: """[^"]*\{/],
  ["provided fields", /@provides/],
  ["fields that moved", /@override/],
  ["shared fields", /: \S+ @shareable/],
  ["interface objects", /@interfaceObject/],
  ["stubs", /resolvable: false/],
  ["composite keys", /@key\(fields: "region num"/],
  ["nested keys", /@key\(fields: "place \{/],
  ["keys through an entity", /@key\(fields: "within \{/],
  ["hidden fields", /f\d.*@inaccessible/],
  ["unions", /^union .*\|/m],
  ["interfaces", /^interface J/m],
  ["mutations", /^type Mutation/m],
  ["lists of lists", /: \[\[/],
  ["arguments with defaults", /\(x0: \S+ = /],
])("draws schemas with %s", (_, feature) => {
  expect(shareOf(MODELS.map(modelText), feature)).toBeGreaterThan(0.05);
});

it.each([
  ["hostile aliases", /\b(?:__proto__|constructor|_p_access|_a0): /],
  ["aliases that are other fields' names", /\b(?:id|code|f\d): (?!id|code)\w+/],
  ["named fragments", /^fragment /m],
  ["fragments on other types", /\.\.\. on \w+ /],
  ["fragments without a type", /\.\.\. (?:@\w+\(if: \S+\) )?\{/],
  ["conditions by literal", /@(?:skip|include)\(if: (?:true|false)\)/],
  ["conditions by variable", /@(?:skip|include)\(if: \$/],
  ["arguments by variable", /x\d: \$/],
  ["arguments by literal", /x\d: [^$]/],
  ["variables with defaults", /\$\w+: \S+ = /],
  ["variables within literals", /x\d: [[{][^$}]*\$/],
  ["type names", /__typename/],
  ["introspection", /__schema|__type\(/],
  ["mutations", /^mutation/m],
  ["several operations", /^query Other/m],
])("draws operations with %s", (_, feature) => {
  const [model] = MODELS.filter((one) => one.mutations.length > 2 && /x\d: Filter/.test(modelText(one)));
  if (!model) throw new Error("no schema has mutations and input objects");
  const { publicSdl = "" } = composeServices(
    model.subgraphs.map((name) => ({ name, typeDefs: parse(subgraphSdl(model, name).composable) })),
  ) as { readonly publicSdl?: string };
  const schema = mergedSchema(publicSdl);
  const specs = fc.sample(operationSpec, { numRuns: 500, seed: SEED });
  expect(
    shareOf(
      specs.map((spec) => makeOperation(schema, spec).text),
      feature,
    ),
  ).toBeGreaterThan(0.01);
});
