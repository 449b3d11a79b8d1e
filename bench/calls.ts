/** Calls to backends, as they left the gateway, and the waves that they left in. */

export type Call = HttpCall | SqlCall;

export interface HttpCall {
  readonly kind: "http";
  readonly origin: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

export interface SqlCall {
  readonly kind: "sql";
  readonly database: string;
  /** Of a prepared statement. */
  readonly name?: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

/** Instants of one clock, in milliseconds. */
export interface TimedCall {
  readonly call: Call;
  readonly began: number;
  readonly ended: number;
}

/** Calls of one wave were under way together; a wave begins when what it waited for has ended. */
export type Waves = readonly (readonly Call[])[];

/** A call is one wave later than the latest call that had ended when it began. */
export function wavesOf(calls: readonly TimedCall[]): Waves {
  const placed: { readonly timed: TimedCall; readonly wave: number }[] = [];
  for (const timed of calls.toSorted((a, b) => a.began - b.began)) {
    const before = placed.filter((one) => one.timed.ended <= timed.began);
    placed.push({ timed, wave: Math.max(0, ...before.map(({ wave }) => wave + 1)) });
  }
  const waves = Map.groupBy(placed, ({ wave }) => wave);
  return [...waves].toSorted(([a], [b]) => a - b).map(([, wave]) => wave.map(({ timed }) => timed.call));
}
