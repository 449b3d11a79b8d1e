/**
 * What is counted and measured of the gateway, for Prometheus.
 *
 * No personal data, by construction: every label has a fixed set of values or is a version; no operation, path, reader or agency.
 * Out     the text of the exposition format, version 0.0.4. Each `Metrics` has a registry of its own.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { Counter, Gauge, Histogram, Registry } from "prom-client";

/** `refused`: the caller was told why. `failed`: the gateway could not. `streamed`: answered in pieces, which are not timed. */
export type RequestOutcome = "answered" | "refused" | "failed" | "streamed";

const OUTCOMES: readonly RequestOutcome[] = ["answered", "refused", "failed", "streamed"];
const RELOADS = ["taken", "refused"] as const;
const RESTARTS = ["crash", "deadline", "size"] as const;
const DIFFERENCES = ["wider", "narrower", "other", "depends"] as const;
const SEEN_IN = ["request", "row"] as const;
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Whoever reads metrics waits no longer for the database. */
const KNOWN_WITHIN_MS = 1_000;

export class Metrics {
  readonly #registry = new Registry();
  readonly #reloads: Counter<"outcome">;
  readonly #inForce: Gauge<"schema" | "policies">;
  readonly #isRefused: Gauge;
  readonly #restarts: Counter<"reason">;
  readonly #publication: Gauge;
  readonly #isStoreUnreachable: Gauge;
  readonly #differences: Counter<"kind" | "in">;
  readonly #lostSpans: Counter;
  readonly #requests: ReadonlyMap<RequestOutcome, RequestMeter>;

  constructor() {
    const registers = [this.#registry];
    this.#reloads = new Counter({
      name: "ihala_reloads_total",
      help: "Other versions of schema, policies or configuration that were offered, by what became of them.",
      labelNames: ["outcome"],
      registers,
    });
    this.#inForce = new Gauge({
      name: "ihala_version_info",
      help: "The versions in force; always 1.",
      labelNames: ["schema", "policies"],
      registers,
    });
    this.#isRefused = new Gauge({
      name: "ihala_reload_refused",
      help: "1 when the last version that was offered was refused and the one before is in force.",
      registers,
    });
    this.#restarts = new Counter({
      name: "ihala_planner_restarts_total",
      help: "Planner processes that another has replaced, by why.",
      labelNames: ["reason"],
      registers,
    });
    this.#publication = new Gauge({
      name: "ihala_policy_publication",
      help: "Number of the publication in force; 0 when the policies are files.",
      registers,
    });
    this.#isStoreUnreachable = new Gauge({
      name: "ihala_policy_store_unreachable",
      help: "1 when the policy store could not be read at the last look, so that a publication would go unseen.",
      registers,
    });
    this.#differences = new Counter({
      name: "ihala_shadow_differences_total",
      help: "Decisions that the draft in the shadow would take otherwise, by how, in requests and in rows.",
      labelNames: ["kind", "in"],
      registers,
    });
    this.#lostSpans = new Counter({
      name: "ihala_trace_spans_lost_total",
      help: "Spans that no collector took: too many waited, or it refused them or was away.",
      registers,
    });
    const requests = new Counter({
      name: "ihala_requests_total",
      help: "Requests over HTTP at /graphql, by how they ended.",
      labelNames: ["outcome"],
      registers,
    });
    const durations = new Histogram({
      name: "ihala_request_duration_seconds",
      help: "From the headers of a request to its whole answer, by how it ended.",
      labelNames: ["outcome"],
      buckets: SECONDS,
      registers,
    });
    this.#requests = new Map(
      OUTCOMES.map((outcome) => [
        outcome,
        { count: requests.labels(outcome), duration: durations.labels(outcome) },
      ]),
    );
    // There from the start, so that a first occurrence is a rise.
    for (const outcome of OUTCOMES) requests.inc({ outcome }, 0);
    for (const outcome of RELOADS) this.#reloads.inc({ outcome }, 0);
    for (const kind of DIFFERENCES)
      for (const seenIn of SEEN_IN) this.#differences.inc({ kind, in: seenIn }, 0);
    for (const reason of RESTARTS) this.#restarts.inc({ reason }, 0);
  }

  /** A whole answer after so many milliseconds; of a stream only that it began. */
  request(outcome: RequestOutcome, durationMs?: number): void {
    const meter = this.#requests.get(outcome);
    meter?.count.inc();
    if (durationMs !== undefined) meter?.duration.observe(durationMs / 1_000);
  }

  reload(outcome: (typeof RELOADS)[number]): void {
    this.#reloads.inc({ outcome });
    this.#isRefused.set(outcome === "refused" ? 1 : 0);
  }

  inForce({ schema, policies, publication = 0 }: VersionsInForce): void {
    this.#inForce.reset();
    this.#inForce.set({ schema, policies }, 1);
    this.#publication.set(publication);
  }

  policyStore(isReachable: boolean): void {
    this.#isStoreUnreachable.set(isReachable ? 0 : 1);
  }

  shadowDifference(kind: (typeof DIFFERENCES)[number], seenIn: (typeof SEEN_IN)[number]): void {
    this.#differences.inc({ kind, in: seenIn });
  }

  plannerRestart(reason: (typeof RESTARTS)[number]): void {
    this.#restarts.inc({ reason });
  }

  /** How far the copy of the disclosure log is behind, asked whenever metrics are read. */
  watchShipping(lag: () => { readonly records: number; readonly ms: number }): void {
    const gauge = (name: string, help: string, read: () => number) =>
      new Gauge({
        ...{ name, help, registers: [this.#registry] },
        collect() {
          this.set(read());
        },
      });
    gauge(
      "ihala_disclosures_unshipped",
      "Records of the disclosure log that the database's copy has not yet.",
      () => lag().records,
    );
    gauge(
      "ihala_disclosures_unshipped_seconds",
      "How long the oldest of them has waited, at most.",
      () => lag().ms / 1_000,
    );
  }

  /** Reviews of break-glass that are overdue, asked for whenever metrics are read; NaN while it cannot be known. */
  watchOverdueReviews(count: () => Promise<number>): void {
    new Gauge({
      name: "ihala_break_glass_overdue",
      help: "Openings by break-glass that nobody has reviewed within 72 hours, of all replicas together.",
      registers: [this.#registry],
      async collect() {
        const patience = new AbortController();
        const late = sleep(KNOWN_WITHIN_MS, Number.NaN, { signal: patience.signal, ref: false });
        this.set(await Promise.race([count(), late]).catch(() => Number.NaN));
        patience.abort();
        await late.catch(() => {});
      },
    });
  }

  spansLost(count: number): void {
    this.#lostSpans.inc(count);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }
}

interface VersionsInForce {
  readonly schema: string;
  readonly policies: string;
  readonly publication?: number;
}

interface RequestMeter {
  readonly count: Counter.Internal;
  readonly duration: Histogram.Internal<"outcome">;
}
