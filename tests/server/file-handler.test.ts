/** `GET /files/<link>` over HTTP: what leaves of a file, what a refusal looks like, and how a stream ends. */
import { once } from "node:events";
import { createServer, type IncomingMessage, request } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import type { AgencyFile } from "../../src/connectors/file-exchange.ts";
import { type ErrorCode, GatewayError } from "../../src/kernel/errors.ts";
import { createChannelOf } from "../../src/server/channel-of.ts";
import { fileHandler } from "../../src/server/file-handler.ts";
import type { FileRequest, GatewayPort } from "../../src/server/gateway-port.ts";
import type { HttpServerOptions } from "../../src/server/http-server.ts";
import { Load } from "../../src/server/load.ts";
import { silentLog } from "../../src/telemetry/log.ts";
import { bench } from "../identity/bench.ts";
import { prover } from "../identity/prover.ts";
import { openGateway, serverFor } from "./open-gateway.ts";

const PIECE = Buffer.alloc(65_536, "ihala");

let server: Awaited<ReturnType<typeof serverFor>> | undefined;
afterEach(() => server?.stop());

let closed = 0;
function fileOf(
  pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  bytes: number,
  mediaType?: string,
): AgencyFile {
  const body = (async function* () {
    yield* pieces;
  })();
  return { mediaType, bytes, body, close: () => void closed++ };
}

async function start(
  file: (request: FileRequest) => Promise<AgencyFile>,
  options: Partial<HttpServerOptions> = {},
) {
  closed = 0;
  const gateway: GatewayPort = { ...openGateway, file };
  server = await serverFor(gateway, options);
  return server;
}

const small = (mediaType?: string) => fileOf([Buffer.from("so"), Buffer.from("und")], 5, mediaType);

describe("a file", () => {
  it.each([
    ["audio/wav", "audio/wav"],
    ["AUDIO/WAV; charset=utf-8", "audio/wav"],
    ["application/pdf", "application/pdf"],
    ["text/html", "application/octet-stream"],
    ["image/svg+xml", "application/octet-stream"],
    ["application/javascript", "application/octet-stream"],
    ["audio/wav, text/html", "application/octet-stream"],
    ["", "application/octet-stream"],
    [undefined, "application/octet-stream"],
  ])("that is said to be %j leaves as %s", async (given, sent) => {
    const { root } = await start(async () => small(given));
    const response = await fetch(`${root}/files/x`);
    expect([response.status, await response.text(), closed > 0]).toEqual([200, "sound", true]);
    expect(response.headers.get("content-type")).toBe(sent);
    expect(response.headers.get("content-disposition")).toBe("attachment");
  });

  it("is asked for by what the request shows, and the link as it came", async () => {
    const seen: FileRequest[] = [];
    const { root } = await start(async (asked) => {
      seen.push(asked);
      return small();
    });
    await fetch(`${root}/files/a%2Fb?c=d`, { headers: { "x-purpose": "P", "x-issue": "I" } });
    const [{ link, headers, channel } = expect.fail()] = seen;
    expect(link).toBe("a%2Fb?c=d");
    expect([headers.get("x-purpose"), headers.get("x-issue")]).toEqual(["P", "I"]);
    expect([channel?.method, channel?.url]).toEqual(["GET", `${root}/files/a%2Fb?c=d`]);
  });

  it("is not there where no gateway gives files, and not ready before it is", async () => {
    server = await serverFor(openGateway);
    expect((await fetch(`${server.root}/files/x`)).status).toBe(404);
    await server.stop();
    server = await serverFor(null);
    expect((await fetch(`${server.root}/files/x`)).status).toBe(503);
  });

  it.each(["HEAD", "POST", "PUT", "DELETE", "OPTIONS"])(
    "is not given by %s, and nobody is asked",
    async (method) => {
      let asked = 0;
      const { root } = await start(async () => {
        asked += 1;
        return small();
      });
      const response = await fetch(`${root}/files/x`, { method });
      expect([response.status, response.headers.get("allow"), asked]).toEqual([405, "GET", 0]);
    },
  );

  it("takes a place among the requests that are worked on", async () => {
    const { root } = await start(
      async () =>
        fileOf(
          (async function* () {
            yield Buffer.from("so");
            await sleep(300);
            yield Buffer.from("und");
          })(),
          5,
        ),
      { maxRequests: 1 },
    );
    const first = await fetch(`${root}/files/x`);
    expect((await fetch(`${root}/files/y`)).status).toBe(503);
    expect(await first.text()).toBe("sound");
    await expect.poll(async () => (await fetch(`${root}/files/z`)).status).toBe(200);
  });
});

