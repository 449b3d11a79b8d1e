import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { messageReader } from "../../bench/http-messages.ts";

const read = (chunks: readonly Buffer[]): readonly (readonly [head: string, body: string])[] => {
  const messages: (readonly [string, string])[] = [];
  const take = messageReader(({ head, body }) => messages.push([head, body.toString()]));
  for (const chunk of chunks) take(chunk);
  return messages;
};

const STREAM = Buffer.from(
  [
    'POST /graphql HTTP/1.1\r\nContent-Length: 15\r\n\r\n{"name":"مريم"}'.replace("15", "19"),
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\nA;x=y\r\n\r\n\r\n world\r\n0\r\n\r\n",
    "GET /health HTTP/1.1\r\nhost: here\r\n\r\n",
  ].join(""),
);
const WHOLE = read([STREAM]);

describe("a stream of messages", () => {
  it("is cut at lengths, in chunks, and behind heads alone", () => {
    expect(WHOLE.map(([, body]) => body)).toEqual(['{"name":"مريم"}', "hello\r\n\r\n world", ""]);
    expect(WHOLE.map(([head]) => head.split("\r\n")[0])).toEqual([
      "POST /graphql HTTP/1.1",
      "HTTP/1.1 200 OK",
      "GET /health HTTP/1.1",
    ]);
  });

  it("gives the same messages wherever it is cut", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(STREAM.length), { maxLength: 12 }), (cuts) => {
        const at = [0, ...cuts.toSorted((a, b) => a - b), STREAM.length];
        const chunks = at.slice(1).map((end, i) => STREAM.subarray(at[i], end));
        expect(read(chunks)).toEqual(WHOLE);
      }),
    );
  });

  it("waits for what is missing", () => {
    expect(read([STREAM.subarray(0, 40)])).toEqual([]);
  });

  it("refuses a chunk without a length", () => {
    const bad = Buffer.from("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nwhat\r\n");
    expect(() => read([bad])).toThrow("a chunk without a length");
  });
});
