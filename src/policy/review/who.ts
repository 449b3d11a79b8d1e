/**
 * Who can see a field, and when: every reader, in words.
 *
 * Out     readers who are answered alike together: what they get at best and whether always, and otherwise which policies
 *         give it under which conditions, and which forbids take it away. Who never sees it is listed too.
 * Rule    whether somebody can see it at all, or always, is proved over every situation; the words tell the policies.
 */

import { obligationTexts } from "../../kernel/obligations.ts";
import type { DomainField } from "../domain.ts";
import type { Language } from "../explain/phrases.ts";
import { residualWords } from "../explain/residual-words.ts";
import { type FieldLevel, shownLevel } from "../levels.ts";
import { obligationsOf, type PolicySet, type ProfileReader } from "../policy-set.ts";
import type { ReachEffect } from "../prove/reach.ts";
import type { AskingReader } from "./readers.ts";
import { type HowOften, type Visibility, visibilityOf } from "./visibility.ts";

export interface ConditionedPolicy {
  readonly policy: string;
  /** All of them; empty: under no condition. */
  readonly conditions: readonly string[];
  /** What it obliges readers to, `DELETE_AFTER(30d)`; none of a forbid. */
  readonly obligations: readonly string[];
}

export interface Seeing {
  readonly readers: readonly AskingReader[];
  readonly caseBound: boolean;
  readonly effect: Exclude<ReachEffect, "DENY">;
  /** `clear`, or the form of the value; null for tables. */
  readonly level: string | null;
  readonly when: Exclude<HowOften, "never">;
  /** Any one of them gives it. */
  readonly permits: readonly ConditionedPolicy[];
  /** Each one takes it away. */
  readonly forbids: readonly ConditionedPolicy[];
}

export interface WhoSees {
  readonly field: DomainField;
  readonly seeing: readonly Seeing[];
  /** Neither by a case nor without one. */
  readonly never: readonly AskingReader[];
}

/** Without what only the engine can use. */
export type PlainReader = Pick<AskingReader, "agency" | "role" | "purpose"> & {
  readonly certificates: readonly string[];
};
export interface PlainWho {
  readonly field: DomainField;
  readonly seeing: readonly (Omit<Seeing, "readers"> & { readonly readers: readonly PlainReader[] })[];
  readonly never: readonly PlainReader[];
}

export const plainWho = ({ field, seeing, never }: WhoSees): PlainWho => ({
  field,
  seeing: seeing.map(({ readers, ...rest }) => ({ ...rest, readers: readers.map(plainReader) })),
  never: never.map(plainReader),
});

export const plainReader = ({ agency, role, purpose, certificates }: ProfileReader): PlainReader => ({
  ...{ agency, role, purpose },
  certificates: [...certificates],
});

export async function whoSees(
  policySet: PolicySet,
  field: DomainField,
  language: Language = "en",
): Promise<WhoSees> {
  const cells = await visibilityOf(policySet, [field]);
  const all = cells.flatMap((cell) => seeingOf(policySet, field, cell, language));
  const alike = Map.groupBy(all, ({ readers: _, ...rest }) => JSON.stringify(rest));
  const seeing = [...alike.values()].map((same) => ({
    ...same[0]!,
    readers: same.flatMap(({ readers }) => readers),
  }));
  const seen = new Set(all.flatMap(({ readers }) => readers));
  const never = new Set(cells.map(({ reader }) => reader).filter((reader) => !seen.has(reader)));
  return { field, seeing, never: [...never] };
}

function seeingOf(
  policySet: PolicySet,
  field: DomainField,
  cell: Visibility,
  language: Language,
): readonly Seeing[] {
  const { reader, caseBound, levels } = cell;
  return levels.flatMap(({ level, atLeast: when }, index): readonly Seeing[] => {
    const { effect } = level;
    if (effect === "DENY" || when === "never" || levels[index - 1]?.atLeast === "always") return [];
    const policies = policiesOf(policySet, field, cell, level, language);
    // What only a clearer level opens is told there.
    if (index > 0 && policies.permits.length === 0) return [];
    return [{ readers: [reader], caseBound, effect, level: shownLevel(level), when, ...policies }];
  });
}

function policiesOf(
  policySet: PolicySet,
  field: DomainField,
  { reader, caseBound }: Visibility,
  { action }: FieldLevel,
  language: Language,
): Pick<Seeing, "permits" | "forbids"> {
  const request = reader.residuals.request(action, field.type, caseBound);
  if (!request) return { permits: [], forbids: [] };
  const worded = policySet.actions.policiesOf(action).flatMap((policy) => {
    const conditions = residualWords(policy, field, request, language);
    const obligations = obligationTexts(obligationsOf(policy));
    return conditions
      ? [{ effect: policy.json.effect, policy: policy.id as string, conditions, obligations }]
      : [];
  });
  const of = (kind: "permit" | "forbid") =>
    worded.filter((each) => each.effect === kind).map(({ effect: _, ...said }) => said);
  return { permits: of("permit"), forbids: of("forbid") };
}
