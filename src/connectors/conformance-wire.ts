/**
 * One question to the server under test, as the gateway sends it, and all that came back.
 *
 * In      `ask`: reaches it where the gateway would, and follows no redirect.
 * Errors  what is wrong with the connection.
 */
import { AddressRefused } from "./addresses.ts";

export interface Sent {
  readonly status: number;
  readonly contentType: string;
  readonly encoding: string | null;
  readonly text: string;
  /** Undefined when it is no JSON. */
  readonly body: unknown;
  readonly ms: number;
}

export interface Wire {
  /** `token`: in place of the right one; null for none. */
  ask(query: string, variables: Readonly<Record<string, unknown>>, token?: string | null): Promise<Sent>;
}

export function createWire(
  url: string,
  headers: () => Promise<Readonly<Record<string, string>>>,
  { timeoutMs, ask }: { readonly timeoutMs: number; readonly ask: typeof fetch },
): Wire {
  return {
    async ask(query, variables, token) {
      const { authorization = "", ...others } = await headers();
      const shown = token === undefined ? authorization : token;
      const began = performance.now();
      const response = await ask(url, {
        ...{ method: "POST", signal: AbortSignal.timeout(timeoutMs) },
        headers: {
          ...{ ...others, "accept-encoding": "identity", "content-type": "application/json" },
          accept: "application/graphql-response+json, application/json",
          ...(shown === null ? {} : { authorization: shown }),
        },
        body: JSON.stringify({ query, variables }),
      }).catch(({ cause }: Error) => {
        throw cause instanceof AddressRefused
          ? new Error(`the gateway connects to nobody there: ${cause.message}, see \`deployment.localHosts\``)
          : new Error(`no answer within ${timeoutMs} ms, or no connection`);
      });
      const text = await response.text();
      const ms = performance.now() - began;
      const { status } = response;
      const [contentType, encoding] = [
        response.headers.get("content-type") ?? "",
        response.headers.get("content-encoding"),
      ];
      return { status, contentType, encoding, text, body: json(text), ms };
    },
  };
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
