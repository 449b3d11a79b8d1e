/**
 * Hears every call that this process makes to a backend: HTTP through undici, SQL through `pg`. Costs nothing while it does not
 * listen.
 *
 * In      calls between `listen` and its end; the process must serve one request meanwhile.
 * Out     the calls with the instants of their begin and end. Bodies must be text, which those of the gateway are.
 */
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import pg from "pg";
import type { Call, HttpCall, SqlCall, TimedCall } from "./calls.ts";

/** Starts to listen; the returned function ends it and gives what was heard. */
export function listen(): () => readonly TimedCall[] {
  const calls: TimedCall[] = [];
  const hear: Hear = (call) => {
    const began = performance.now();
    return () => calls.push({ call, began, ended: performance.now() });
  };
  const ends = [listenToHttp(hear), listenToSql(hear)];
  return () => {
    for (const end of ends) end();
    return calls;
  };
}

/** Told when a call begins; what it returns is told when it has ended. */
type Hear = (call: Call) => () => void;

/** As undici's diagnostics channels hand it out. */
interface UndiciRequest {
  readonly origin: string | URL;
  readonly method: string;
  readonly path: string;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  readonly body: Buffer | null;
}

function listenToHttp(hear: Hear): () => void {
  const underWay = new Map<UndiciRequest, () => void>();
  const onCreate = (message: unknown) => {
    const { request } = message as { readonly request: UndiciRequest };
    underWay.set(request, hear(httpCall(request)));
  };
  const onEnd = (message: unknown) => {
    underWay.get((message as { readonly request: UndiciRequest }).request)?.();
  };
  subscribe("undici:request:create", onCreate);
  subscribe("undici:request:trailers", onEnd);
  return () => {
    unsubscribe("undici:request:create", onCreate);
    unsubscribe("undici:request:trailers", onEnd);
  };
}

function httpCall({ origin, method, path, headers, body }: UndiciRequest): HttpCall {
  const names = headers.flatMap((name, at) => (at % 2 === 0 ? [[name, headers[at + 1] ?? ""]] : []));
  return {
    kind: "http",
    origin: String(origin),
    ...{ method, path, headers: Object.fromEntries(names) },
    body: body === null ? null : body.toString("utf8"),
  };
}

interface QueryConfig {
  readonly text: string;
  readonly name?: string;
  readonly values?: readonly unknown[];
}
type Callback = (...given: readonly unknown[]) => void;

/** What the gateway does between requests: the log's copy, revocations and publications. */
const BESIDE_REQUESTS = /\b(?:disclosure\.|staff_revocation|policy_store\.)/;

/** `pg` tells nobody of its queries: while we listen, `query` of every client is wrapped. */
function listenToSql(hear: Hear): () => void {
  const { query } = pg.Client.prototype;
  const wrapped = function (this: pg.Client, ...given: unknown[]): unknown {
    const call = sqlCall(this, given);
    if (BESIDE_REQUESTS.test(call.text)) return Reflect.apply(query, this, given);
    const ended = hear(call);
    const at = given.findIndex((one) => typeof one === "function");
    if (at < 0) return (Reflect.apply(query, this, given) as Promise<unknown>).finally(ended);
    const callback = given[at] as Callback;
    given[at] = (...result: readonly unknown[]) => {
      ended();
      callback(...result);
    };
    return Reflect.apply(query, this, given);
  };
  Object.defineProperty(pg.Client.prototype, "query", { value: wrapped, configurable: true, writable: true });
  return () => {
    Object.defineProperty(pg.Client.prototype, "query", { value: query, configurable: true, writable: true });
  };
}

function sqlCall(client: pg.Client, [first, second]: readonly unknown[]): SqlCall {
  const config = (typeof first === "string" ? { text: first } : first) as QueryConfig;
  const values = config.values ?? (Array.isArray(second) ? second : []);
  const { text, name } = config;
  return { kind: "sql", database: client.database ?? "", text, values, ...(name ? { name } : {}) };
}