describe("a refusal", () => {
  it.each<[ErrorCode, number]>([
    ["FILE_NOT_FOUND", 404],
    ["UNAUTHENTICATED", 401],
    ["PURPOSE_REQUIRED", 403],
    ["BUDGET_EXHAUSTED", 429],
    ["AUDIT_UNAVAILABLE", 503],
    ["AGENCY_UNAVAILABLE", 502],
    ["AGENCY_BAD_REPLY", 502],
    ["AGENCY_TIMEOUT", 504],
  ])("%s is %d, in the form of every other", async (code, status) => {
    const { root } = await start(() =>
      Promise.reject(new GatewayError(code, "as it was written", { agency: "EPC" })),
    );
    const response = await fetch(`${root}/files/x`);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code } }] });
    expect(response.headers.get("content-disposition")).toBeNull();
    expect(response.headers.get("cache-control")).toBe("no-store");
  });

  it("of a fault of ours says nothing of it", async () => {
    const { root } = await start(() => Promise.reject(new Error("cnr-secret")));
    const response = await fetch(`${root}/files/x`);
    expect([response.status, (await response.text()).includes("cnr-secret")]).toEqual([500, false]);
  });
});

describe("a stream", () => {
  const answerTo = async (url: string): Promise<IncomingMessage> => {
    const [response] = await once(request(url).end(), "response");
    return response as IncomingMessage;
  };

  async function readAll(response: AsyncIterable<Buffer>): Promise<number> {
    let bytes = 0;
    for await (const piece of response) bytes += piece.length;
    return bytes;
  }

  it("takes no more from the agency than its reader takes", async () => {
    const PIECES = 1_000;
    let made = 0;
    function* pieces() {
      for (; made < PIECES; made++) yield PIECE;
    }
    const { root } = await start(async () => fileOf(pieces(), PIECES * PIECE.length));
    const response = await answerTo(`${root}/files/x`);
    let before = -1;
    while (made > before) {
      before = made;
      await sleep(200);
    }
    expect(made).toBeLessThan(PIECES / 4);
    expect(await readAll(response)).toBe(PIECES * PIECE.length);
  });

  it.each<[string, number, () => AsyncGenerator<Uint8Array>]>([
    [
      "fails",
      PIECE.length * 3,
      async function* () {
        yield PIECE;
        throw new Error("the agency has gone");
      },
    ],
    [
      "is shorter than it was said to be",
      PIECE.length * 3,
      async function* () {
        yield PIECE;
      },
    ],
    [
      "is longer than it was said to be",
      PIECE.length + 10,
      async function* () {
        yield PIECE;
        yield PIECE;
      },
    ],
  ])("that %s is cut, and does not look whole", async (_, bytes, body) => {
    const { root } = await start(async () => fileOf(body(), bytes));
    const response = await answerTo(`${root}/files/x`);
    await expect(readAll(response)).rejects.toThrow("aborted");
    expect([response.complete, closed > 0]).toEqual([false, true]);
  });

  it("that is cut does not look whole to HTTP/1.0 either, which has nothing but the length", async () => {
    const { root } = await start(async () =>
      fileOf(
        (async function* () {
          yield Buffer.from("so");
          await sleep(100);
          throw new Error("gone");
        })(),
        5,
      ),
    );
    const socket = connect(Number(new URL(root).port), "127.0.0.1");
    socket.write("GET /files/x HTTP/1.0\r\n\r\n");
    const text = (await socket.setEncoding("latin1").toArray()).join("");
    expect(text).toContain("content-length: 5");
    expect(text.endsWith("\r\n\r\nso")).toBe(true);
  });

  it("is over, at the agency too, when its reader hangs up, even while nothing comes", async () => {
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    const { root } = await start(async () => ({
      mediaType: undefined,
      bytes: 10,
      body: (async function* () {
        yield Buffer.from("so");
        await ended;
      })(),
      close: resolve,
    }));
    const response = await answerTo(`${root}/files/x`);
    await once(response, "data");
    response.destroy();
    await ended;
  });

  function* endless() {
    for (;;) yield PIECE;
  }
  async function* trickling() {
    for (;;) {
      yield Buffer.from("x");
      await sleep(20);
    }
  }

  it.each<[string, () => Iterable<Uint8Array> | AsyncIterable<Uint8Array>, number]>([
    ["its reader takes nothing for too long", endless, Number.MAX_SAFE_INTEGER],
    ["it takes too long for its length", trickling, 1_000],
  ])("is cut when %s", async (_, body, bytes) => {
    let isClosed = false;
    const gateway: GatewayPort = {
      ...openGateway,
      file: async () => ({
        ...fileOf(body(), bytes),
        close: () => {
          isClosed = true;
        },
      }),
    };
    const handle = fileHandler({
      ...{ load: new Load(1), headers: {}, log: silentLog, stallMs: 100, gateway: () => gateway },
      channelOf: createChannelOf({ url: () => "http://gateway.test/files/x", trustedProxy: false }),
    });
    const alone = createServer((asked, response) => void handle(asked, response)).listen(0, "127.0.0.1");
    await once(alone, "listening");
    try {
      const response = await answerTo(`http://127.0.0.1:${(alone.address() as AddressInfo).port}/files/x`);
      await expect.poll(() => isClosed).toBe(true);
      await expect(readAll(response)).rejects.toThrow("aborted");
    } finally {
      alone.close();
      alone.closeAllConnections();
    }
  });

  it("is finished when the server stops meanwhile", async () => {
    const { root, stop } = await start(async () =>
      fileOf(
        (async function* () {
          yield Buffer.from("so");
          await sleep(500);
          yield Buffer.from("und");
        })(),
        5,
      ),
    );
    const response = await answerTo(`${root}/files/x`);
    const stopping = stop();
    expect(await readAll(response)).toBe(5);
    await stopping;
  });
});

