/**
 * Compares the gateway with a single process on tens of thousands of random operations over random federated schemas:
 * `npm run test:differential`, with `--seed`, `--schemas` and `--operations` if need be. A difference ends it, shrunk.
 */
import { parseArgs } from "node:util";
import { runCampaign } from "../tests/federation/differential/campaign.ts";
import { openGateway } from "../tests/federation/differential/open-gateway.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
    schemas: { type: "string", default: "400" },
    operations: { type: "string", default: "75" },
  },
});
const [seed, schemas, operations] = [values.seed, values.schemas, values.operations].map(Number) as [
  number,
  number,
  number,
];
/** Schemas between two lines of progress. */
const STEP = 25;

console.info(`seed ${seed}: ${schemas} schemas, ${operations} operations over each`);
let done = 0;
const { cases, faulty, refused } = await runCampaign({
  ...{ seed, schemas, operations, open: openGateway },
  onSchema: (so) => {
    done += 1;
    if (done % STEP === 0) console.info(`${done} schemas, ${so.cases} cases`);
  },
});
console.info(
  `seed ${seed}: ${cases} cases equal, ${faulty} of them with errors; ${refused} refused by the planner`,
);
