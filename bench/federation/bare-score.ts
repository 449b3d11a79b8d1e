/** What bare Node is told to do: the calls of a good plan, wave by wave, and the answer. */
import type { Exchange } from "../bare-http.ts";
import type { GoodPlan, Planned } from "./workload.ts";

export interface BareScore {
  readonly origin: string;
  /** For each value of a request's variable `id`, or for `WITHOUT_ID`. */
  readonly parts: Readonly<Record<string, BarePart>>;
}

export interface BarePart {
  readonly waves: readonly (readonly Exchange[])[];
  /** JSON text. */
  readonly answer: string;
}

export const WITHOUT_ID = "";

export function scoreOf(
  origin: string,
  planned: readonly (Planned & { readonly answer: string })[],
): BareScore {
  const parts = planned.map(({ operation, plan, answer }) => [
    String(operation.variables?.["id"] ?? WITHOUT_ID),
    { waves: wavesOf(plan), answer },
  ]);
  return { origin, parts: Object.fromEntries(parts) };
}

const HEADERS = { "content-type": "application/json", accept: "application/json" };

const wavesOf = (plan: GoodPlan): BarePart["waves"] =>
  plan.map((wave) =>
    wave.map(({ subgraph, ...body }) => ({
      ...{ method: "POST", path: `/${subgraph}`, headers: HEADERS },
      body: JSON.stringify(body),
    })),
  );
