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

export interface ReloadOptions extends Operations {
  readonly gateway: Pick<ReloadableGateway, "standing" | "refuse">;
  readonly load: () => Promise<() => void>;
  readonly clock?: Clock;
}

export class Reloads {
  readonly #options: ReloadOptions;
  #running: Promise<void> | null = null;
  #isWanted = false;
  #isStopped = false;

  constructor(options: ReloadOptions) {
    this.#options = options;
    options.metrics?.inForce(options.gateway.standing);
  }

  /** Resolves when what is there now was taken up or refused. */
  trigger(): Promise<void> {
    this.#isWanted = true;
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
    while (this.#isWanted && !this.#isStopped) {
      this.#isWanted = false;
      await this.#attempt();
    }
  }

  async #attempt(): Promise<void> {
    const { load, log, metrics, gateway } = this.#options;
    const began = performance.now();
    try {
      const takeUp = await load();
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
