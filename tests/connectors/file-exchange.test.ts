/** Files of an agency's server over HTTP: what is asked, what is taken, and how it ends. */
import { once } from "node:events";
import { createServer as createTcpServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import {
  createFileExchange,
  type FileExchange,
  type FileExchangeOptions,
  segmentOf,
} from "../../src/connectors/file-exchange.ts";
import type { OutboundReader } from "../../src/execute/backend.ts";
import type { AgencyCode } from "../../src/kernel/brands.ts";
import { type Handler, type HttpAgency, httpAgency } from "../support/http-agency.ts";

const READER = { requestId: "r" } as OutboundReader;

const closing: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const each of closing.splice(0)) await each.close();
});

async function agencyWith(handler: Handler, options: Partial<FileExchangeOptions> = {}) {
  const agency = await httpAgency(handler);
  closing.unshift(agency);
  return { agency, exchange: exchangeAt(`${agency.url}/files`, options) };
}

function exchangeAt(baseUrl: string, options: Partial<FileExchangeOptions> = {}): FileExchange {
  const exchange = createFileExchange({
    agency: "EPC" as AgencyCode,
    baseUrl,
    timeoutMs: 400,
    tell: async () => ({ identity: "", headers: { authorization: "Bearer outbound" } }),
    ...options,
  });
  closing.unshift(exchange);
  return exchange;
}

const open = (exchange: FileExchange, reference = "rec-1", signal = new AbortController().signal) =>
  exchange.open(reference, READER, signal);

