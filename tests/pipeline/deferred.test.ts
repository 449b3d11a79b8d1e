/**
 * However an operation is cut by `@defer`, what has come in the end is what the same operation answers in one piece, the agencies are asked
 * the same, and the records say the same: random operations over the national schema, under random policies.
 */
import fc from "fast-check";
import { parse } from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Disclosure } from "../../src/audit/record.ts";
import { GatewayError } from "../../src/kernel/errors.ts";
import type { Facts, Outcome, Profile } from "../../src/policy/verdict.ts";
import { operationText } from "../federation/operations.ts";
import { type MirrorGateway, startMirrorGateway } from "../support/mirror-gateway.ts";
import { ALLOW } from "../support/mirror-pipeline.ts";
import { merged, payloadsOf } from "../support/pieces.ts";
import { randomProfile } from "../support/random-profile.ts";
import { withDefer } from "../support/with-defer.ts";

describe("an answer in pieces", () => {
  let on: MirrorGateway;
  let profile: Profile = randomProfile(0);
  const current: Profile = {
    get key() {
      return profile.key;
    },
    verdict: (asked) => profile.verdict(asked),
  };
  beforeAll(async () => {
    on = await startMirrorGateway({ profile: current });
  });
  afterAll(() => on?.close());

  async function outcomeOf(query: string, incremental: boolean) {
    on.disclosures.length = 0;
    for (const { asked } of on.backends.values()) asked.length = 0;
    const payloads = await payloadsOf(
      on.gateway,
      on.request(query, { carries: { events: false, incremental } }),
    );
    const { data, failed } = merged(payloads);
    return {
      pieces: payloads.length,
      answer: {
        ...{ data, failed },
        withheld: unique(payloads.flatMap(({ extensions }) => extensions?.withheld ?? [])),
        asked: [...on.backends]
          .flatMap(([name, { asked }]) => asked.map((request) => `${name} ${request.query}`))
          .sort(),
        disclosed: disclosed(on.disclosures),
      },
      records: on.disclosures.length,
    };
  }

  it("is together what it is in one", { timeout: 120_000 }, async () => {
    let inPieces = 0;
    const texts = operationText({ schema: on.gateway.supergraph.publicSchema, leaveOut: new Set() });
    await fc.assert(
      fc.asyncProperty(texts, fc.nat(1_000_000), fc.nat(), async (text, salt, seed) => {
        profile = randomProfile(salt);
        const query = withDefer(text, seed);
        parse(query);
        const refused = (error: unknown): string => {
          if (error instanceof GatewayError) return error.code;
          throw error;
        };
        const pieces = await outcomeOf(query, true).catch(refused);
        const whole = await outcomeOf(query, false).catch(refused);
        if (typeof pieces === "string" || typeof whole === "string") {
          expect(pieces).toBe(whole);
          return;
        }
        expect(pieces.answer).toEqual(whole.answer);
        if (pieces.pieces === 1) return;
        inPieces += 1;
        expect(pieces.records).toBe(pieces.pieces);
      }),
      { numRuns: 300 },
    );
    expect(inPieces).toBeGreaterThan(30);
  });

  it("asks for what a row decides once it knows the row, though another piece needs the same agency first", async () => {
    profile = {
      key: "gender by the row",
      verdict: (asked) =>
        asked.coordinate === "Person.gender"
          ? { kind: "residual", reads: new Set(["child"]), opens: true, allows: true, decide: ofAdults }
          : { kind: "settled", outcome: ALLOW },
    };
    const query = `{
      ... @defer { deferred: person(id: "x805") { __typename ... @defer { gender } } }
      atOnce: person(id: "x742") { __typename ... @defer { isChild } }
    }`;
    const [pieces, whole] = [await outcomeOf(query, true), await outcomeOf(query, false)];
    expect(pieces.answer).toEqual(whole.answer);
    expect(pieces.answer.data).toHaveProperty("deferred.gender", "MASCULINE");
  });
});

const ofAdults = ({ child }: Facts): Outcome =>
  child ? { ...ALLOW, effect: "DENY", reason: "R7", shownReason: "R7" } : ALLOW;

const unique = (all: readonly unknown[]): readonly string[] =>
  [...new Set(all.map((one) => JSON.stringify(one)))].sort();

/** The clearest level at which each group of each subject was shown: a piece may show less of a group than another. */
function disclosed(all: readonly Disclosure[]): ReadonlyMap<string, string> {
  const levels = new Map<string, string>();
  for (const { type, uid, groups } of all.flatMap(({ subjects }) => subjects))
    for (const { group, level } of groups) {
      const shown = `${type} ${uid} ${group}`;
      if (levels.get(shown) !== "clear") levels.set(shown, level);
    }
  return levels;
}
