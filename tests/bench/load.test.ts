import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { type Call, wavesOf } from "../../bench/calls.ts";
import { runLoad } from "../../bench/load.ts";

let server: Server | undefined;
afterEach(() => server?.close());

/** A server that gives these answers in turn, the last one for ever. */
async function serving(...answers: readonly { readonly status: number; readonly body: string }[]) {
  let next = 0;
  server = createServer((_, response) => {
    const { status, body } = answers[Math.min(next++, answers.length - 1)]!;
    response.writeHead(status).end(body);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const asking = (expected: string | null) => ({
  ...{ path: "/graphql", headers: {}, connections: 2, until: { requests: 7 } },
  questions: [{ body: "{}", expected }],
});
const good = { status: 200, body: '{"data":{}}' };

describe("the load generator", () => {
  it("takes the first answer, and all that equal it", async () => {
    expect(await runLoad({ ...asking(null), url: await serving(good) })).toMatchObject({
      answers: [good.body],
      requests: 7,
    });
  });

  it.each([
    ["a byte more", { status: 200, body: '{"data":{} }' }],
    ["another status", { status: 502, body: '{"data":{}}' }],
  ])("refuses an answer with %s", async (_, other) => {
    const url = await serving(good, good, other);
    await expect(runLoad({ ...asking(null), url })).rejects.toThrow("another answer than the first");
  });

  it("refuses a first answer that is not the one expected", async () => {
    const url = await serving(good);
    await expect(runLoad({ ...asking("{}"), url })).rejects.toThrow(`status 200: ${good.body}`);
  });
});

describe("a span of load", () => {
  const span = { ...asking(null), until: { seconds: 0.3 } };

  it("lasts as long as it is told, at the pace that it is told", async () => {
    const url = await serving(good);
    const { requests, seconds } = await runLoad({ ...span, url, perSecond: 50 });
    expect(seconds).toBeGreaterThanOrEqual(0.27);
    expect(requests).toBeGreaterThan(1);
    expect(requests).toBeLessThanOrEqual(15);
    expect((await runLoad({ ...span, url })).seconds).toBeGreaterThanOrEqual(0.3);
  });

  it("asks its questions in turn and gives each its own answer", async () => {
    const url = await serving({ status: 200, body: "1" }, { status: 200, body: "2" });
    const questions = ["a", "b", "c"].map((body) => ({ body, expected: null }));
    const { answers } = await runLoad({ ...span, url, questions, connections: 1, until: { requests: 2 } });
    expect(answers).toEqual(["1", "2", null]);
  });

  it("takes refusals for what they are, whatever their status and words", async () => {
    const refusals = ["one", "two"].map((message) => ({
      status: 400,
      body: JSON.stringify({ errors: [{ message }] }),
    }));
    const url = await serving(...refusals);
    expect((await runLoad({ ...asking(null), url, refused: true })).requests).toBe(7);
    const answered = await serving(...refusals, { status: 200, body: '{"data":{"a":1}}' });
    await expect(runLoad({ ...asking(null), url: answered, refused: true })).rejects.toThrow("not a refusal");
  });

  it("ends when the server hangs up", async () => {
    const url = await serving(good);
    server?.on("connection", (socket) => setTimeout(() => socket.destroy(), 20));
    await expect(runLoad({ ...span, url })).rejects.toThrow(/closed a connection|ECONNRESET/);
  });
});

describe("waves", () => {
  it("hold together what was under way together, and follow what had ended", () => {
    const call = (text: string): Call => ({ kind: "sql", database: "lmra", text, values: [] });
    const timed = [
      { call: call("first"), began: 0, ended: 4 },
      { call: call("beside it"), began: 1, ended: 2 },
      { call: call("after the short one"), began: 3, ended: 5 },
      { call: call("after all"), began: 6, ended: 7 },
    ];
    const texts = wavesOf(timed).map((wave) => wave.map((one) => (one.kind === "sql" ? one.text : "")));
    expect(texts).toEqual([["first", "beside it"], ["after the short one"], ["after all"]]);
  });
});
