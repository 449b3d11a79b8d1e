/**
 * Takes up other versions while the gateway answers: one attempt at a time, however often it is triggered.
 *
 * In      `load`: reads and checks everything, starts what a version needs, and gives the step that takes it up. Until that step
 *         nothing has changed, and after it everything has: it is synchronous.
 * Out     what was refused is kept by the gateway (`/readyz`), counted (metrics) and told in full to the log alone.
 * Rule    what is triggered during an attempt is one more attempt after it, since files may have changed behind it.
 */
import type { Clock } from "../kernel/clock.ts";
import { systemClock } from "../kernel/clock.ts";
import { GatewayError } from "../kernel/errors.ts";
import type { Operations } from "./lasting.ts";
import type { ReloadableGateway } from "./reloadable.ts";

/** Everything, or only what is published in the policy store. */
export type ReloadScope = "all" | "published";

export interface ReloadOptions extends Operations {
  readonly gateway: Pick<ReloadableGateway, "standing" | "refuse">;
  readonly load: (scope: ReloadScope) => Promise<() => void>;
  readonly clock?: Clock;
}

export class Reloads {
  readonly #options: ReloadOptions;
  #running: Promise<void> | null = null;
  #wanted: ReloadScope | null = null;
  #isStopped = false;

  constructor(options: ReloadOptions) {
    this.#options = options;
    options.metrics?.inForce(options.gateway.standing);
  }

  /** Resolves when what is there now was taken up or refused. */
  trigger(scope: ReloadScope = "all"): Promise<void> {
    this.#wanted = this.#wanted === "all" ? "all" : scope;
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  /** Begins no other attempt; resolves when the one under way has ended. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    for (let scope = this.#wanted; scope && !this.#isStopped; scope = this.#wanted) {
      this.#wanted = null;
      await this.#attempt(scope);
    }
  }

  async #attempt(scope: ReloadScope): Promise<void> {
    const { load, log, metrics, gateway } = this.#options;
    const began = performance.now();
    try {
      const takeUp = await load(scope);
      takeUp();
    } catch (error) {
      this.#refuse(error);
      return;
    }
    const { schema, policies } = gateway.standing;
    metrics?.reload("taken");
    metrics?.inForce(gateway.standing);
    const durationMs = Math.round(performance.now() - began);
    log?.info("reload.taken", { schemaVersion: schema, policyVersion: policies, durationMs });
  }

  #refuse(error: unknown): void {
    const { gateway, log, metrics, clock = systemClock } = this.#options;
    const known = error instanceof GatewayError ? error : null;
    const code = known?.code ?? "INTERNAL_SERVER_ERROR";
    gateway.refuse(code, new Date(clock.now()).toISOString());
    metrics?.reload("refused");
    log?.error("reload.refused", {
      code,
      problems: known?.detail.problems ?? [],
      // A problem in files needs no places in the code.
      ...(known?.family !== "startup" && { fault: error }),
    });
  }
}
