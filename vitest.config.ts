import { defineConfig } from "vitest/config";

export default defineConfig({
  // graphql 16 ships CommonJS (what Node loads) and ESM (what Vite would pick): one realm only.
  resolve: { alias: [{ find: /^graphql$/, replacement: "graphql/index.js" }] },
  test: {
    include: ["tests/**/*.test.ts"],
    environment: "node",
    globalSetup: ["tests/support/postgres-broker.ts", "tests/support/campaign-options.ts"],
    setupFiles: ["tests/support/fixed-seed.ts"],
    testTimeout: 30_000,
    hookTimeout: 90_000,
    // A busy machine is no fault: what is waited for may come late.
    expect: { poll: { timeout: 10_000 } },
    pool: "forks",
    maxWorkers: 2,
  },
});
