import { describe, expect, it } from "vitest";
import { crtClasses } from "../../resolvers/crt/index.ts";
import { igaClasses } from "../../resolvers/iga/index.ts";
import { moiClasses } from "../../resolvers/moi/index.ts";
import { ngoClasses } from "../../resolvers/ngo/index.ts";
import { npraClasses } from "../../resolvers/npra/index.ts";
import { decoratedSchema } from "../../resolvers/shared/subgraph.ts";
import { documentSdl, only, printedSdl } from "../support/sdl.ts";

const AGENCIES = [
  ["iga.graphql", () => decoratedSchema(igaClasses)],
  ["npra.graphql", () => decoratedSchema(npraClasses)],
  ["moi.graphql", () => decoratedSchema(moiClasses)],
  ["crt.graphql", () => decoratedSchema(crtClasses)],
  ["ngo.graphql", () => decoratedSchema(ngoClasses)],
] as const;

describe.each(AGENCIES)("%s", (file, schema) => {
  it("is what the resolvers' classes say, down to nullability and directives", () => {
    const document = documentSdl(file);
    expect(only(printedSdl(schema()), Object.keys(document))).toEqual(document);
  });

  it("is all they say, but for the vocabulary", () => {
    const vocabulary = documentSdl("vocabulary.graphql");
    const own = Object.keys(documentSdl(file));
    const beyond = Object.keys(printedSdl(schema())).filter(
      (name) => !own.includes(name) && name !== "Query",
    );
    expect(beyond.filter((name) => !(name in vocabulary))).toEqual([]);
  });
});
