import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { OF_THEIR_PROCESS } from "./tests/support/of-their-process.ts";

const ALONE = OF_THEIR_PROCESS.map((name) => (name.endsWith("/") ? `${name}**/*.test.ts` : name));
const OF_POLICIES = ["tests/{policies,policy,policy-store,resolvers}/**/*.test.ts"];
const OF_REQUESTS = ["tests/{assembly,faults,http,pipeline,scenarios,security,server}/**/*.test.ts"];

/** Those that `npm run test:faults` runs at full length. */
const OF_FAULTS = "tests/faults/measured/*";

/**
 * Files that follow each other in two processes: what each would load, compile and warm up anew is there. It is safe because modules keep
 * nothing but what they can work out again; `tests/architecture/shared-processes.test.ts` guards the tests' own. What test files
 * themselves hold on to goes with the processes, of which each project has new ones.
 */
const shared = (name: string, include: readonly string[], exclude: readonly string[] = []) => ({
  extends: true as const,
  test: { name, include: [...include], exclude: [...ALONE, ...exclude], isolate: false },
});

export default defineConfig(({ mode }) => ({
  // graphql 16 ships CommonJS (what Node loads) and ESM (what Vite would pick): one realm only.
  resolve: { alias: [{ find: /^graphql$/, replacement: "graphql/index.js" }] },
  test: {
    environment: "node",
    globalSetup: ["tests/support/postgres-broker.ts", "tests/support/campaign-options.ts"],
    setupFiles: ["tests/support/fixed-seed.ts", "tests/support/kept-cedar.ts"],
    testTimeout: 30_000,
    hookTimeout: 90_000,
    // A busy machine is no fault: what is waited for may come late.
    expect: { poll: { timeout: 10_000 } },
    pool: "forks",
    maxWorkers: 2,
    // Child processes and threads of ours read their modules from here, compiled.
    env: { NODE_COMPILE_CACHE: fileURLToPath(new URL("node_modules/.cache/node-compile", import.meta.url)) },
    // One after the other, in the order of their names.
    projects: [
      {
        extends: true,
        test: { name: "alone", include: ALONE, exclude: mode === "without-faults" ? [OF_FAULTS] : [] },
      },
      shared("parts", ["tests/**/*.test.ts"], [...OF_POLICIES, ...OF_REQUESTS]),
      shared("policies", OF_POLICIES),
      shared("requests", OF_REQUESTS),
    ],
  },
}));
