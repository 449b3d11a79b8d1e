/**
 * A gateway of which the version in force can be replaced while it answers.
 *
 * In      versions, each immutable and whole: schema, policies, planner, ways to agencies.
 * Out     what each request asks is answered by one version from its first step to its last.
 * Ends    the streams of a version that is replaced end at once, with SUBSCRIBE_AGAIN; its planner, pools and ways to agencies when
 *         its last request, and the last stream, has ended.
 */
import type { AgencyFile } from "../connectors/file-exchange.ts";
import type { FileRequest } from "../files/file-desk.ts";
import type { Gateway, GatewayRequest } from "../gateway.ts";
import { type ErrorCode, GatewayError } from "../kernel/errors.ts";
import { Interruptible } from "../kernel/interruptible.ts";
import type { Heads } from "../policy-store/store.ts";
import type { Answer } from "../respond/answer.ts";
import type { HeldGateway, Standing } from "../server/gateway-port.ts";
import type { Supergraph } from "../supergraph/supergraph.ts";

export interface Version {
  readonly gateway: Gateway;
  /** Version of its policies, as disclosure records name it. */
  readonly policies: string;
  /** What of the policy store it decides by; null when its policies are files. */
  readonly heads?: Heads | null;
  /** This version with the policies that are published now. Whoever does not take it up closes it. */
  withPublished?(): Promise<Version>;
  /** Ends its planner and closes its ways to agencies, unless another version has them too. */
  close(): Promise<void>;
}

/** What stands beside the version in force, asked whenever somebody looks. */
export interface StandingReports {
  /** How far the disclosure log's copy is behind; null where it has none. */
  readonly lag?: () => Standing["shipping"];
  /** Agencies and members that are asked no more. */
  readonly suspended?: () => NonNullable<Standing["suspended"]>;
}

const CLOSE_PATIENCE_MS = 5_000;

export class ReloadableGateway implements Gateway {
  #current: InUse;
  #refused: Standing["refused"] = null;
  #isClosed = false;
  readonly #reports: StandingReports;
  readonly #inUse = new Set<InUse>();
  readonly #onReplaced = new Set<() => void>();

  constructor(first: Version, reports: StandingReports = {}) {
    this.#reports = reports;
    this.#current = this.#use(first);
  }

  get supergraph(): Supergraph {
    return this.#current.version.gateway.supergraph;
  }

  get standing(): Standing {
    const { gateway, policies, heads } = this.#current.version;
    const publication = heads?.publication ?? null;
    const published = publication === null ? {} : { publication };
    const { lag, suspended } = this.#reports;
    const named = suspended?.() ?? [];
    return {
      schema: gateway.supergraph.version,
      policies,
      ...published,
      refused: this.#refused,
      shipping: lag?.() ?? null,
      ...(named.length > 0 && { suspended: named }),
    };
  }

  /** In force. */
  get version(): Version {
    return this.#current.version;
  }

  answer(request: GatewayRequest): Promise<Answer> {
    return this.#current.answer(request);
  }

  file(request: FileRequest): Promise<AgencyFile> {
    return this.#current.file(request);
  }

  async admit(...whom: Parameters<Gateway["admit"]>): Promise<void> {
    const held = this.#current.hold();
    await this.#current.version.gateway.admit(...whom).finally(held.release);
  }

  prepareDocuments: Gateway["prepareDocuments"] = (documents) =>
    this.#current.version.gateway.prepareDocuments(documents);

  warm: Gateway["warm"] = (documents, readers) => this.#current.version.gateway.warm(documents, readers);

  /** Those of versions before, too: what a replacement left under way. */
  endStreams: Gateway["endStreams"] = (...which) => {
    for (const { version } of this.#inUse) version.gateway.endStreams(...which);
  };

  /** The version in force, which stays usable until it is let go. */
  hold(): HeldGateway {
    return this.#current.hold();
  }

  /** Calls `act` after every replacement; no longer when what is returned was called. */
  onReplaced(act: () => void): () => void {
    this.#onReplaced.add(act);
    return () => this.#onReplaced.delete(act);
  }

  /** From now on `next` answers. */
  replace(next: Version): void {
    const before = this.#current;
    this.#current = this.#use(next);
    this.#refused = null;
    before.retire();
    if (this.#isClosed) this.#current.retire();
    for (const act of this.#onReplaced) act();
  }

  /** Another version was refused: what is in force stays, and `standing` says so. */
  refuse(code: ErrorCode, at: string): void {
    this.#refused = { code, at };
  }

  /** Resolves when no version is in use any more; those that are in use for long after are closed all the same. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#current.retire();
    const inUse = [...this.#inUse];
    const patience = setTimeout(() => {
      for (const used of inUse) used.abandon();
    }, CLOSE_PATIENCE_MS);
    await Promise.all(inUse.map(({ closed }) => closed));
    clearTimeout(patience);
  }

  #use(version: Version): InUse {
    const used = new InUse(version);
    this.#inUse.add(used);
    void used.closed.then(() => this.#inUse.delete(used));
    return used;
  }
}

/** A version with the number of those who use it. */
class InUse {
  readonly version: Version;
  readonly closed: Promise<void>;
  #users = 0;
  #isRetired = false;
  readonly #unused = Promise.withResolvers<void>();

  constructor(version: Version) {
    this.version = version;
    this.closed = this.#unused.promise.then(() => version.close()).catch(() => {});
  }

  hold(): HeldGateway {
    this.#users += 1;
    return { answer: (request) => this.answer(request), release: this.#leaveOnce() };
  }

  async answer(request: GatewayRequest): Promise<Answer> {
    this.#users += 1;
    try {
      const answer = await this.version.gateway.answer(request);
      if (answer.kind !== "whole") return this.#stream(answer);
      this.#leave();
      return answer;
    } catch (error) {
      this.#leave();
      throw error;
    }
  }

  /** In use until it is closed. */
  async file(request: FileRequest): Promise<AgencyFile> {
    const { release } = this.hold();
    try {
      const file = await this.version.gateway.file(request);
      return {
        ...file,
        close: () => {
          file.close();
          release();
        },
      };
    } catch (error) {
      release();
      throw error;
    }
  }

  /** One that begins after the version was replaced ends as those did that were under way. */
  #stream(answer: Exclude<Answer, { readonly kind: "whole" }>): Answer {
    const leave = this.#leaveOnce();
    if (answer.kind === "events") answer.ended?.addEventListener("abort", leave, { once: true });
    if (this.#isRetired) this.#endStreams();
    return { ...answer, bodies: new Interruptible(answer.bodies, leave) };
  }

  #leave(): void {
    this.#users -= 1;
    if (this.#isRetired && this.#users === 0) this.abandon();
  }

  #leaveOnce(): () => void {
    let isHeld = true;
    return () => {
      if (isHeld) this.#leave();
      isHeld = false;
    };
  }

  /** Whoever uses it still. */
  abandon(): void {
    this.#unused.resolve();
  }

  retire(): void {
    if (this.#isRetired) return;
    this.#isRetired = true;
    this.#endStreams();
    if (this.#users === 0) this.abandon();
  }

  #endStreams(): void {
    this.version.gateway.endStreams(
      new GatewayError("SUBSCRIBE_AGAIN", "schema or policies have changed: subscribe again"),
    );
  }
}
