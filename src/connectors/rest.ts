/**
 * A small REST client for resolvers: `createRestClient` once per agency (or member), `as(request)` once per fetch.
 *
 * Told     what `tell` says, as in `graphql-http.ts`.
 * Cache    answers with an ETag are kept by path and by the identity told, and asked for again with `if-none-match`:
 *          no reader gets what another identity was given. At most 1,000 answers and 16 MB.
 * Checks   every body passes the caller's `check` (a zod `parse`, say); what it throws is AGENCY_BAD_REPLY.
 * Paging   `pages` follows the agency's cursor until it ends, at most `maxPages` times.
 * Errors   those of `http-exchange.ts`; AGENCY_BAD_REPLY for other statuses, no JSON, a failed check, endless pages.
 */
import { LRUCache } from "lru-cache";
import type { SubgraphRequest } from "../execute/backend.ts";
import type { AgencyCode } from "../kernel/brands.ts";
import type { Told } from "./graphql-http.ts";
import {
  type Answer,
  badReply,
  createExchange,
  type Exchange,
  type ExchangeOptions,
} from "./http-exchange.ts";
import { parseJson } from "./parse-json.ts";

export interface RestOptions extends ExchangeOptions {
  readonly tell: (request: SubgraphRequest) => Promise<Told>;
}

export type Check<Body> = (body: unknown) => Body;

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Cursor of the next page; null on the last. */
  readonly next: string | null;
}

export interface RestCalls {
  /** Null for 404. */
  get<Body>(path: string, check: Check<Body>): Promise<Body | null>;
  post<Body>(path: string, body: unknown, check: Check<Body>): Promise<Body>;
  /** All items of a paged list; `pathOf(null)` is the first page. */
  pages<Item>(
    pathOf: (cursor: string | null) => string,
    check: Check<Page<Item>>,
    maxPages?: number,
  ): Promise<Item[]>;
}

export interface RestClient {
  as(request: SubgraphRequest): RestCalls;
  close(): Promise<void>;
}

interface Kept {
  readonly etag: string;
  readonly text: string;
}

const MAX_KEPT_ANSWERS = 1_000;
const MAX_KEPT_CHARACTERS = 16 * 1024 * 1024;
const DEFAULT_MAX_PAGES = 20;

export function createRestClient(options: RestOptions): RestClient {
  const exchange = createExchange(options);
  const kept = new LRUCache<string, Kept>({
    max: MAX_KEPT_ANSWERS,
    maxSize: MAX_KEPT_CHARACTERS,
    sizeCalculation: ({ text }) => text.length + 1,
  });
  return {
    as: (request) => restCalls(options, exchange, kept, request),
    close: exchange.close,
  };
}

function restCalls(
  { agency, tell }: RestOptions,
  exchange: Exchange,
  kept: LRUCache<string, Kept>,
  request: SubgraphRequest,
): RestCalls {
  const { signal } = request;
  const told = tell(request);
  told.catch(() => {}); // told to whoever asks first; a fetch may ask nothing
  const read = <Body>(text: string, check: Check<Body>) => readBody(agency, text, check);

  const get = async <Body>(path: string, check: Check<Body>): Promise<Body | null> => {
    const { identity, headers } = await told;
    const name = `${identity}\n${path}`;
    const known = kept.get(name);
    const condition = known ? { "if-none-match": known.etag } : {};
    const all = { accept: "application/json", ...headers, ...condition };
    const answer = await exchange.ask({ method: "GET", path, headers: all, signal });
    if (answer.status === 404) return null;
    if (answer.status === 304 && known) return read(known.text, check);
    const text = textOf(agency, answer);
    const etag = answer.header("etag");
    if (etag) kept.set(name, { etag, text });
    return read(text, check);
  };

  const post = async <Body>(path: string, body: unknown, check: Check<Body>): Promise<Body> => {
    const { headers } = await told;
    const all = { accept: "application/json", "content-type": "application/json", ...headers };
    const question = { method: "POST", path, headers: all, body: JSON.stringify(body), signal } as const;
    return read(textOf(agency, await exchange.ask(question)), check);
  };

  const pages = async <Item>(
    pathOf: (cursor: string | null) => string,
    check: Check<Page<Item>>,
    maxPages = DEFAULT_MAX_PAGES,
  ): Promise<Item[]> => {
    const items: Item[] = [];
    let cursor: string | null = null;
    for (let page = 0; page < maxPages; page += 1) {
      const answer: Page<Item> | null = await get(pathOf(cursor), check);
      items.push(...(answer?.items ?? []));
      cursor = answer?.next ?? null;
      if (cursor === null) return items;
    }
    throw badReply(agency, "a list without an end");
  };

  return { get, post, pages };
}

function textOf(agency: AgencyCode, { status, text }: Answer): string {
  if (status < 200 || status > 299) throw badReply(agency, `an answer with status ${status}`);
  return text;
}

function readBody<Body>(agency: AgencyCode, text: string, check: Check<Body>): Body {
  try {
    return check(parseJson(text));
  } catch (cause) {
    throw badReply(agency, "an answer of another shape than agreed", cause);
  }
}