describe("a token that is bound to a key", async () => {
  const holder = await prover();
  const token = holder.token();

  async function bound(options: Partial<HttpServerOptions> = {}) {
    const { authenticate } = bench();
    return start(async ({ headers, channel }) => {
      await authenticate(headers, channel);
      return small();
    }, options);
  }

  const ask = async (url: string, htu: string, htm = "GET"): Promise<number> => {
    const dpop = holder.proof(token, { claims: { htu, htm } });
    const headers = { authorization: `DPoP ${token}`, dpop, "x-purpose": "SHELTER_CARE" };
    return (await fetch(url, { headers })).status;
  };

  it("wants a proof for the address of the file", async () => {
    const { root } = await bound();
    expect(await ask(`${root}/files/x`, `${root}/files/x`)).toBe(200);
    for (const htu of [`${root}/files/y`, `${root}/graphql`, `${root}/files/`])
      expect(await ask(`${root}/files/x`, htu), htu).toBe(401);
    expect(await ask(`${root}/files/x`, `${root}/files/x`, "POST")).toBe(401);
  });

  it("wants it for the public address, beside that of `/graphql`, where one is configured", async () => {
    const { root } = await bound({ publicUrl: "https://gateway.test/nrs/graphql" });
    expect(await ask(`${root}/files/x`, "https://gateway.test/nrs/files/x")).toBe(200);
    for (const htu of [`${root}/files/x`, "https://gateway.test/files/x"])
      expect(await ask(`${root}/files/x`, htu), htu).toBe(401);
  });
});
