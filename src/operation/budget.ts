/**
 * What a client may ask for in a time: a budget of its own in all, and one at each agency that it asks.
 *
 * In      whose question it is, what it costs, and the limits in force.
 * Out     what is left, as headers (draft-ietf-httpapi-ratelimit-headers-10). Nothing is taken of any budget when one does not suffice.
 * Refill  continuous: a budget that is empty is full again after the window. Each replica keeps its own.
 * Bounds  clients are those of the registry, agencies those of the schema.
 * Errors  LIMIT_EXCEEDED for what costs more than a full budget; BUDGET_EXHAUSTED, with `Retry-After`, until there is enough.
 */
import type { Clock } from "../kernel/clock.ts";
import { GatewayError } from "../kernel/errors.ts";
import type { Cost } from "./cost.ts";

export interface BudgetLimits {
  readonly costWindowSeconds: number;
  /** Of one client, in a window. */
  readonly maxCostPerClient: number;
  /** Of one client at one agency. */
  readonly maxCostPerAgency: number;
}

export type RateHeaders = Readonly<Record<"ratelimit" | "ratelimit-policy", string>>;

interface Bucket {
  left: number;
  atMs: number;
}

interface Share {
  readonly bucket: Bucket;
  readonly policy: "client" | "agency";
  readonly cost: number;
  readonly most: number;
}

export class Budgets {
  readonly #clock: Clock;
  readonly #clients = new Map<string, Map<string, Bucket>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  take(client: string, { total, byAgency }: Cost, limits: BudgetLimits): RateHeaders {
    const { maxCostPerClient, maxCostPerAgency } = limits;
    const buckets = this.#clients.get(client) ?? new Map<string, Bucket>();
    this.#clients.set(client, buckets);
    const share = (policy: Share["policy"], name: string, cost: number, most: number): Share => {
      if (cost > most) throw tooDear(most);
      return { policy, cost, most, bucket: this.#filled(buckets, name, most, limits) };
    };
    const ofClient = share("client", WHOLE, total, maxCostPerClient);
    const ofAgencies = [...byAgency].map(([agency, cost]) => share("agency", agency, cost, maxCostPerAgency));
    const shares = [ofClient, ...ofAgencies];
    const short = shares.filter(({ bucket, cost }) => bucket.left < cost);
    if (short.length > 0) throw exhausted(short, headersOf(ofClient, ofAgencies, limits), limits);
    for (const { bucket, cost } of shares) bucket.left -= cost;
    return headersOf(ofClient, ofAgencies, limits);
  }

  #filled(buckets: Map<string, Bucket>, name: string, most: number, limits: BudgetLimits): Bucket {
    const now = this.#clock.now();
    const bucket = buckets.get(name) ?? { left: most, atMs: now };
    buckets.set(name, bucket);
    // A clock that goes back takes nothing away.
    const passed = Math.max(0, now - bucket.atMs) / 1_000;
    bucket.left = Math.min(most, bucket.left + passed * rate(most, limits));
    bucket.atMs = now;
    return bucket;
  }
}

/** No agency has such a code. */
const WHOLE = "";

const rate = (most: number, { costWindowSeconds }: BudgetLimits): number => most / costWindowSeconds;

/** Of the agencies asked, the one that has least left speaks for all. */
function headersOf(client: Share, agencies: readonly Share[], limits: BudgetLimits): RateHeaders {
  const [least] = agencies.toSorted((one, other) => one.bucket.left - other.bucket.left);
  const { maxCostPerClient, maxCostPerAgency, costWindowSeconds: w } = limits;
  return {
    "ratelimit-policy": `"client";q=${maxCostPerClient};qu="cost";w=${w}, "agency";q=${maxCostPerAgency};qu="cost";w=${w}`,
    ratelimit: [client, ...(least ? [least] : [])].map((share) => standing(share, limits)).join(", "),
  };
}

/** `t`: until all of it is there again. */
const standing = ({ policy, bucket, most }: Share, limits: BudgetLimits): string =>
  `"${policy}";r=${Math.floor(bucket.left)};t=${Math.ceil((most - bucket.left) / rate(most, limits))}`;

function tooDear(most: number): GatewayError {
  const params = { limit: "cost", most };
  return new GatewayError("LIMIT_EXCEEDED", `the document exceeds the limit of ${most} for \`cost\``, {
    params,
  });
}

function exhausted(short: readonly Share[], rates: RateHeaders, limits: BudgetLimits): GatewayError {
  const waits = short.map(({ bucket, cost, most }) => (cost - bucket.left) / rate(most, limits));
  const seconds = Math.max(1, Math.ceil(Math.max(...waits)));
  return new GatewayError("BUDGET_EXHAUSTED", `too much was asked in a short time: retry in ${seconds} s`, {
    params: { seconds },
    headers: { ...rates, "retry-after": String(seconds) },
  });
}
