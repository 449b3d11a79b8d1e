/**
 * `extensions` of a body: what was withheld, and what is owed for what was shown.
 *
 * Out     `withheld`: `[{path, reason}]`; `obligations`: by field group, `{"CONTACT": [{"code": "DELETE_AFTER", "date": "2027-01-31"}]}`.
 * Rule    members that would be empty are left out, so that hidden and absent answers are byte for byte equal.
 */
import { type ToldObligation, toldObligation } from "../kernel/obligations.ts";
import type { Projected } from "./project.ts";
import type { Writing } from "./writing.ts";

/** By field group, in the order of their names. */
export type ToldObligations = Readonly<Record<string, readonly ToldObligation[]>>;

export function toldObligations({
  disclosures,
  tools,
}: Pick<Writing, "disclosures" | "tools">): ToldObligations {
  const owed = [...disclosures.obligations()];
  return Object.fromEntries(
    owed.map(([group, obligations]) => [group, obligations.map((each) => toldObligation(each, tools.now))]),
  );
}

export type Extensions = Pick<Projected, "withheld" | "obligations">;

/** Null when there is nothing to tell. */
export function extensionsText({ withheld, obligations }: Extensions): string | null {
  const members = [
    ...(withheld.length > 0 ? [`"withheld":${JSON.stringify(withheld)}`] : []),
    ...(Object.keys(obligations).length > 0 ? [`"obligations":${JSON.stringify(obligations)}`] : []),
  ];
  return members.length > 0 ? `"extensions":{${members.join(",")}}` : null;
}
