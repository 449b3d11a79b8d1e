import { describe, expect, it } from "vitest";
import { lmraClasses } from "../../resolvers/lmra/index.ts";
import { mosdClasses } from "../../resolvers/mosd/index.ts";
import { nccClasses } from "../../resolvers/ncc/index.ts";
import { rtcClasses } from "../../resolvers/rtc/index.ts";
import { decoratedSchema } from "../../resolvers/shared/subgraph.ts";
import { documentSdl, only, printedSdl } from "../support/sdl.ts";

const AGENCIES = [
  ["lmra.graphql", () => decoratedSchema(lmraClasses)],
  ["mosd.graphql", () => decoratedSchema(mosdClasses)],
  ["ncc.graphql", () => decoratedSchema(nccClasses)],
  ["rtc.graphql", () => decoratedSchema(rtcClasses)],
] as const;

describe.each(AGENCIES)("%s", (file, schema) => {
  it("is what the resolvers' classes say, down to nullability and directives", () => {
    const document = documentSdl(file);
    expect(only(printedSdl(schema()), Object.keys(document))).toEqual(document);
  });

  it("is all they say, but for the vocabulary, and of that they say what it says", () => {
    const vocabulary = documentSdl("vocabulary.graphql");
    const own = documentSdl(file);
    const beyond = Object.entries(printedSdl(schema())).filter(
      ([name, text]) => !(name in own) && text !== `type ${name}`,
    );
    for (const [name, text] of beyond) expect(text).toBe(vocabulary[name]);
  });
});
