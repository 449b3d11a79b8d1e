/** What Cedar calls a policy that errors: one shared object, thrown where evaluation has no value. */
export const EVALUATION_ERROR = new Error("the policy cannot be evaluated on this row");

export function fail(): never {
  throw EVALUATION_ERROR;
}
