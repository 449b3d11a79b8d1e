/**
 * Any operation over the national schema, planned and executed across fourteen subgraphs, answers what one process
 * answers over the merged schema. Seeds are printed by fast-check on failure.
 */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ALLOW, type Mirror, sealId, startMirror } from "../support/mirror-pipeline.ts";
import { mirrorAnswer } from "../support/mirror-world.ts";
import { operationText } from "./operations.ts";

/**
 * The stage is computed from several tracks (`tests/respond/stage.test.ts`), and a page without a row tells of no other
 * page, whatever an agency says.
 */
const LEAVE_OUT = new Set([
  "Case.stage",
  "PageInfo.hasNextPage",
  "PageInfo.startCursor",
  "PageInfo.endCursor",
]);

describe("federated execution", () => {
  let mirror: Mirror;
  beforeAll(async () => {
    mirror = await startMirror();
  });
  afterAll(() => mirror?.close());

  it("equals a single process on random operations", { timeout: 120_000 }, async () => {
    const { supergraph } = mirror;
    const texts = operationText({ schema: supergraph.publicSchema, leaveOut: LEAVE_OUT });
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        const expected = await mirrorAnswer(supergraph.fullSchema, text, supergraph.entities, sealId);
        const { data } = await mirror.answer(text, {
          key: "allow",
          verdict: () => ({ kind: "settled", outcome: ALLOW }),
        });
        expect(data).toEqual(JSON.parse(JSON.stringify(expected)));
      }),
      { numRuns: 600 },
    );
  });
});
