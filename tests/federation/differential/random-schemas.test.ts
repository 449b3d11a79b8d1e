/**
 * Any operation over any federated schema answers what GraphQL itself says: one process over the merged schema. Data are
 * equal to the order of keys, errors in path and number.
 *
 * `npm run test:differential` goes on for tens of thousands; `-- --sequence.seed N` brings either run back.
 */
import { expect, inject, it } from "vitest";
import { runCampaign } from "./campaign.ts";
import { openGateway } from "./open-gateway.ts";

const { seed, isLong } = inject("campaign");
const SCHEMAS = isLong ? 600 : 40;
const OPERATIONS = 75;
/** A second for each schema is plenty; a counterexample takes its time to get small. */
const TIMEOUT_MS = SCHEMAS * 1_000 + 180_000;
/** Schemas between two lines of progress. */
const STEP = 50;

it("answers random operations over random federated schemas as one process does", {
  timeout: TIMEOUT_MS,
}, async () => {
  console.info(`seed ${seed}`);
  let schemas = 0;
  const { cases, faulty, refused } = await runCampaign({
    ...{ seed, schemas: SCHEMAS, operations: OPERATIONS, open: openGateway },
    onSchema: (so) => {
      schemas += 1;
      if (schemas % STEP === 0) console.info(`${schemas} schemas, ${so.cases} cases`);
    },
  });
  console.info(`${cases} cases equal, ${faulty} of them with errors; ${refused} refused by the planner`);
  expect(cases + refused).toBe(SCHEMAS * OPERATIONS);
  expect(faulty).toBeGreaterThan(cases / 10);
  expect(refused).toBeLessThan(cases / 25);
});
