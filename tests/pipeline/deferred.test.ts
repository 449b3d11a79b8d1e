/**
 * However an operation is cut by `@defer`, what has come in the end is what the same operation answers in one piece, the agencies are asked
 * the same, and the records say the same: random operations over the national schema, under random policies.
 */
import fc from "fast-check";
import { parse } from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Disclosure } from "../../src/audit/record.ts";
import type { Profile } from "../../src/policy/verdict.ts";
import { operationText } from "../federation/operations.ts";
import { type MirrorGateway, startMirrorGateway } from "../support/mirror-gateway.ts";
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
        disclosed: unique(on.disclosures.flatMap(disclosed)),
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
        const refused = ({ code }: { readonly code?: string }): string => code ?? "no code";
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
});

const unique = (all: readonly unknown[]): readonly string[] =>
  [...new Set(all.map((one) => JSON.stringify(one)))].sort();

const disclosed = ({ subjects }: Disclosure): readonly string[] =>
  subjects.flatMap(({ type, uid, groups }) =>
    groups.map(({ group, level }) => `${type} ${uid} ${group} ${level}`),
  );
