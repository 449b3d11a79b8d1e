/** Which response key stands for what, so that selections merge (GraphQL specification 5.3.2, stricter than it has to be). */

export interface Held {
  readonly field: string;
  readonly args: string;
  readonly type: string;
  readonly below: Scope;
}

export type Scope = Map<string, Held>;

/** Whether one scope's selections may stand beside another's. */
export const fits = (some: Scope, others: Scope): boolean =>
  [...some].every(([key, one]) => {
    const other = others.get(key);
    return (
      other === undefined ||
      (one.field === other.field &&
        one.args === other.args &&
        one.type === other.type &&
        fits(one.below, other.below))
    );
  });

/** Adds one scope to another that it fits. */
export function join(some: Scope, into: Scope): void {
  for (const [key, one] of some) {
    const other = into.get(key) ?? { ...one, below: new Map() };
    into.set(key, other);
    join(one.below, other.below);
  }
}
