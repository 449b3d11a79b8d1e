/** A leaf is written without asking its row only where every row shows it as it is: a settled mask, or a refusal, is never passed over. */
import { GraphQLString } from "graphql";
import { expect, it } from "vitest";
import { MissingValues } from "../../src/execute/missing.ts";
import { Rows } from "../../src/execute/rows.ts";
import type { Gate } from "../../src/plan/internal-operation.ts";
import type { LeafFieldShape } from "../../src/plan/shape.ts";
import { outcome } from "../../src/policy/reasons.ts";
import type { Outcome } from "../../src/policy/verdict.ts";
import { Disclosures } from "../../src/respond/disclosure.ts";
import { compileLeaf, isOpen } from "../../src/respond/leaf-field.ts";
import { Troubles } from "../../src/respond/sheet.ts";
import type { Writing } from "../../src/respond/writing.ts";

const CANARY = "CANARY-raw-value";

function gateOf(effect: Outcome["effect"], mask: Outcome["mask"]): Gate {
  const decided = outcome(effect, null, [], mask);
  const verdict = { kind: "settled", outcome: decided } as const;
  const parts = { below: [], verdicts: [verdict], opensAlways: true, own: false, ownOfItems: false };
  return { coordinate: "Person.cpr", group: "IDENTIFIERS", verdict, ...parts } as unknown as Gate;
}

function written(gate: Gate): string | undefined {
  const shape = {
    ...{ kind: "leaf", type: GraphQLString, cursorOf: null, uses: null, responseKey: "cpr", path: ["cpr"] },
    field: { key: "cpr", gate, coordinate: "Person.cpr" },
  } as unknown as LeafFieldShape;
  const writing = {
    ...{ troubles: new Troubles(new MissingValues()), disclosures: new Disclosures(new Set()) },
    ...{ rows: new Rows({} as never), withheld: new Map(), refusals: new Map() },
    tools: { mask: () => "***" },
  } as unknown as Writing;
  return compileLeaf(shape)({ cpr: CANARY }, {} as never, null, writing);
}

it.each([
  ["ALLOW", null, true, `"${CANARY}"`],
  ["MASK", "transform:lastDigits", false, '"***"'],
  ["DENY", null, false, "null"],
  ["AGGREGATE", null, false, "null"],
  ["HIDE", null, false, "null"],
] as const)("%s with the mask %s", (effect, mask, open, text) => {
  const gate = gateOf(effect, mask);
  expect(isOpen(gate)).toBe(open);
  expect(written(gate)).toBe(text);
});
