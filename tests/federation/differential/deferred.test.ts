/**
 * However an operation is cut by `@defer`, what has come in the end is what the same operation answers in one piece: data equal, errors at the
 * same places. Where a null ended a fragment, the rest is as it is in one piece.
 */
import { composeServices } from "@theguild/federation-composition";
import fc from "fast-check";
import { parse } from "graphql";
import { afterEach, expect, inject, it } from "vitest";
import { type DevGateway, openDevGateway } from "../../support/dev-gateway.ts";
import { merged, type Payload, payloadsOf } from "../../support/pieces.ts";
import { withDefer } from "../../support/with-defer.ts";
import { comparable } from "./compare.ts";
import { modelSpec } from "./model-spec.ts";
import { operationSpec } from "./operation-spec.ts";
import { mergedSchema, subgraphsOf } from "./processes.ts";
import { makeModel } from "./random-model.ts";
import { makeOperation } from "./random-operation.ts";
import { subgraphSdl } from "./sdl.ts";
import { World } from "./world.ts";

const { seed, isLong } = inject("campaign");
const SCHEMAS = isLong ? 200 : 12;
const OPERATIONS = 60;
const TIMEOUT_MS = SCHEMAS * 3_000 + 120_000;
/** Nothing here waits for anybody: what takes longer never ends. */
const END_MS = 10_000;
/** Random documents may be big; bounds have tests of their own. */
const WIDE = { maxDepth: 100, maxAliases: 10_000, maxSelections: 100_000 };

let opened: DevGateway | null = null;
afterEach(() => opened?.close());

it("gives in pieces what it gives in one", { timeout: TIMEOUT_MS }, async () => {
  console.info(`seed ${seed}`);
  let inPieces = 0;
  for (const spec of fc.sample(modelSpec, { numRuns: SCHEMAS, seed })) {
    const model = makeModel(spec);
    const { supergraphSdl, publicSdl } = composeServices(
      model.subgraphs.map((name) => ({
        ...{ name, url: `http://${name}.test` },
        typeDefs: parse(subgraphSdl(model, name).composable),
      })),
    );
    if (!supergraphSdl || !publicSdl) throw new Error("the schema does not compose");
    const subgraphs = subgraphsOf(model);
    const schema = mergedSchema(publicSdl);
    const gateway = await openDevGateway({ supergraphSdl, backends: subgraphs.backends, limits: WIDE });
    opened = gateway;
    await fc.assert(
      fc.asyncProperty(operationSpec, fc.nat(0xffff), fc.nat(), async (drawn, worldSeed, deferSeed) => {
        const { text, operationName, variables } = makeOperation(schema, drawn);
        const ask = (query: string): Promise<readonly Payload[] | string> => {
          subgraphs.world = new World(model, worldSeed);
          return within(payloadsOf(gateway.gateway, { query, operationName, variables })).catch(codeOf);
        };
        const whole = await ask(text);
        const query = withDefer(text, deferSeed);
        const pieces = await ask(query);
        // More fragments than may be deferred; or the planner cannot plan it, deferred or not.
        if (typeof pieces === "string" || typeof whole === "string") {
          if (pieces !== "LIMIT_EXCEEDED") expect(pieces).toBe(whole);
          return;
        }
        if (pieces.length > 1) inPieces += 1;
        expectEqual(pieces, whole, drawn.mutates);
      }),
      { numRuns: OPERATIONS, seed },
    );
    await gateway.close();
    opened = null;
  }
  expect(inPieces).toBeGreaterThan(SCHEMAS);
});

async function within<Result>(work: Promise<Result>): Promise<Result> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(reject, END_MS, new Error("there was no end"));
  return Promise.race([work, promise]).finally(() => clearTimeout(timer));
}

function codeOf(error: unknown): string {
  if (error instanceof Error && "code" in error && typeof error.code === "string") return error.code;
  throw error;
}

function expectEqual(pieces: readonly Payload[], whole: readonly Payload[], mutates: boolean): void {
  const { data, errors, failed } = merged(pieces);
  const expected = merged(whole);
  // What is deferred reads what all fields of a mutation have left.
  if (mutates && Object.keys(data ?? expected.data ?? {}).length > 1) return;
  if (failed > 0) {
    expect(expected.errors.length).toBeGreaterThan(0);
    expectPart(data, expected.data);
    return;
  }
  expect(data).toEqual(expected.data);
  const places = (all: typeof errors): readonly string[] => [
    ...new Set(comparable({ data: expected.data, errors: all }).errors),
  ];
  expect(places(errors)).toEqual(places(expected.errors));
}

/** A fragment that failed left out what is null, from some place up, in one piece. */
function expectPart(some: unknown, all: unknown): void {
  if (all === null) return;
  if (typeof some !== "object" || some === null) {
    expect(some).toEqual(all);
    return;
  }
  for (const [key, value] of Object.entries(some)) expectPart(value, (all as Record<string, unknown>)[key]);
}
