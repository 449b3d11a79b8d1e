/** Requests as bytes on the wire, for tests of what is not a well-formed question, and what came back. */
import { expect } from "vitest";
import type { Deployment } from "./deployment.ts";

export interface RawRequest {
  readonly method?: string;
  /** Appended to `/graphql`. */
  readonly search?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export interface RawReply {
  readonly status: number;
  /** Headers apart from those that no two replies share. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly body: {
    readonly data?: Readonly<Record<string, unknown>> | null;
    readonly errors?: readonly {
      readonly message: string;
      readonly extensions: { readonly code: string; readonly agency?: string };
    }[];
    readonly extensions?: object;
  };
  readonly codes: readonly string[];
}

const OF_ITS_OWN = new Set(["date", "x-request-id", "keep-alive", "connection"]);

export async function send(
  { url }: Pick<Deployment, "url">,
  { method = "POST", search = "", headers = {}, body }: RawRequest,
): Promise<RawReply> {
  const response = await fetch(`${url}/graphql${search}`, {
    method,
    headers: {
      accept: "application/graphql-response+json",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: body as string }),
  });
  const text = await response.text();
  const parsed = JSON.parse(text) as RawReply["body"];
  return {
    status: response.status,
    headers: Object.fromEntries([...response.headers].filter(([name]) => !OF_ITS_OWN.has(name))),
    text,
    body: parsed,
    codes: (parsed.errors ?? []).map(({ extensions }) => extensions.code),
  };
}

/** Every canary of the world's personal values that occurs in a text. */
export const canaries = (text: string): readonly string[] => [
  ...new Set(text.match(/cnr-[A-Za-z.]+-\d+-[A-Za-z]+/g) ?? []),
];

/** What no reply, log line or agency may hold: personal values, a place in the code, a word of our own making. */
export function expectNothingInside(text: string): void {
  expect(canaries(text)).toEqual([]);
  expect(text).not.toMatch(/_p_|_a\d|\buid\b|stacktrace|node_modules|\.ts:|file:\/\//);
}
