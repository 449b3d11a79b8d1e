/**
 * A28: the gateway asks where its configuration says and nowhere else. A name that turns out to be this machine, this link or a
 * cloud's metadata, at first or later (rebinding), is not connected to, by whatever protocol; a redirect is not followed.
 *
 * The servers here listen on loopback. Names stand for them by a look-up of the test's own, as a DNS server of an attacker's would.
 */
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WebSocketServer } from "ws";
import { addressOf } from "../../sandbox/synth/members.ts";
import type { Config } from "../../src/config/config.ts";
import { Addresses, type AddressOptions } from "../../src/connectors/addresses.ts";
import { createWire } from "../../src/connectors/conformance-wire.ts";
import { graphqlHttp, type HttpBackend } from "../../src/connectors/graphql-http.ts";
import { createRestClient } from "../../src/connectors/rest.ts";
import { createSql } from "../../src/connectors/sql.ts";
import type { SubgraphRequest } from "../../src/execute/backend.ts";
import { keysFromUrl } from "../../src/identity/key-sources.ts";
import type { AgencyCode, SubgraphName } from "../../src/kernel/brands.ts";
import { createOtlp } from "../../src/telemetry/otlp.ts";
import { type Deployment, type Reader, startDeployment } from "../support/deployment.ts";
import { testDatabase } from "../support/postgres.ts";

const NAME = "police.gov.example";
const CANARY = "cnr-secret.token-1-outbound";
/** Addresses of this machine that tests may listen on, and that are none of `special`'s but by their number. */
const LOOPBACK = { address: "127.0.0.1", family: 4 };
const METADATA = { address: "169.254.169.254", family: 4 };
const PUBLIC = { address: "203.0.113.7", family: 4 };
const PRIVATE = { address: "10.20.30.40", family: 4 };

let server: Server;
let port: number;
let heard: { readonly url: string; readonly headers: IncomingMessage["headers"] }[];
const closing: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  heard = [];
  server = createServer((request, response) => {
    heard.push({ url: request.url ?? "", headers: request.headers });
    response.writeHead(200, { "content-type": "application/json" });
    response.end('{"data":{"answer":42},"keys":[]}');
  });
  const sockets = new WebSocketServer({ server });
  sockets.on("connection", (_, { url = "", headers }) => void heard.push({ url, headers }));
  await once(server.listen(0, "127.0.0.1"), "listening");
  port = (server.address() as AddressInfo).port;
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const request = (kind: SubgraphRequest["kind"] = "query"): SubgraphRequest =>
  ({
    query: "query { answer }",
    variables: {},
    kind,
    reader: {},
    signal: new AbortController().signal,
  }) as unknown as SubgraphRequest;

/** A name of which `lookUp` says where it is, and how often it was asked. */
function named(lookUp: () => readonly { readonly address: string; readonly family: number }[]) {
  const refused: string[] = [];
  const asked: string[] = [];
  const options = (more: AddressOptions = {}): AddressOptions => ({
    onRefused: (host, reason) => void refused.push(`${host}: ${reason}`),
    lookup: async (host) => {
      asked.push(host);
      return lookUp();
    },
    ...more,
  });
  return { refused, asked, options };
}

const tell = async () => ({ identity: "", headers: { authorization: `Bearer ${CANARY}` } });

function agency(
  addresses: Addresses,
  more: { readonly host?: string; readonly protocol?: "sse" | "ws" } = {},
) {
  const { host = NAME, protocol } = more;
  const backend = graphqlHttp({
    agency: "MOI" as AgencyCode,
    subgraph: "moi" as SubgraphName,
    baseUrl: `http://${host}:${port}/graphql`,
    ...{ tell, addresses, timeoutMs: 2_000 },
    ...(protocol && { subscriptions: { protocol } }),
  });
  closing.push(backend.close);
  return backend;
}

const answerOf = async (backend: HttpBackend) =>
  backend.fetch(request()).then(
    ({ data }) => data,
    ({ code }: { code: string }) => code,
  );
const eventOf = async (backend: HttpBackend) =>
  backend
    .subscribe(request("subscription"))
    .next()
    .then(
      () => "an event",
      ({ code }: { code: string }) => code,
    );

