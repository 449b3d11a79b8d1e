/**
 * Progressive `@override(label:)`: which fields have moved to another subgraph for this request.
 *
 * In      the supergraph; labels that the configuration has switched on.
 * Out     for each request the labels in force. `percent(n)` is in force for n of 100 requests, drawn anew for each (Federation 2.7).
 * Bounds  requests that no label tells apart have one key, so a plan is made once for each outcome, not for each draw.
 */
import { randomInt } from "node:crypto";
import { Kind, parse, visit } from "graphql";
import { textArgument } from "../supergraph/ast.ts";

export interface Overrides {
  readonly labels: readonly string[];
  /** What the planner compares `percent(n)` with: in force when it is smaller. */
  readonly percentage: number;
  readonly key: string;
}

/** A percentage that no label is above. */
const ALL_OLD = 100;
export const NO_OVERRIDES: Overrides = { labels: [], percentage: ALL_OLD, key: "" };

const PERCENT = /^percent\((\d+(?:\.\d+)?)\)$/;

/** Draws the overrides of one request. */
export type DrawOverrides = () => Overrides;

export function overridesOf(sdl: string, switchedOn: ReadonlySet<string> = new Set()): DrawOverrides {
  const found = labelsIn(sdl);
  if (found.size === 0) return () => NO_OVERRIDES;
  const thresholds = [...found].flatMap((label) => PERCENT.exec(label)?.[1] ?? []).map(Number);
  const labels = [...found].filter((label) => switchedOn.has(label));
  const outcomes = new Map<number, Overrides>();
  return () => {
    const drawn = randomInt(0, 10_000) / 100;
    const inForce = thresholds.filter((threshold) => drawn < threshold).length;
    let outcome = outcomes.get(inForce);
    if (!outcome) {
      outcome = { labels, percentage: drawn, key: `${inForce}` };
      outcomes.set(inForce, outcome);
    }
    return outcome;
  };
}

function labelsIn(sdl: string): ReadonlySet<string> {
  const labels = new Set<string>();
  visit(parse(sdl, { noLocation: true }), {
    Directive: {
      enter(node) {
        const label = node.name.value === "join__field" ? textArgument(node, "overrideLabel") : null;
        if (label !== null) labels.add(label);
      },
    },
    Argument: { enter: (node) => (node.value.kind === Kind.OBJECT ? false : undefined) },
  });
  return labels;
}
