/**
 * A28: the gateway asks where its configuration says and nowhere else. A name that turns out to be this machine, this link or a
 * cloud's metadata, at first or later (rebinding), is not connected to, by whatever protocol; a redirect is not followed.
 */
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { addressOf } from "../../sandbox/synth/members.ts";
import type { Config } from "../../src/config/config.ts";
import { Addresses } from "../../src/connectors/addresses.ts";
import { graphqlHttp, type HttpBackend } from "../../src/connectors/graphql-http.ts";
import { createRestClient } from "../../src/connectors/rest.ts";
import type { SubgraphRequest } from "../../src/execute/backend.ts";
import { keysFromUrl } from "../../src/identity/key-sources.ts";
import type { AgencyCode, SubgraphName } from "../../src/kernel/brands.ts";
import { type Deployment, type Reader, startDeployment } from "../support/deployment.ts";
import { CANARY, LOOPBACK, NAME, named, withNamedServer } from "../support/named-server.ts";

const METADATA = { address: "169.254.169.254", family: 4 };
const PUBLIC = { address: "203.0.113.7", family: 4 };
const PRIVATE = { address: "10.20.30.40", family: 4 };

const here = withNamedServer();

const request = (kind: SubgraphRequest["kind"] = "query"): SubgraphRequest =>
  ({
    query: "query { answer }",
    variables: {},
    kind,
    reader: {},
    signal: new AbortController().signal,
  }) as unknown as SubgraphRequest;

const tell = async () => ({ identity: "", headers: { authorization: `Bearer ${CANARY}` } });

function agency(
  addresses: Addresses,
  more: { readonly host?: string; readonly protocol?: "sse" | "ws" } = {},
) {
  const { host = NAME, protocol } = more;
  const backend = graphqlHttp({
    agency: "MOI" as AgencyCode,
    subgraph: "moi" as SubgraphName,
    baseUrl: `http://${host}:${here.port}/graphql`,
    ...{ tell, addresses, timeoutMs: 2_000 },
    ...(protocol && { subscriptions: { protocol } }),
  });
  here.closing.push(backend.close);
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
      baseUrl: `http://${NAME}:${here.port}`,
      ...{ tell, addresses: strict },
    });
    here.closing.push(rest.close);
    await expect(rest.as(request()).get("/x", (body) => body)).rejects.toMatchObject({
      code: "AGENCY_UNAVAILABLE",
    });
    await expect(
      keysFromUrl(`http://${NAME}:${here.port}/jwks`, strict.fetcher(2_000)).read(),
    ).rejects.toThrow();
    expect(here.heard).toEqual([]);
    expect(new Set(refused)).toEqual(new Set([`${NAME}: special address`]));
  });

  it("is connected to where the configuration says that it may be here", async () => {
    const { options } = named(() => [LOOPBACK]);
    const open = new Addresses(options({ localHosts: [NAME] }));
    expect(await answerOf(agency(open))).toEqual({ answer: 42 });
    await expect(
      keysFromUrl(`http://${NAME}:${here.port}/jwks`, open.fetcher(2_000)).read(),
    ).resolves.toMatchObject({
      keys: [],
    });
    expect(here.heard.map(({ url }) => url)).toEqual(["/graphql", "/jwks"]);
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
    const { server, port } = here;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await expect.poll(() => answerOf(backend)).toBe("AGENCY_UNAVAILABLE");
    await once(server.listen(port, "127.0.0.1"), "listening");
    await expect.poll(() => answerOf(backend)).toEqual({ answer: 42 });
    expect(asked.length).toBeGreaterThan(1);
  });
});

describe("a redirect", () => {
  it.each([301, 302, 303, 307, 308])(
    "%i is an answer that cannot be used, and nobody hears the token",
    async (status) => {
      const elsewhere = `http://127.0.0.1:${here.port}/elsewhere`;
      const redirecting = createServer((_, response) => {
        response.writeHead(status, { location: elsewhere, "content-type": "application/json" });
        response.end("{}");
      });
      await once(redirecting.listen(0, "127.0.0.1"), "listening");
      here.closing.push(async () => redirecting.close());
      const at = `http://127.0.0.1:${(redirecting.address() as AddressInfo).port}`;
      const of = { agency: "MOI" as AgencyCode, baseUrl: at, tell };
      const backend = graphqlHttp({ ...of, subgraph: "moi" as SubgraphName });
      const sockets = graphqlHttp({
        ...{ ...of, subgraph: "moi" as SubgraphName },
        subscriptions: { protocol: "ws" },
      });
      const rest = createRestClient(of);
      here.closing.push(backend.close, sockets.close, rest.close);
      expect(await answerOf(backend)).toBe("AGENCY_BAD_REPLY");
      expect(await eventOf(backend)).toBe("AGENCY_BAD_REPLY");
      expect(await eventOf(sockets)).toBe("AGENCY_BAD_REPLY");
      await expect(rest.as(request()).get("/x", (body) => body)).rejects.toMatchObject({
        code: "AGENCY_BAD_REPLY",
      });
      await expect(keysFromUrl(`${at}/jwks`, new Addresses().fetcher(2_000)).read()).rejects.toThrow();
      expect(here.heard).toEqual([]);
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
      here.closing.push(() => rm(folder, { recursive: true }), on.close);
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
