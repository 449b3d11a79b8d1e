/** No row is passed unasked but where its gate opens whatever the row says: a mask of rows shows some of them only. */

import { join } from "node:path";
import { expect, it } from "vitest";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";
import { coordinate } from "../../src/kernel/brands.ts";
import { gateOf } from "../../src/plan/gates.ts";
import { NO_PERSON, REGISTER_FACTS } from "../../src/policy/facts.ts";
import { permitAll } from "../../src/policy/permit-all.ts";
import { outcome } from "../../src/policy/reasons.ts";
import type { Outcome, Verdict } from "../../src/policy/verdict.ts";
import { loadSupergraph } from "../../src/supergraph/load.ts";

const supergraph = await loadSupergraph(join(PACKAGE_ROOT, "schema"));
const info = supergraph.fields.get(coordinate("Consent", "status"))!;
const settled = (effect: Outcome["effect"], mask: Outcome["mask"]): Verdict => ({
  kind: "settled",
  outcome: outcome(effect, null, [], mask),
});
const residual = {
  kind: "residual",
  reads: ["party"],
  decide: () => expect.fail("decided"),
} as unknown as Verdict;

it.each([
  ["ALLOW", settled("ALLOW", null), true],
  ["a mask that every row has", settled("MASK", "keep"), true],
  ["a mask of rows", settled("MASK", "rows"), false],
  ["DENY", settled("DENY", null), false],
  ["HIDE", settled("HIDE", null), false],
  ["what rows decide", residual, false],
] as const)("%s", (_, verdict, opensAlways) => {
  const gate = gateOf(
    info,
    { caseBound: true, constant: false },
    {
      ...{ supergraph, isOwn: () => false, registerFacts: REGISTER_FACTS(NO_PERSON, 0) },
      profile: { ...permitAll.profile(), verdict: () => verdict },
    },
  );
  expect(gate?.opensAlways).toBe(opensAlways);
});