describe("a name that is found at an address of no agency's", () => {
  it.each([
    ["this machine", [LOOPBACK]],
    ["a cloud's metadata", [METADATA]],
    ["this machine, in IPv6's clothes", [{ address: "::ffff:127.0.0.1", family: 6 }]],
    ["this machine, beside a good one", [PUBLIC, LOOPBACK]],
    ["nobody", [{ address: "0.0.0.0", family: 4 }]],
  ])("%s: is not connected to, by any protocol, and the log says so", async (_, addresses) => {
    const { refused, options } = named(() => addresses);
    const strict = new Addresses(options());
    expect(await answerOf(agency(strict))).toBe("AGENCY_UNAVAILABLE");
    expect(await eventOf(agency(strict, { protocol: "sse" }))).toBe("AGENCY_UNAVAILABLE");
    expect(await eventOf(agency(strict, { protocol: "ws" }))).toBe("AGENCY_UNAVAILABLE");
    const rest = createRestClient({
      agency: "MOI" as AgencyCode,
      baseUrl: `http://${NAME}:${port}`,
      ...{ tell, addresses: strict },
    });
    closing.push(rest.close);
    await expect(rest.as(request()).get("/x", (body) => body)).rejects.toMatchObject({
      code: "AGENCY_UNAVAILABLE",
    });
    await expect(keysFromUrl(`http://${NAME}:${port}/jwks`, strict.fetcher(2_000)).read()).rejects.toThrow();
    expect(heard).toEqual([]);
    expect(new Set(refused)).toEqual(new Set([`${NAME}: special address`]));
  });

  it("is connected to where the configuration says that it may be here", async () => {
    const { options } = named(() => [LOOPBACK]);
    const open = new Addresses(options({ localHosts: [NAME] }));
    expect(await answerOf(agency(open))).toEqual({ answer: 42 });
    await expect(
      keysFromUrl(`http://${NAME}:${port}/jwks`, open.fetcher(2_000)).read(),
    ).resolves.toMatchObject({
      keys: [],
    });
    expect(heard.map(({ url }) => url)).toEqual(["/graphql", "/jwks"]);
  });

  it("an address that is written out, and `localhost`, are what the operator wrote", async () => {
    const { asked, options } = named(() => [LOOPBACK]);
    const strict = new Addresses(options());
    expect(await answerOf(agency(strict, { host: "127.0.0.1" }))).toEqual({ answer: 42 });
    expect(await answerOf(agency(strict, { host: "localhost" }))).toEqual({ answer: 42 });
    expect(asked).toEqual(["localhost"]);
  });
});

describe("a name that moves (rebinding)", () => {
  const found = (addresses: Addresses, host = NAME): Promise<unknown> =>
    new Promise((resolve) => {
      addresses.lookup(host, { all: true }, (error, all) => resolve(error ? error.message : all));
    });

  it("stays where it was found first, whatever its DNS says", async () => {
    let at = [PUBLIC];
    const { asked, options } = named(() => at);
    const addresses = new Addresses(options());
    expect(await found(addresses)).toEqual([PUBLIC]);
    at = [LOOPBACK];
    expect(await found(addresses)).toEqual([PUBLIC]);
    expect(asked).toHaveLength(1);
  });

  it.each([
    ["this machine", LOOPBACK, "special address"],
    ["a cloud's metadata", METADATA, "special address"],
    ["the operator's own network", PRIVATE, "private address of a public name"],
  ])("to %s is refused when it is looked up anew", async (_, to, reason) => {
    let at = [PUBLIC];
    const { refused, options } = named(() => at);
    const addresses = new Addresses(options());
    await found(addresses);
    at = [to];
    for (const again of [() => addresses.forget(NAME), () => addresses.forgetAll()]) {
      again();
      expect(await found(addresses)).toBe(reason);
    }
    expect(refused).toHaveLength(2);
    at = [PUBLIC];
    expect(await found(addresses)).toEqual([PUBLIC]);
  });

  it("within a network of the operator's own, or between public addresses, is followed once nothing answers any more", async () => {
    const elsewhere = { address: "10.20.30.41", family: 4 };
    let at = [PRIVATE];
    const addresses = new Addresses(named(() => at).options());
    await found(addresses);
    at = [elsewhere];
    expect(await found(addresses)).toEqual([PRIVATE]);
    addresses.forget(NAME);
    expect(await found(addresses)).toEqual([elsewhere]);
  });

  it("is looked up anew after a connection has failed, by itself", async () => {
    const { asked, options } = named(() => [LOOPBACK]);
    const backend = agency(new Addresses(options({ localHosts: [NAME] })));
    expect(await answerOf(backend)).toEqual({ answer: 42 });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await expect.poll(() => answerOf(backend)).toBe("AGENCY_UNAVAILABLE");
    await once(server.listen(port, "127.0.0.1"), "listening");
    await expect.poll(() => answerOf(backend)).toEqual({ answer: 42 });
    expect(asked.length).toBeGreaterThan(1);
  });
});

