import { describe, expect, it } from "vitest";
import { GatewayError } from "../../src/kernel/errors.ts";
import { entityTagOf, holds } from "../../src/server/entity-tag.ts";
import { answering, publicly, serverFor } from "./open-gateway.ts";

describe("an entity tag", () => {
  const tag = entityTagOf(Buffer.from("x"));

  it("is weak, and another for other bytes", () => {
    expect(tag).toMatch(/^W\/"[\w-]{24}"$/);
    expect(entityTagOf(Buffer.from("x"))).toBe(tag);
    expect(entityTagOf(Buffer.from("y"))).not.toBe(tag);
  });

  it.each([
    [undefined, false],
    ["", false],
    ["*", true],
    [tag, true],
    [tag.slice(2), true],
    [`"a", ${tag}, "b"`, true],
    ['W/"a,b"', false],
    [tag.slice(2, -1), false],
  ])("is held by whoever sends if-none-match %s: %s", (header, held) => {
    expect(holds(header, tag)).toBe(held);
  });
});

describe("a GET", () => {
  const ask = (url: string, headers: Record<string, string> = {}) =>
    fetch(`${url}?query=%7Bhello%7D`, { headers: { "x-purpose": "SHELTER_CARE", ...headers } });

  it("of public fields carries a tag, and is asked anew before it is answered 304", async () => {
    let [word, asked] = ["one", 0];
    const server = await serverFor(
      publicly(async () => {
        asked += 1;
        return JSON.stringify({ data: { hello: word.repeat(1_000) } });
      }),
    );
    const first = await ask(server.url);
    const etag = first.headers.get("etag") ?? "";
    expect(first.headers.get("cache-control")).toBe("private, no-cache");
    expect(first.headers.get("vary")).toBe("accept, accept-encoding");
    const [again, compressed] = [
      await ask(server.url, { "if-none-match": etag }),
      await ask(server.url, { "accept-encoding": "gzip" }),
    ];
    expect([again.status, await again.text(), again.headers.get("etag")]).toEqual([304, "", etag]);
    expect(again.headers.get("content-type")).toBeNull();
    expect(again.headers.get("x-ihala-mode")).toBe("sandbox");
    expect(compressed.headers.get("etag")).toBe(etag);
    word = "two";
    const changed = await ask(server.url, { "if-none-match": etag });
    expect([changed.status, asked]).toEqual([200, 4]);
    expect(changed.headers.get("etag")).not.toBe(etag);
    await server.stop();
  });

  it("whose reader may no longer ask is refused, whatever its cache holds", async () => {
    let allowed = true;
    const server = await serverFor(
      publicly(async () => {
        if (!allowed) throw new GatewayError("UNAUTHENTICATED", "a valid access token is required");
        return '{"data":{"hello":"x"}}';
      }),
    );
    const etag = (await ask(server.url)).headers.get("etag") ?? "";
    allowed = false;
    for (const held of [etag, "*"])
      expect((await ask(server.url, { "if-none-match": held })).status).toBe(401);
    await server.stop();
  });

  it("of anything else carries none, nor does a POST, and neither is ever answered 304", async () => {
    const text = '{"data":{"hello":"x"}}';
    const tag = entityTagOf(Buffer.from(text));
    const personal = await serverFor(answering(async () => text));
    const open = await serverFor(publicly(async () => text));
    const replies = [
      await ask(personal.url, { "if-none-match": tag }),
      await ask(personal.url, { "if-none-match": "*" }),
      await open.post({ query: "{ hello }" }, { "if-none-match": tag }),
    ];
    for (const reply of replies) {
      expect([reply.status, await reply.text()]).toEqual([200, text]);
      expect([reply.headers.get("etag"), reply.headers.get("cache-control")]).toEqual([null, "no-store"]);
    }
    await Promise.all([personal.stop(), open.stop()]);
  });
});
