/** Answers in pieces: asked for, put together as a client does, and held to what the specification says of their form. */
import { expect } from "vitest";
import type { Gateway, GatewayRequest } from "../../src/gateway.ts";

type Path = readonly (string | number)[];

export interface PieceError {
  readonly path?: Path;
  readonly extensions: { readonly code: string; readonly agency: string };
}

export interface Payload {
  readonly data?: unknown;
  readonly errors?: readonly PieceError[];
  readonly extensions?: { readonly withheld?: readonly { readonly path: readonly string[] }[] };
  readonly pending?: readonly { readonly id: string; readonly path: Path; readonly label?: string }[];
  readonly incremental?: readonly {
    readonly id: string;
    readonly subPath?: Path;
    readonly data: Record<string, unknown>;
    readonly errors?: readonly PieceError[];
  }[];
  readonly completed?: readonly { readonly id: string; readonly errors?: readonly PieceError[] }[];
  readonly hasNext?: boolean;
}

export interface Asking extends Partial<GatewayRequest> {
  readonly query: string;
}

export const requestOf = (asking: Asking): GatewayRequest => ({
  headers: { get: () => undefined },
  operationName: undefined,
  variables: {},
  locale: "en",
  signal: new AbortController().signal,
  carries: { events: false, incremental: true },
  ...asking,
});

/** Bodies as they come; a whole answer is one. */
export async function* bodiesOf(gateway: Gateway, asking: Asking): AsyncGenerator<string, void, undefined> {
  const answer = await gateway.answer(requestOf(asking));
  if (answer.kind === "whole") yield answer.body.text;
  else for await (const { text } of answer.bodies) yield text;
}

export async function payloadsOf(gateway: Gateway, asking: Asking): Promise<readonly Payload[]> {
  const payloads: Payload[] = [];
  for await (const text of bodiesOf(gateway, asking)) payloads.push(JSON.parse(text) as Payload);
  return payloads;
}

export interface Merged {
  readonly data: unknown;
  readonly errors: readonly PieceError[];
  /** Fragments to which a null went up: they are not in the data. */
  readonly failed: number;
}

/** What a client has in the end; fails where payloads are not of the specified form. */
export function merged(payloads: readonly Payload[]): Merged {
  const [initial, ...updates] = payloads as [Payload, ...Payload[]];
  const errors = [...(initial.errors ?? [])];
  const pending = new Map<string, Path>();
  const seen = new Set<string>();
  let failed = 0;
  if (updates.length === 0) {
    expect(initial).not.toHaveProperty("hasNext");
    return { data: initial.data, errors, failed };
  }
  expect(initial.pending?.length).toBeGreaterThan(0);
  for (const [i, payload] of payloads.entries()) {
    expect(payload.hasNext).toBe(i < payloads.length - 1);
    if (i > 0) for (const name of ["data", "errors"]) expect(payload).not.toHaveProperty(name);
    for (const { id, path } of payload.pending ?? []) {
      expect(seen.has(id)).toBe(false);
      seen.add(id);
      pending.set(id, path);
    }
    for (const { id, subPath = [], data, errors: own = [] } of payload.incremental ?? []) {
      const path = pending.get(id);
      if (!path) throw new Error(`nothing pending has the id ${id}`);
      add(at(initial.data, [...path, ...subPath]), data);
      errors.push(...own);
    }
    // What is announced is there by now.
    for (const { path } of payload.pending ?? []) at(initial.data, path);
    for (const { id, errors: own } of payload.completed ?? []) {
      expect(pending.delete(id)).toBe(true);
      if (own) {
        expect(own.length).toBeGreaterThan(0);
        failed += 1;
        errors.push(...own);
      }
    }
  }
  expect([...pending.keys()]).toEqual([]);
  return { data: initial.data, errors, failed };
}

function at(data: unknown, path: Path): Record<string, unknown> {
  let here = data;
  for (const step of path) here = (here as Record<string, unknown>)[step];
  if (typeof here !== "object" || here === null || Array.isArray(here))
    throw new Error(`no object stands at ${path.join(".")}`);
  return here as Record<string, unknown>;
}

/** No field is delivered twice. */
function add(into: Record<string, unknown>, fields: Record<string, unknown>): void {
  for (const [key, value] of Object.entries(fields)) {
    if (Object.hasOwn(into, key)) throw new Error(`\`${key}\` is delivered twice`);
    Object.defineProperty(into, key, { value, enumerable: true, writable: true, configurable: true });
  }
}
