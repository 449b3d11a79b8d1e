/** A policy drawn by a number: settled outcomes and residuals that ask whether the victim is a child, by coordinate. */
import type { Facts, Outcome, Profile, Verdict } from "../../src/policy/verdict.ts";
import { ALLOW } from "./mirror-pipeline.ts";

const outcome = (effect: Outcome["effect"]): Outcome => ({
  ...ALLOW,
  effect,
  reason: "R7",
  shownReason: "R7",
});
const CHILD: ReadonlySet<keyof Facts | "own"> = new Set(["child"]);
const DENY = outcome("DENY");

/** A policy by hash: a third denied or hidden, a third allowed, a third decided by whether the victim is a child. */
export function randomProfile(salt: number): Profile {
  const verdicts = new Map<string, Verdict>();
  const make = (coordinate: string): Verdict => {
    if (coordinate.endsWith(".id")) return { kind: "settled", outcome: ALLOW };
    let hash = salt;
    for (const letter of coordinate) hash = (Math.imul(hash, 31) + letter.charCodeAt(0)) >>> 0;
    if (hash % 6 < 2) return { kind: "settled", outcome: ALLOW };
    if (hash % 6 === 2) return { kind: "settled", outcome: DENY };
    if (hash % 6 === 3) return { kind: "settled", outcome: outcome("HIDE") };
    const decide = ({ child }: Facts): Outcome => (child ? DENY : ALLOW);
    return { kind: "residual", reads: CHILD, opens: true, allows: true, decide };
  };
  return {
    key: `random ${salt}`,
    verdict: ({ coordinate }) => {
      const verdict = verdicts.get(coordinate) ?? make(coordinate);
      verdicts.set(coordinate, verdict);
      return verdict;
    },
  };
}
