/**
 * Where the hosts of the configuration are reached: looked up here, judged here, and connected to as judged.
 *
 * In       a host of the configuration; no other is ever connected to, since redirects are not followed. An address that is
 *          written out is taken as it is: whoever configures has said so.
 * Refused  a name with any address of kind `special` (`address-kinds.ts`), unless it is one of `localHosts` or below `localhost`.
 * Pinned   what a name was found at first stays, whatever its DNS says later, until a connection fails or the configuration is read
 *          again; then it is looked up anew, and what was public once is never private.
 * Errors   the connection fails with the reason, as if nobody were there; `onRefused` is told for the log.
 * Bounds   one look-up of a name at a time.
 */

import type { LookupAddress } from "node:dns";
import { lookup as systemLookup } from "node:dns/promises";
import { type LookupFunction, Socket } from "node:net";
import { Agent, buildConnector, fetch as undiciFetch } from "undici";
import { type AddressKind, addressKind } from "./address-kinds.ts";

export interface AddressOptions {
  /** Names that may stand for this machine. */
  readonly localHosts?: readonly string[];
  readonly onRefused?: (host: string, reason: string) => void;
  /** The system's, unless given. */
  readonly lookup?: (host: string) => Promise<readonly LookupAddress[]>;
}

export class AddressRefused extends Error {
  override readonly name = "AddressRefused";
}

export const DEFAULT_LOCAL_HOSTS: readonly string[] = ["localhost"];

export class Addresses {
  readonly #options: AddressOptions;
  readonly #localHosts: ReadonlySet<string>;
  readonly #pinned = new Map<string, Promise<readonly LookupAddress[]>>();
  /** Names that were public once. */
  readonly #public = new Set<string>();

  constructor(options: AddressOptions = {}) {
    this.#options = options;
    this.#localHosts = new Set(options.localHosts ?? DEFAULT_LOCAL_HOSTS);
  }

  /** For `net.connect`, which does not ask for what is an address already. */
  readonly lookup: LookupFunction = (host, { all, family }, callback) => {
    this.#found(host).then(
      (addresses) => {
        const fitting = addresses.filter((one) => !family || one.family === familyOf(family));
        const [first] = fitting;
        if (!first) callback(new AddressRefused("no address of the family"), "");
        else if (all) callback(null, [...fitting]);
        else callback(null, first.address, first.family);
      },
      (error: Error) => callback(error, ""),
    );
  };

  /** A connection to it has failed: it may have moved. */
  forget(host: string): void {
    this.#pinned.delete(host);
  }

  /** The configuration was read again. */
  forgetAll(): void {
    this.#pinned.clear();
  }

  /** For undici. */
  connector(timeoutMs: number): buildConnector.connector {
    const connect = buildConnector({ timeout: timeoutMs, lookup: this.lookup });
    return (options, callback) =>
      connect(options, (...outcome) => {
        if (outcome[0]) this.forget(options.hostname);
        callback(...outcome);
      });
  }

  /** As the global one, of hosts of the configuration; a redirect is an error, or an answer like any other. */
  fetcher(timeoutMs: number, redirect: "error" | "manual" = "error"): typeof fetch {
    const dispatcher = new Agent({ connect: this.connector(timeoutMs) });
    const ask = (url: unknown, init: object = {}) =>
      undiciFetch(url as string, { ...init, dispatcher, redirect });
    return ask as unknown as typeof fetch;
  }

  /** For `pg`, which connects it by port and host, or by the path of a socket. */
  socket(): Socket {
    const socket = new Socket();
    const connect = socket.connect.bind(socket);
    const judged = (port: number | string, host?: string): Socket => {
      if (host === undefined) return connect({ path: String(port) });
      const forget = () => this.forget(host);
      socket.once("error", forget).once("connect", () => socket.off("error", forget));
      return connect({ port: Number(port), host, lookup: this.lookup });
    };
    return Object.assign(socket, { connect: judged as Socket["connect"] });
  }

  #found(host: string): Promise<readonly LookupAddress[]> {
    const known = this.#pinned.get(host);
    if (known) return known;
    const found = this.#lookUp(host);
    this.#pinned.set(host, found);
    found.catch(() => this.#pinned.delete(host));
    return found;
  }

  async #lookUp(host: string): Promise<readonly LookupAddress[]> {
    const { lookup = everyAddress, onRefused } = this.#options;
    const addresses = await lookup(host);
    const reason = this.#isLocal(host) ? null : this.#problem(host, addresses);
    if (reason === null) return addresses;
    onRefused?.(host, reason);
    throw new AddressRefused(reason);
  }

  #problem(host: string, addresses: readonly LookupAddress[]): string | null {
    const kinds = new Set<AddressKind>(addresses.map(({ address }) => addressKind(address)));
    if (kinds.has("special")) return "special address";
    if (kinds.has("private") && (kinds.has("public") || this.#public.has(host)))
      return "private address of a public name";
    if (kinds.has("public")) this.#public.add(host);
    return null;
  }

  #isLocal(host: string): boolean {
    return this.#localHosts.has(host) || host.endsWith(".localhost");
  }
}

const everyAddress = (host: string) => systemLookup(host, { all: true });

const familyOf = (family: number | string): number => (family === "IPv6" || family === 6 ? 6 : 4);