describe("what else the configuration names", () => {
  const both = () => {
    const { refused, options } = named(() => [LOOPBACK]);
    return {
      refused,
      strict: new Addresses(options()),
      open: new Addresses(options({ localHosts: [NAME] })),
    };
  };

  it("an agency's database is judged as its server would be", async () => {
    const { refused, strict, open } = both();
    const url = new URL(await testDatabase());
    url.hostname = NAME;
    const outcome = (addresses: Addresses) => {
      const db = createSql<{ pg_class: { relname: string } }>({
        ...{ agency: "MOI" as AgencyCode, url: url.href, addresses },
      });
      closing.push(db.close);
      return db
        .ask((rows) => rows.selectFrom("pg_class").select("relname").limit(1).execute())
        .then(
          (found) => found.length,
          ({ code }: { code: string }) => code,
        );
    };
    expect(await outcome(strict)).toBe("AGENCY_UNAVAILABLE");
    expect(refused).toEqual([`${NAME}: special address`]);
    expect(await outcome(open)).toBe(1);
  });

  it("a database that has moved is looked up anew after a connection has failed; a socket's path is nobody's name", async () => {
    const { asked, options } = named(() => [LOOPBACK]);
    const addresses = new Addresses(options({ localHosts: [NAME] }));
    const connected = (...to: [port: number, host: string] | [path: string]) =>
      new Promise<boolean>((resolve) => {
        const socket = addresses.socket();
        socket
          .once("error", () => resolve(false))
          .once("connect", () => {
            socket.destroy();
            resolve(true);
          });
        socket.connect(...(to as [number, string]));
      });
    expect(await connected(port, NAME)).toBe(true);
    expect(await connected(port, NAME)).toBe(true);
    expect(asked).toHaveLength(1);
    expect(await connected(1, NAME)).toBe(false);
    expect(await connected(port, NAME)).toBe(true);
    expect(asked).toHaveLength(2);
    const folder = await mkdtemp(join(tmpdir(), "ihala-socket-"));
    const local = createServer().listen(join(folder, "s"));
    await once(local, "listening");
    closing.push(async () => local.close());
    expect(await connected(join(folder, "s"))).toBe(true);
    expect(asked).toHaveLength(2);
  });

  it("the collector of traces hears nothing, and no key of its own", async () => {
    const { strict, open } = both();
    const lost: number[] = [];
    const span = {
      name: "question",
      traceId: "1".repeat(32),
      spanId: "2".repeat(16),
      parentId: null,
    } as const;
    for (const addresses of [strict, open]) {
      const collector = createOtlp({
        ...{ url: `http://${NAME}:${port}`, service: "test", headers: { authorization: CANARY } },
        ...{ ask: addresses.fetcher(2_000), onLost: (count: number) => void lost.push(count) },
      });
      collector.sink({ ...span, startMs: 0, endMs: 1, attributes: {}, links: [] });
      await collector.close();
      expect(heard).toHaveLength(addresses === strict ? 0 : 1);
    }
    expect(lost).toEqual([1]);
    expect(heard[0]?.headers.authorization).toBe(CANARY);
  });

  it("an agency that is checked before it joins is asked where it would be asked afterwards", async () => {
    const { strict, open } = both();
    const wire = (addresses: Addresses) =>
      createWire(`http://${NAME}:${port}/graphql`, async () => ({ authorization: CANARY }), {
        ...{ timeoutMs: 2_000, ask: addresses.fetcher(2_000, "manual") },
      });
    await expect(wire(strict).ask("{ x }", {})).rejects.toThrow(
      "special address, see `deployment.localHosts`",
    );
    expect(heard).toEqual([]);
    expect((await wire(open).ask("{ x }", {})).status).toBe(200);
  });
});

