/** What z3 cannot say is never taken for a proof. */
import { expect, it } from "vitest";
import { compilePolicyTexts } from "../../../src/policy/compile.ts";
import { parseInvariants } from "../../../src/policy/prove/invariants.ts";
import { proveInvariants } from "../../../src/policy/prove/prove.ts";
import { solve } from "../../../src/policy/prove/solver.ts";
import { Terms } from "../../../src/policy/prove/terms.ts";
import { DOMAIN, SCHEMA_TEXT } from "../shipped.ts";
import { policyText } from "../variant.ts";

it("tells what can be, with a situation, from what cannot", async () => {
  const terms = new Terms();
  const [rain, days] = [terms.unknown("rain", "Bool"), terms.unknown("days", "Int")];
  const between = terms.and(
    terms.integers(">", [days, "2"], "Bool"),
    terms.integers("<", [days, "4"], "Bool"),
  );
  const [model, none, same] = await solve(
    terms,
    [terms.and(between, terms.not(rain)), terms.and(between, terms.same(days, terms.number(-3))), "false"],
    [rain, days],
  );
  expect([model?.get(rain), model?.get(days)]).toEqual(["false", "3"]);
  expect([none, same]).toEqual([null, null]);
});

it("gives up after its deadline, and says so", async () => {
  const terms = new Terms();
  const answer = solve(terms, [terms.unknown("rain", "Bool")], [], 1);
  await expect(answer).rejects.toMatchObject({ code: "PROVER_UNAVAILABLE" });
});

it("refuses a condition that z3 does not understand", async () => {
  const terms = new Terms();
  const answer = solve(terms, [terms.integers("nonsense", ["1"], "Bool")], []);
  await expect(answer).rejects.toMatchObject({ code: "PROVER_UNAVAILABLE" });
});

it("names a policy that it cannot prove", async () => {
  const since = (time: string) => `${time}.durationSince(datetime("1970-01-01")).toMilliseconds()`;
  const product = `${since("context.now")} * ${since("resource.access.breakGlassUntil")} > 7`;
  const text = [
    policyText(
      "NGO.odd",
      `permit (principal in Agency::"NGO", action in Action::"CASE_HEADER:clear", resource) when { ${product} };`,
    ),
    policyText("NGO.claim", 'permit (principal in Role::"NGO.legal", action == Action::"claim", resource);'),
  ].join("\n");
  const set = await compilePolicyTexts([{ file: "odd.cedar", text }], SCHEMA_TEXT, DOMAIN);
  const { invariants } = parseInvariants(
    { file: "i.yaml", text: "- { id: a, title: t, because: R2, never: ALLOW, fields: [CASE_HEADER] }" },
    set.domain,
  );
  await expect(proveInvariants(set, invariants)).rejects.toMatchObject({
    code: "PROVER_UNAVAILABLE",
    message: "the policy `NGO.odd` cannot be proved: it looks at the product of two facts",
  });
});
