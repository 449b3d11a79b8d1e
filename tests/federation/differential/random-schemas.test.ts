/**
 * Any operation over any federated schema answers what GraphQL itself says: one process over the merged schema. Data are
 * equal to the order of keys, errors in path and number. `npm run test:differential` goes on for tens of thousands.
 */
import { expect, it } from "vitest";
import { runCampaign } from "./campaign.ts";
import { openGateway } from "./open-gateway.ts";

const SCHEMAS = 40;
const OPERATIONS = 75;

it("answers random operations over random federated schemas as one process does", {
  timeout: 240_000,
}, async () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  console.info(`seed ${seed}: npm run test:differential -- --seed ${seed}`);
  const { cases, faulty, refused } = await runCampaign({
    ...{ seed, schemas: SCHEMAS, operations: OPERATIONS, open: openGateway },
  });
  expect(cases + refused).toBe(SCHEMAS * OPERATIONS);
  expect(faulty).toBeGreaterThan(cases / 10);
  expect(refused).toBeLessThan(cases / 25);
});
