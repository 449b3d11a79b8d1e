/** A trap in cedar-wasm ends its worker and one job, and nothing else: the next job has a worker of its own. */
import { describe, expect, it } from "vitest";
import type { CedarJob, CedarReply } from "../../src/policy/cedar-worker.ts";
import { runCedar } from "../../src/policy/run-cedar.ts";

const SCHEMA = 'entity U = { b: Bool }; action "a" appliesTo { principal: [U], resource: [U], context: {} };';
const permit = (body: string) => `permit (principal, action, resource) when { ${body} };`;
const job = (bodies: Readonly<Record<string, string>>): CedarJob => ({
  schemaText: SCHEMA,
  policies: Object.fromEntries(Object.entries(bodies).map(([key, body]) => [key, permit(body)])),
  templates: {},
});
const GOOD = job({ good: "principal.b" });

/** Longer than `policy-text.ts` lets through: each traps cedar-wasm. */
const TRAPS = [
  ["nested parentheses", `${"(".repeat(250)}true${")".repeat(250)}`],
  ["a long `||`", Array.from({ length: 4000 }, () => "principal.b").join(" || ")],
  ["a long `if`", `${"if principal.b then true else ".repeat(1000)}true`],
] as const;

describe("what traps the compiler", () => {
  it.each(TRAPS)(
    "%s: names the policy, refuses the set, and spares the jobs beside and after it",
    async (_, body) => {
      const beside = runCedar<CedarReply>(GOOD);
      const trapped = await runCedar<CedarReply>(
        job({ good: "principal.b", trap: body, after: "principal.b" }),
      );
      expect(trapped.schema).toBeNull();
      expect(trapped.policies).toEqual({});
      expect(trapped.problems).toEqual([
        {
          policy: "trap",
          message: expect.stringContaining("Cedar's compiler failed on the policy"),
          byteOffset: 0,
        },
      ]);
      for (const reply of [await beside, await runCedar<CedarReply>(GOOD)]) {
        expect(reply.problems).toEqual([]);
        expect(Object.keys(reply.policies)).toEqual(["good"]);
      }
    },
  );

  it("a trap that nobody catches ends the worker, is POLICY_INVALID, and the next job is answered", async () => {
    const deep = `type T = ${"Set<".repeat(5000)}Long${">".repeat(5000)};`;
    await expect(runCedar({ ...GOOD, schemaText: deep + SCHEMA })).rejects.toMatchObject({
      code: "POLICY_INVALID",
      detail: { problems: [expect.stringMatching(/^Cedar's compiler failed: /)] },
    });
    expect((await runCedar<CedarReply>(GOOD)).problems).toEqual([]);
  });

  it("a compiler that does not answer is ended", async () => {
    const slow = job({ slow: `principal has b${".b".repeat(4000)}` });
    await expect(runCedar(slow, 10)).rejects.toMatchObject({
      code: "POLICY_INVALID",
      detail: { problems: ["Cedar's compiler did not answer in 10 ms"] },
    });
  });
});
