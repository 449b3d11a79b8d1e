/** The simulated agencies as a process of the sandbox. */
import { type AgenciesChildOptions, verifiers } from "../src/cli/children.ts";
import { runChild } from "../src/cli/run-child.ts";
import { startAgencies } from "./start.ts";
import { createWorld } from "./synth/world.ts";

runChild<AgenciesChildOptions>(async ({ world, trust }) => {
  const agencies = await startAgencies({ world: createWorld(world), verify: await verifiers(trust) });
  return { ready: { urls: Object.fromEntries(agencies.urls) }, stop: () => agencies.close() };
});
