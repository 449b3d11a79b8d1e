/** The simulated agencies as a process of the benchmark: as in the sandbox, but at once, and as often as they are asked. */

import { FOREIGN_PARTNERS } from "../sandbox/federation.ts";
import { startAgencies } from "../sandbox/start.ts";
import { createWorld } from "../sandbox/synth/world.ts";
import { type AgenciesChildOptions, verifiers } from "../src/cli/children.ts";
import { runChild } from "../src/cli/run-child.ts";

const AT_ONCE = { minMs: 0, maxMs: 0 };
const WITHOUT_LIMIT = Number.MAX_SAFE_INTEGER;

runChild<AgenciesChildOptions>(async ({ world, trust }) => {
  const agencies = await startAgencies({
    world: createWorld(world),
    verify: await verifiers(trust),
    igaPerSecond: WITHOUT_LIMIT,
    latency: Object.fromEntries(["NPRA", ...FOREIGN_PARTNERS].map((name) => [name, AT_ONCE])),
  });
  return { ready: { urls: Object.fromEntries(agencies.urls) }, stop: () => agencies.close() };
});
