/**
 * What can be made to go wrong with a sandbox agency while it runs; `heal` ends all of it.
 *
 * down      connections are cut without an answer        slow     answers come that much later
 * garbage   answers are cut JSON                         status   every answer has that status and no record
 * lying     `order`: batches in another order than asked; `records`: records of somebody else
 * flaky     every n-th request is cut                    refuse   these records answer 403, alone or in a batch
 */
type Lie = "order" | "records";

export interface FaultState {
  down: boolean;
  slowMs: number;
  garbage: boolean;
  lying: Lie | null;
  status: number | null;
  /** Every n-th request is cut; 0: none. */
  flakyEvery: number;
  readonly refused: Set<string>;
}

export interface Faults {
  down(): void;
  slow(ms: number): void;
  garbage(): void;
  lying(how: Lie): void;
  status(code: number): void;
  flaky(every: number): void;
  refuse(...keys: readonly string[]): void;
  heal(): void;
}

const HEALTHY = { down: false, slowMs: 0, garbage: false, lying: null, status: null, flakyEvery: 0 } as const;

export function createFaults(): { readonly state: FaultState; readonly faults: Faults } {
  const state: FaultState = { ...HEALTHY, refused: new Set() };
  const set = (change: Partial<FaultState>) => void Object.assign(state, change);
  const faults: Faults = {
    down: () => set({ down: true }),
    slow: (slowMs) => set({ slowMs }),
    garbage: () => set({ garbage: true }),
    lying: (lying) => set({ lying }),
    status: (status) => set({ status }),
    flaky: (flakyEvery) => set({ flakyEvery }),
    refuse: (...keys) => {
      for (const key of keys) state.refused.add(key);
    },
    heal: () => {
      set(HEALTHY);
      state.refused.clear();
    },
  };
  return { state, faults };
}
