import { defineConfig } from "vitest/config";

/** Their subjects are functions of texts: files share a process, and what is compiled once is not compiled again. */
const OF_TEXTS = ["tests/policy/**/*.test.ts", "tests/policies/**/*.test.ts", "tests/resolvers/**/*.test.ts"];

/** Those that `npm run test:faults` runs at full length. */
const OF_FAULTS = "tests/faults/measured/*";

export default defineConfig(({ mode }) => ({
  // graphql 16 ships CommonJS (what Node loads) and ESM (what Vite would pick): one realm only.
  resolve: { alias: [{ find: /^graphql$/, replacement: "graphql/index.js" }] },
  test: {
    environment: "node",
    globalSetup: ["tests/support/postgres-broker.ts", "tests/support/campaign-options.ts"],
    setupFiles: ["tests/support/fixed-seed.ts"],
    testTimeout: 30_000,
    hookTimeout: 90_000,
    // A busy machine is no fault: what is waited for may come late.
    expect: { poll: { timeout: 10_000 } },
    pool: "forks",
    maxWorkers: 2,
    projects: [
      { extends: true, test: { name: "texts", include: OF_TEXTS, isolate: false } },
      {
        extends: true,
        test: {
          name: "whole",
          include: ["tests/**/*.test.ts"],
          exclude: [...OF_TEXTS, ...(mode === "without-faults" ? [OF_FAULTS] : [])],
        },
      },
    ],
  },
}));