describe("a redirect", () => {
  it.each([301, 302, 303, 307, 308])(
    "%i is an answer that cannot be used, and nobody hears the token",
    async (status) => {
      const elsewhere = `http://127.0.0.1:${port}/elsewhere`;
      const redirecting = createServer((_, response) => {
        response.writeHead(status, { location: elsewhere, "content-type": "application/json" });
        response.end("{}");
      });
      await once(redirecting.listen(0, "127.0.0.1"), "listening");
      closing.push(async () => redirecting.close());
      const at = `http://127.0.0.1:${(redirecting.address() as AddressInfo).port}`;
      const of = { agency: "MOI" as AgencyCode, baseUrl: at, tell };
      const backend = graphqlHttp({ ...of, subgraph: "moi" as SubgraphName });
      const sockets = graphqlHttp({
        ...{ ...of, subgraph: "moi" as SubgraphName },
        subscriptions: { protocol: "ws" },
      });
      const rest = createRestClient(of);
      closing.push(backend.close, sockets.close, rest.close);
      expect(await answerOf(backend)).toBe("AGENCY_BAD_REPLY");
      expect(await eventOf(backend)).toBe("AGENCY_BAD_REPLY");
      expect(await eventOf(sockets)).toBe("AGENCY_BAD_REPLY");
      await expect(rest.as(request()).get("/x", (body) => body)).rejects.toMatchObject({
        code: "AGENCY_BAD_REPLY",
      });
      await expect(keysFromUrl(`${at}/jwks`, new Addresses().fetcher(2_000)).read()).rejects.toThrow();
      expect(heard).toEqual([]);
    },
  );
});

describe("a deployment", () => {
  const reader: Reader = { role: "LMRA.inspector", purpose: "LABOUR_INSPECTION" };
  const QUERY = "{ workers(first: 1) { edges { node { workPermitNo person { nameLatin { full } } } } } }";

  /** The population register by the name of this machine. */
  async function askByName(on: Deployment) {
    const url = on.agencies.urls.get(addressOf("IGA"))?.replace("127.0.0.1", "localhost");
    const agencies = on.config.agencies.map((agency) =>
      agency.code === "IGA"
        ? { ...agency, members: agency.members.map((member) => ({ ...member, url })) }
        : agency,
    );
    await on.reload({ ...on.config, agencies } as Config);
    return on.watch(() => on.ask(reader, QUERY));
  }

  /** The labour register's database by the name of this machine. */
  async function askDatabaseByName(on: Deployment) {
    const places = on.placesFor(on.config);
    const databases = new Map(places.databases);
    const url = new URL(databases.get(addressOf("LMRA")) ?? "");
    expect(url.hostname).toBe("127.0.0.1");
    url.hostname = "localhost";
    databases.set(addressOf("LMRA"), url.href);
    const version = await on.assembled.load({
      config: on.config,
      places: { ...places, databases },
      documents: [],
    });
    on.assembled.gateway.replace(version);
    const before = on.lines.length;
    const { result, calls } = await on.watch(() => on.ask(reader, QUERY));
    return { result, calls, lines: on.lines.slice(before) };
  }

  it.each([
    [[], { code: "AGENCY_UNAVAILABLE", asked: 0, told: true }],
    [["localhost"], { code: undefined, asked: 1, told: false }],
  ])(
    "reaches its agencies as `deployment.localHosts: %j` allows",
    { timeout: 120_000 },
    async (localHosts, expected) => {
      const folder = await mkdtemp(join(tmpdir(), "ihala-addresses-"));
      const file = join(folder, "ihala.yaml");
      await writeFile(file, JSON.stringify({ deployment: { localHosts } }));
      const on = await startDeployment({ env: { IHALA_CONFIG: file } });
      closing.push(() => rm(folder, { recursive: true }), on.close);
      const isTold = (lines: readonly string[]) =>
        lines.join("").includes('"host":"localhost","reason":"special address","event":"address.refused"');
      const { result, calls } = await askByName(on);
      expect(JSON.stringify(result.data)).toContain("workPermitNo");
      expect({
        code: result.errors[0]?.extensions.code,
        asked: calls["IGA"] ?? 0,
        told: isTold(on.lines),
      }).toEqual(expected);

      const database = await askDatabaseByName(on);
      const [error] = database.result.errors;
      expect(database.result.text.includes("workPermitNo")).toBe(expected.asked === 1);
      expect({
        ...{ code: error?.extensions.code, agency: error?.extensions.agency },
        told: isTold(database.lines),
      }).toEqual({ code: expected.code, agency: expected.code && "LMRA", told: expected.told });
      // No row of it was read: nobody else was asked about any.
      expect(database.calls["IGA"] ?? 0).toBe(expected.asked);
    },
  );
});
