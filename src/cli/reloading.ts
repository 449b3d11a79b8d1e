/**
 * Reloads of a running command: what is read anew, what triggers it.
 *
 * In      the configuration in force, how to read it again, how a version is made of it; the store of persisted documents.
 * Does    upon SIGHUP, or a change that is watched for, reads everything again. All of it is taken up in one step, or none; but
 *         renewed TLS files are taken up whatever becomes of the rest, since those before will expire.
 *         When officers have published, takes up that alone: schema, planner and ways to agencies stay as they are.
 * Errors  CONFIG_INVALID for keys that want a restart, for documents; those of `load`. They are refusals: the process goes on.
 */
import { allOrProblems } from "../assembly/all-or-problems.ts";
import { readPersisted } from "../assembly/http.ts";
import type { Operations } from "../assembly/lasting.ts";
import type { Publications } from "../assembly/publications.ts";
import type { ReloadableGateway, Version } from "../assembly/reloadable.ts";
import { type ReloadScope, Reloads } from "../assembly/reloads.ts";
import type { Watch } from "../assembly/watch.ts";
import { restartProblems } from "../config/changes.ts";
import type { Config } from "../config/config.ts";
import { GatewayError } from "../kernel/errors.ts";
import type { DocumentStore, PersistedDocument } from "../operation/document-store.ts";

export interface ReloadingParts extends Operations {
  readonly config: Config;
  readonly read: () => Promise<Config>;
  readonly documents: DocumentStore;
  readonly gateway: ReloadableGateway;
  readonly load: (config: Config, documents: readonly PersistedDocument[]) => Promise<Version>;
  readonly watch: Watch;
  /** Takes up renewed TLS files, or refuses them. */
  readonly renewTls?: () => Promise<void>;
  /** Null, or left out, when the policies are files. */
  readonly publications?: Publications | null;
}

export class Reloading {
  readonly #parts: ReloadingParts;
  readonly #reloads: Reloads;
  #config: Config;

  constructor(parts: ReloadingParts) {
    const { log, metrics, gateway } = parts;
    this.#parts = parts;
    this.#config = parts.config;
    this.#reloads = new Reloads({
      ...{ gateway, load: (scope: ReloadScope) => this.#load(scope) },
      ...(log && { log }),
      ...(metrics && { metrics }),
    });
    parts.watch.start(() => this.trigger());
    parts.publications?.start(
      () => gateway.version.heads ?? null,
      () => this.#reloads.trigger("published"),
    );
  }

  /** In force. */
  get config(): Config {
    return this.#config;
  }

  /** Resolves when what is there now was taken up or refused. */
  trigger(): Promise<void> {
    return this.#reloads.trigger();
  }

  async stop(): Promise<void> {
    this.#parts.watch.stop();
    await this.#parts.publications?.stop();
    await this.#reloads.stop();
  }

  async #load(scope: ReloadScope): Promise<() => void> {
    const { withPublished } = this.#parts.gateway.version;
    if (scope === "all" || !withPublished) return this.#loadAll();
    const version = await withPublished();
    return () => this.#parts.gateway.replace(version);
  }

  async #loadAll(): Promise<() => void> {
    const { read, documents, gateway, load, renewTls } = this.#parts;
    const config = await read();
    const renewing = renewTls?.() ?? Promise.resolve();
    const reading = readPersisted(config);
    const loading = reading.catch(() => []).then((found) => load(config, found));
    try {
      const [, found, version] = await allOrProblems([this.#check(config), reading, loading, renewing]);
      return () => {
        this.#config = config;
        documents.replace(found);
        gateway.replace(version);
      };
    } catch (error) {
      await loading.then((version) => version.close()).catch(() => {});
      throw error;
    }
  }

  async #check(config: Config): Promise<void> {
    const problems = restartProblems(this.#config, config);
    if (problems.length > 0)
      throw new GatewayError("CONFIG_INVALID", "the configuration wants a restart", { problems });
  }
}
