/**
 * Test files that look at their own process — its children, its memory, its environment — and so have one to themselves; a name that
 * ends in `/` is a folder's. All others follow each other in shared ones (`vitest.config.ts`).
 */
export const OF_THEIR_PROCESS: readonly string[] = [
  "tests/assembly/dev-reload.test.ts",
  "tests/assembly/reload-under-load.test.ts",
  "tests/faults/gateway.test.ts",
  "tests/faults/measured/",
  "tests/federation/planner-faults.test.ts",
  "tests/plan/planner.test.ts",
  "tests/policy-store/content-desk.test.ts",
  "tests/server/load.test.ts",
];