async function read(exchange: FileExchange, reference = "rec-1"): Promise<string> {
  const { body } = await open(exchange, reference);
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

const code = (expected: string) => expect.objectContaining({ code: expected });

const giving =
  (headers: Record<string, string>, body = "sound", status = 200): Handler =>
  (_, response) =>
    response.writeHead(status, { "content-length": String(body.length), ...headers }).end(body);

const flowing: Handler = (_, response) => {
  response.write("so");
  response.end("und");
};

describe("what is asked", () => {
  it.each([
    ["rec-000012", "/files/rec-000012"],
    ["with a blank", "/files/with%20a%20blank"],
    ["urn:uuid:1;v=2&x=3", "/files/urn%3Auuid%3A1%3Bv%3D2%26x%3D3"],
    ["تسجيل", `/files/${encodeURIComponent("تسجيل")}`],
  ])(
    "%s is one segment below the configured place, with the gateway's own token",
    async (reference, path) => {
      const { agency, exchange } = await agencyWith(giving({ "content-type": "audio/wav" }));
      expect(await read(exchange, reference)).toBe("sound");
      expect(agency.received).toHaveLength(1);
      const [{ method, url, headers } = expect.fail()] = agency.received as HttpAgency["received"];
      expect([method, url]).toEqual(["GET", path]);
      expect(headers).toMatchObject({ authorization: "Bearer outbound", "accept-encoding": "identity" });
      expect(Object.keys(headers).toSorted()).toEqual([
        "accept",
        "accept-encoding",
        "authorization",
        "connection",
        "host",
      ]);
    },
  );

  it.each([
    "..",
    ".",
    "a/../b",
    "/etc/passwd",
    "//evil.test",
    "a\\b",
    "a?b",
    "a#b",
    "%2e%2e%2f",
    "u@h",
    "a\r\nb: c",
    "a\nb",
    "\u007f",
    "\ud800x",
    "",
    "x".repeat(513),
  ])("nothing for %j", async (hostile) => {
    const { agency, exchange } = await agencyWith(giving({}));
    expect(segmentOf(hostile)).toBeNull();
    await expect(open(exchange, hostile)).rejects.toEqual(code("AGENCY_BAD_REPLY"));
    expect(agency.received).toEqual([]);
  });
});

describe("what is taken", () => {
  it("says its length and its type, and no more", async () => {
    const { exchange } = await agencyWith(giving({ "content-type": "audio/wav", "set-cookie": "a=b" }));
    const file = await open(exchange);
    expect({ ...file, body: null, close: null }).toEqual({
      mediaType: "audio/wav",
      bytes: 5,
      body: null,
      close: null,
    });
    file.close();
  });

  it.each<[string, Handler, string]>([
    ["that is not there", giving({}, "no", 404), "FILE_NOT_FOUND"],
    ["that is kept back", giving({}, "no", 403), "FILE_NOT_FOUND"],
    ["with an error of the server", giving({}, "no", 500), "AGENCY_UNAVAILABLE"],
    ["with too many requests", giving({}, "no", 429), "AGENCY_UNAVAILABLE"],
    ["that lies elsewhere", giving({ location: "http://127.0.0.1:1/" }, "", 302), "AGENCY_BAD_REPLY"],
    ["in part", giving({}, "so", 206), "AGENCY_BAD_REPLY"],
    ["that is encoded", giving({ "content-encoding": "gzip" }), "AGENCY_BAD_REPLY"],
    ["longer than the limit", giving({}, "x".repeat(1_001)), "AGENCY_BAD_REPLY"],
    ["of unknown length", flowing, "AGENCY_BAD_REPLY"],
  ])("not one %s", async (_, handler, expected) => {
    const { exchange } = await agencyWith(handler, { maxBytes: 1_000 });
    await expect(open(exchange)).rejects.toEqual(code(expected));
  });
});

describe("when it ends", () => {
  it("not before the deadline without headers: AGENCY_TIMEOUT", async () => {
    const { exchange } = await agencyWith(() => {});
    await expect(open(exchange)).rejects.toEqual(code("AGENCY_TIMEOUT"));
  });

  it("with nobody there: AGENCY_UNAVAILABLE", async () => {
    await expect(open(exchangeAt("http://127.0.0.1:1/files"))).rejects.toEqual(code("AGENCY_UNAVAILABLE"));
  });

  it("when the caller hangs up before the headers are there, and the agency is not blamed", async () => {
    const { exchange } = await agencyWith(() => {});
    const gone = new AbortController();
    const opening = open(exchange, "rec-1", gone.signal);
    setTimeout(() => gone.abort(), 50);
    await expect(opening).rejects.toThrow("withdrawn");
  });

  it.each<[string, Handler]>([
    [
      "breaks off",
      (_, response) => {
        response.writeHead(200, { "content-length": "10" }).write("so");
        setTimeout(() => response.destroy(), 50);
      },
    ],
    ["stalls", (_, response) => response.writeHead(200, { "content-length": "10" }).write("so")],
    [
      "says less than it has",
      (_, response) => {
        response.socket?.end("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nso");
      },
    ],
  ])("in an error when the agency %s in the middle", async (_, handler) => {
    const { exchange } = await agencyWith(handler);
    await expect(read(exchange)).rejects.toThrow();
  });

  it("when it is closed, at the agency too", async () => {
    const { promise: hungUp, resolve } = Promise.withResolvers<void>();
    const { exchange } = await agencyWith((_, response) => {
      response.on("close", () => resolve());
      response.writeHead(200, { "content-length": "10" }).write("so");
    });
    (await open(exchange)).close();
    await hungUp;
  });
});

describe("how much is on its way", () => {
  const LENGTH = 64 * 1_048_576;

  /** A server that writes as fast as it is read, and counts. */
  async function fountain(): Promise<{ readonly url: string; readonly written: () => number }> {
    let written = 0;
    const sockets = new Set<Socket>();
    const server: Server = createTcpServer((socket) => {
      sockets.add(socket.on("error", () => {}));
      socket.once("data", async () => {
        socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${LENGTH}\r\n\r\n`);
        const piece = Buffer.alloc(65_536, "ihala");
        while (written < LENGTH && !socket.destroyed) {
          written += piece.length;
          if (!socket.write(piece)) await once(socket, "drain").catch(() => {});
        }
      });
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    closing.unshift({
      close: async () => {
        for (const socket of sockets) socket.destroy();
        server.close();
      },
    });
    const { port } = server.address() as { readonly port: number };
    return { url: `http://127.0.0.1:${port}/files`, written: () => written };
  }

  it("is bounded, however long the file is and however slow the reader", async () => {
    const { url, written } = await fountain();
    const exchange = exchangeAt(url, { timeoutMs: 10_000 });
    const file = await open(exchange);
    let before = -1;
    while (written() > before) {
      before = written();
      await sleep(300);
    }
    expect(written()).toBeLessThan(LENGTH / 4);
    let bytes = 0;
    for await (const piece of file.body) bytes += piece.length;
    expect(bytes).toBe(LENGTH);
  });

  it("does not run out while the reader takes his time", async () => {
    const { url } = await fountain();
    const file = await open(exchangeAt(url, { timeoutMs: 300 }));
    await sleep(900);
    let bytes = 0;
    for await (const piece of file.body) bytes += piece.length;
    expect(bytes).toBe(LENGTH);
  });
});
