import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { MEMBERS } from "../../sandbox/synth/members.ts";
import { loadConfig } from "../../src/config/load.ts";
import { readSecret } from "../../src/config/secret.ts";
import type { GatewayError } from "../../src/kernel/errors.ts";

async function fileWith(text: string): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), "ihala-config-")), "ihala.yaml");
  await writeFile(file, text);
  return file;
}

const refusal = async (text: string, env = {}): Promise<GatewayError> =>
  loadConfig({ path: await fileWith(text), env }).then(
    () => expect.fail("the configuration was accepted"),
    (error: GatewayError) => error,
  );

describe("the configuration", () => {
  it("is the sandbox of Bahrain when nothing is said", async () => {
    const config = await loadConfig({ env: {} });
    expect(config.server).toMatchObject({ host: "127.0.0.1", port: 4000 });
    expect(config.data).toBe("./data");
    expect(config.agencies.map(({ code }) => code)).toHaveLength(12);
  });

  it("ships the members of the synthetic world, name for name", async () => {
    const config = await loadConfig({ env: {} });
    const shipped = config.agencies.flatMap(({ code, members }) =>
      members.map(({ address, name }) => ({ agency: code, address, nameEn: name.en, nameAr: name.ar })),
    );
    const world = MEMBERS.map(({ nationality: _, ...rest }) => rest);
    expect(shipped.toSorted(byAddress)).toEqual(world.toSorted(byAddress));
  });

  it("takes the file, then the environment, then the command line", async () => {
    const path = await fileWith("server: {port: 1, host: 10.0.0.1}\ndeployment: {scale: demo}\n");
    const env = { PORT: "2", IHALA_SCALE: "tiny", IHALA_DATA: "/elsewhere" };
    const config = await loadConfig({ path, env, overrides: { "server.port": 3 } });
    expect(config.server).toMatchObject({ port: 3, host: "10.0.0.1" });
    expect(config.deployment.scale).toBe("tiny");
    expect(config.data).toBe("/elsewhere");
  });

  it("has persisted documents beside it, and no closed list without documents", async () => {
    const path = await fileWith("server: {persistedDocuments: {path: documents, only: true}}");
    const { persistedDocuments } = (await loadConfig({ path, env: {} })).server;
    expect(persistedDocuments).toEqual({ path: join(dirname(path), "documents"), only: true });
    const error = await refusal("server: {persistedDocuments: {only: true}}");
    expect(error.detail.problems).toEqual([
      "server.persistedDocuments.only: `path` must say where the documents are",
    ]);
  });

  it("is found by IHALA_CONFIG", async () => {
    const path = await fileWith("server: {port: 7}");
    expect((await loadConfig({ env: { IHALA_CONFIG: path } })).server.port).toBe(7);
  });

  it("is frozen to the bottom", async () => {
    const config = await loadConfig({ env: {} });
    expect(Object.isFrozen(config.agencies[0]?.members[0]?.name)).toBe(true);
  });

  it("reports every problem together with its path", async () => {
    const error = await refusal(
      "server: {port: high, prot: 1}\nsrever: {}\nlimits: {maxDepth: 0}\nidentity: {issuers: []}\n",
    );
    expect(error.code).toBe("CONFIG_INVALID");
    expect(error.detail.problems).toEqual([
      expect.stringMatching(/^server\.port: /),
      "server.prot: unknown key",
      expect.stringMatching(/^identity\.issuers: /),
      expect.stringMatching(/^limits\.maxDepth: /),
      "srever: unknown key",
    ]);
  });

  it.each([
    [
      "an unknown member of a client",
      "identity.issuers.0.clients.x.member: no member has the address `BH/NGO/NO/one`",
    ],
    ["two issuers of one name", "identity.issuers.1.issuer: `https://a` is listed twice"],
  ])("refuses %s", async (_, problem) => {
    const issuer = "{issuer: https://a, jwks: {file: f}, clients: {x: {member: BH/NGO/NO/one}}}";
    const error = await refusal(`identity: {issuers: [${issuer}, ${issuer}]}`);
    expect(error.detail.problems).toContain(problem);
  });

  it("takes one issuer for a member, and for each of several, and names both when there are two", async () => {
    const issuer = (name: string, ...members: string[]) =>
      JSON.stringify({
        ...{ issuer: name, jwks: { file: "f" } },
        clients: Object.fromEntries(members.map((member, at) => [`${name}${at}`, { member }])),
      });
    const [MWPS, AMAN] = ["BH/NGO/MWPS/assist", "BH/NGO/AMAN/shelter"];
    const of = (...issuers: string[]) => `identity: {issuers: [${issuers.join(", ")}]}`;
    const each = of(issuer("https://a", MWPS, MWPS), issuer("https://b", AMAN));
    expect((await loadConfig({ path: await fileWith(each), env: {} })).identity.issuers).toHaveLength(2);
    const both = await refusal(of(issuer("https://a", MWPS), issuer("https://b", AMAN, MWPS)));
    expect(both.detail.problems).toEqual([
      `identity.issuers.1.clients.https://b1.member: \`${MWPS}\` has two issuers, \`https://a\` and \`https://b\`; one alone may speak for it`,
    ]);
  });

  it("takes a way to subscribe for members that are subgraphs over HTTP, and for no other", async () => {
    const agency = (kind: string) =>
      `agencies: [{code: PPO, kind: ${kind}, members: [{address: BH/JUD/PPO/tip, name: {en: a, ar: b}, subscriptions: {protocol: ws, url: "wss://ppo.test/s"}}]}]
identity: {issuers: [{issuer: "https://a", jwks: {file: f}, clients: {}}]}`;
    const { agencies } = await loadConfig({ path: await fileWith(agency("federation")), env: {} });
    expect(agencies[0]?.members[0]?.subscriptions).toEqual({ protocol: "ws", url: "wss://ppo.test/s" });
    expect((await refusal(agency("rest"))).detail.problems).toEqual([
      "agencies.0.members.0.subscriptions: kind `rest` takes no subscriptions",
    ]);
  });

  it.each([
    ["broken YAML", "server: [", /^line 1: /],
    ["a key written twice", "data: a\ndata: b", /^line 2: /],
    ["a list in place of the mapping", "- server", /no mapping/],
  ])("refuses %s", async (_, text, problem) => {
    expect((await refusal(text)).detail.problems).toEqual([expect.stringMatching(problem)]);
  });

  it("names the environment variable's key when its value is of the wrong type", async () => {
    const error = await refusal("{}", { PORT: "four" });
    expect(error.detail.problems).toEqual([expect.stringMatching(/^server\.port: /)]);
  });

  it("says which file cannot be read", async () => {
    await expect(loadConfig({ path: "/nowhere.yaml", env: {} })).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringContaining("/nowhere.yaml"),
    });
  });

  it("holds references to secrets, never secrets", async () => {
    const error = await refusal("database: {url: postgres://user:password@host/db}");
    expect(error.detail.problems).toEqual([expect.stringMatching(/^database\.url: /)]);
    expect(JSON.stringify(error.detail.problems)).not.toContain("password@");
    const file = await fileWith("s3cret\n");
    await expect(readSecret({ file })).resolves.toBe("s3cret");
    await expect(readSecret({ env: "IHALA_NO_SUCH_VARIABLE" })).rejects.toMatchObject({
      code: "CONFIG_INVALID",
    });
  });
});

const byAddress = (a: { readonly address: string }, b: { readonly address: string }) =>
  a.address < b.address ? -1 : 1;
