/**
 * Which questions are one: everything that the answer of a query can depend on, but for the instant.
 *
 * Out     equal texts for questions that may be worked out once while they are under way (docs/architecture.md, "Executing"):
 *         the same plan, variables and reader, to whom break-glass opens the same.
 */
import type { Principal } from "./identity/principal.ts";
import type { Plan } from "./plan/plan.ts";

export interface Question {
  readonly plan: Plan;
  readonly request: { readonly variables: Readonly<Record<string, unknown>>; readonly locale: string };
  readonly principal: Principal;
  readonly tools: { readonly brokenGlass: ReadonlyMap<string, number> };
}

export function identityOf({ plan, request, principal, tools }: Question): string {
  const { member, staff, role, purpose, issue } = principal;
  return JSON.stringify([
    numberOf(plan),
    request.variables,
    member,
    staff,
    role,
    purpose,
    issue,
    request.locale,
    [...tools.brokenGlass],
  ]);
}

const numbers = new WeakMap<Plan, number>();
let plans = 0;

function numberOf(plan: Plan): number {
  const number = numbers.get(plan) ?? ++plans;
  numbers.set(plan, number);
  return number;
}
