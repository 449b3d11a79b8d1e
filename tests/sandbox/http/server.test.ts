import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MAX_BODY_BYTES } from "../../../sandbox/http/body.ts";
import { keyed } from "../../../sandbox/http/keyed.ts";
import { limitOf, page } from "../../../sandbox/http/paging.ts";
import { MAX_KEYS, records } from "../../../sandbox/http/records.ts";
import { route } from "../../../sandbox/http/route.ts";
import { type RestServer, startRestServer } from "../../../sandbox/http/server.ts";
import { table } from "../../../sandbox/synth/tables.ts";

const BEARER = "Bearer gateway";
const NUMBERS = table("numbers", 250, (i) => ({ no: `n/${i}`, square: i * i }));

let server: RestServer;
beforeEach(async () => {
  server = await startRestServer({
    routes: [
      ...records({
        path: "/numbers",
        rows: keyed(NUMBERS, ({ no }) => no),
        write: ({ no, square }) => ({ NO: no, SQ: square }),
      }),
      route("GET /all", ({ query }) =>
        page([...NUMBERS], { cursor: query.get("cursor"), limit: limitOf(query.get("limit"), 100) }),
      ),
      route("GET /broken", () => {
        throw new Error("inner detail");
      }),
    ],
    verify: async (authorization) => (authorization === BEARER ? {} : null),
  });
});
afterEach(() => server.close());

