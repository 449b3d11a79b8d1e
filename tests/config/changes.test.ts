/** Which keys may change while the gateway runs. */
import { expect, it } from "vitest";
import { restartProblems } from "../../src/config/changes.ts";
import { loadConfig } from "../../src/config/load.ts";

const config = await loadConfig({ env: {} });

it("lets policies, schema, agencies, issuers, documents and limits change", () => {
  const next = {
    ...config,
    agencies: config.agencies.slice(1),
    identity: { ...config.identity, audience: "another" },
    limits: { ...config.limits, maxDepth: 3 },
    policy: { ...config.policy, directory: "/elsewhere" },
    schema: { directory: "/elsewhere" },
    planner: { deadlineMs: 7 },
    ledger: { url: "http://elsewhere" },
    server: {
      ...config.server,
      shareIdentical: false,
      persistedDocuments: { path: "/elsewhere", only: false },
    },
  };
  expect(restartProblems(config, next)).toEqual([]);
});

it("names every other key that differs, in lists and in what is left out too", () => {
  const next = {
    ...config,
    data: "/elsewhere",
    identity: { ...config.identity, dpop: { maxAgeSeconds: 30, nonce: true, shared: false } },
    limits: { ...config.limits, maxTokens: 1 },
    audit: { ...config.audit, directory: "/elsewhere" },
    telemetry: { ...config.telemetry, level: "debug" as const },
    policy: { ...config.policy, source: "store" as const },
    server: {
      ...config.server,
      host: "::1",
      port: 1,
      allowedOrigins: ["https://a.example"],
      admin: { host: "127.0.0.1", port: 2 },
      persistedDocuments: { only: true },
    },
  };
  expect(
    restartProblems(config, next)
      .map((line) => line.split(":")[0])
      .toSorted(),
  ).toEqual([
    "audit.directory",
    "data",
    "identity.dpop.maxAgeSeconds",
    "identity.dpop.nonce",
    "identity.dpop.shared",
    "limits.maxTokens",
    "policy.source",
    "server.admin.port",
    "server.allowedOrigins",
    "server.host",
    "server.persistedDocuments.only",
    "server.port",
    "telemetry.level",
  ]);
});
