/** All that is tried, and conditions that join it. */
import { ENTITY_PROBES } from "./entity-probes.ts";
import type { Dice } from "./expressions.ts";
import { EXTENSION_PROBES } from "./extension-probes.ts";
import { OPERATOR_PROBES } from "./operator-probes.ts";
import type { Probe } from "./probe.ts";

export const PROBES: readonly Probe[] = [...OPERATOR_PROBES, ...ENTITY_PROBES, ...EXTENSION_PROBES];

/** Any condition over the topic; validated ones may be joined. */
export function condition(d: Dice, depth: number): string {
  const fit = PROBES.filter(({ topics, raw }) => topics.includes(d.topic) && !raw);
  if (depth <= 1 || d.topic === "Lit" || d.chance(0.3)) return d.pick(fit).build(d, depth - 1);
  const [a, b] = [condition(d, depth - 1), condition(d, depth - 1)];
  return d.pick([
    `(${a} && ${b})`,
    `(${a} || ${b})`,
    `(!${a})`,
    `(if ${a} then ${b} else ${condition(d, 1)})`,
    `(${a} == ${b})`,
  ]);
}