const HEADERS = { authorization: BEARER };
const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${server.url}${path}`, { headers: { ...HEADERS, ...headers } });
const post = (path: string, body: unknown, type = "application/json") =>
  fetch(`${server.url}${path}`, {
    method: "POST",
    headers: { ...HEADERS, "content-type": type },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
const keys = (count: number) => Array.from({ length: count }, (_, i) => `n/${i}`);

describe("records", () => {
  it("are given out one by one, their keys percent-encoded", async () => {
    const reply = await get("/numbers/n%2F7");
    expect([reply.status, await reply.json()]).toEqual([200, { NO: "n/7", SQ: 49 }]);
    expect((await get("/numbers/n%2F999")).status).toBe(404);
  });

  it("answer 304 to whoever has them already", async () => {
    const etag = (await get("/numbers/n%2F7")).headers.get("etag") ?? "";
    const again = await get("/numbers/n%2F7", { "if-none-match": etag });
    expect([again.status, await again.text()]).toEqual([304, ""]);
    expect((await get("/numbers/n%2F8", { "if-none-match": etag })).status).toBe(200);
  });

  it("come in batches in the order asked, each with a status of its own", async () => {
    server.faults.refuse("n/2");
    const reply = await post("/numbers:batch", { keys: ["n/3", "n/2", "x"] });
    expect(await reply.json()).toEqual({
      items: [
        { key: "n/3", status: 200, record: { NO: "n/3", SQ: 9 } },
        { key: "n/2", status: 403, record: null },
        { key: "x", status: 404, record: null },
      ],
    });
    expect((await get("/numbers/n%2F2")).status).toBe(403);
  });

  it.each([
    ["more than a batch holds", { keys: keys(MAX_KEYS + 1) }],
    ["a key twice", { keys: ["n/1", "n/1"] }],
    ["no list", { keys: "n/1" }],
    ["nothing", {}],
    ["no object", 7],
    ["no JSON", "{"],
  ])("refuse %s with 400", async (_, body) => {
    expect((await post("/numbers:batch", body)).status).toBe(400);
  });

  it("take a full batch", async () => {
    const reply = await post("/numbers:batch", { keys: keys(MAX_KEYS) });
    expect(((await reply.json()) as { items: unknown[] }).items).toHaveLength(MAX_KEYS);
  });
});

describe("lists", () => {
  it("are read page by page until there is no cursor", async () => {
    const seen: string[] = [];
    let cursor: string | null = null;
    let pages = 0;
    do {
      const reply = await get(`/all?limit=100${cursor === null ? "" : `&cursor=${cursor}`}`);
      const read = (await reply.json()) as { items: { no: string }[]; next: string | null };
      seen.push(...read.items.map(({ no }) => no));
      cursor = read.next;
      pages += 1;
    } while (cursor !== null);
    expect(pages).toBe(3);
    expect(seen).toEqual(keys(250));
  });

  it.each(["cursor=nonsense", "limit=0", "limit=101", "limit=x"])("refuse %s", async (query) => {
    expect((await get(`/all?${query}`)).status).toBe(400);
  });
});

describe("a server", () => {
  it("answers nobody without the gateway's token", async () => {
    expect((await fetch(`${server.url}/numbers/n%2F7`)).status).toBe(401);
    expect((await get("/numbers/n%2F7", { authorization: "Bearer other" })).status).toBe(401);
  });

  it("knows its paths and methods", async () => {
    expect((await get("/other")).status).toBe(404);
    const reply = await post("/all", {});
    expect([reply.status, reply.headers.get("allow")]).toEqual([405, "GET"]);
    expect((await get("/numbers/%FF")).status).toBe(400);
  });

  it("takes JSON of a bounded size only", async () => {
    expect((await post("/numbers:batch", { keys: ["n/1"] }, "text/plain")).status).toBe(415);
    expect((await post("/numbers:batch", { keys: ["x".repeat(MAX_BODY_BYTES)] })).status).toBe(413);
  });

  it("keeps its own faults to itself", async () => {
    const reply = await get("/broken");
    expect([reply.status, await reply.text()]).toEqual([500, '{"error":"fault"}']);
  });

  it("keeps a journal of what it was asked", async () => {
    await post("/numbers:batch", { keys: ["n/3"] });
    const [entry] = server.journal.entries;
    expect(entry).toMatchObject({
      method: "POST",
      path: "/numbers:batch",
      body: '{"keys":["n/3"]}',
      status: 200,
      headers: { authorization: BEARER },
    });
    expect(entry?.responseBytes).toBeGreaterThan(20);
    server.journal.clear();
    expect(server.journal.entries).toEqual([]);
  });
});

describe("faults", () => {
  it("cut connections when it is down, and end when it is healed", async () => {
    server.faults.down();
    await expect(get("/numbers/n%2F7")).rejects.toThrow();
    expect(server.journal.entries.at(-1)).toMatchObject({ status: 0, responseBytes: 0 });
    server.faults.heal();
    expect((await get("/numbers/n%2F7")).status).toBe(200);
  });

  it("cut every n-th request of a flaky server", async () => {
    server.faults.flaky(3);
    const outcomes = [];
    for (let i = 0; i < 6; i++)
      outcomes.push(
        await get("/numbers/n%2F7").then(
          ({ status }) => status,
          () => 0,
        ),
      );
    expect(outcomes).toEqual([200, 200, 0, 200, 200, 0]);
  });

  it("cut the text in two, or give a status", async () => {
    server.faults.garbage();
    await expect((await get("/numbers/n%2F7")).json()).rejects.toThrow(SyntaxError);
    server.faults.heal();
    server.faults.status(503);
    expect((await get("/numbers/n%2F7")).status).toBe(503);
  });

  it("reverse a batch, or give every key the record of another", async () => {
    const asked = { keys: ["n/1", "n/2", "n/3"] };
    const read = async () =>
      (
        (await (await post("/numbers:batch", asked)).json()) as {
          items: { key: string; record: { NO: string } }[];
        }
      ).items;
    server.faults.lying("order");
    expect((await read()).map(({ key }) => key)).toEqual(["n/3", "n/2", "n/1"]);
    server.faults.lying("records");
    const items = await read();
    expect(items.map(({ key }) => key)).toEqual(asked.keys);
    for (const { key, record } of items) expect(record.NO).not.toBe(key);
  });
});
