/** What `ihala serve` and `ihala revoke` refuse before anything is started. */
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { productionProblems } from "../../src/cli/production.ts";
import { openDataDirectory } from "../../src/config/data-directory.ts";
import { loadConfig } from "../../src/config/load.ts";
import { configFile, ihala } from "./run-command.ts";

describe("ihala serve", () => {
  it("refuses what ships, with every reason", async () => {
    const { status, err } = await ihala(["serve"]);
    expect(status).toBe(1);
    expect(err).toContain("[PRODUCTION_REFUSED]");
    for (const reason of [
      "is a development issuer",
      "speaks for several agencies",
      "`bh-ngo-mwps-assist` that are plain Bearer",
      "BH/GOV/IGA/population",
      "ledger.url",
      "database.url",
      "trustedProxy",
    ])
      expect(err).toContain(reason);
  });

  it("refuses a policy that permits all, a development key, and a sandbox's directory", async () => {
    const data = await openDataDirectory(await mkdtemp(join(tmpdir(), "ihala-serve-")), "sandbox");
    await data.folder("issuer");
    const config = await loadConfig({ env: {}, overrides: { data: data.path } });
    const problems = await productionProblems(config, [
      {
        file: "fine.cedar",
        text: "// permit(principal, action, resource);\npermit(principal, action, resource) when { false };",
      },
      { file: "open.cedar", text: "permit (\n  principal, action,\n  resource // all\n) ;" },
    ]);
    expect(problems).toEqual(
      expect.arrayContaining([
        "policies: `open.cedar` permits everything to everybody",
        expect.stringContaining("development key"),
        expect.stringMatching(/^data: .*belongs to `sandbox`/),
      ]),
    );
    expect(problems.join()).not.toContain("fine.cedar");
    await data.release();
  });
});

describe("production", () => {
  const jwks = { url: "https://i.test/jwks" };
  const member = "BH/GOV/IGA/population";
  const problemsOf = async (server: object, client: object, keys: object = jwks) => {
    const issuers = [{ issuer: "https://i.test", jwks: keys, clients: { c: { member, ...client } } }];
    const file = await configFile(JSON.stringify({ server, identity: { issuers, maxTokenSeconds: 600 } }));
    const config = await loadConfig({ env: {}, path: file });
    const about = /^(identity|server)/;
    return (await productionProblems(config, [])).filter((problem) => about.test(problem));
  };
  const tls = { certificate: "c.pem", key: "k.pem" };
  const publicUrl = "https://gateway.test/graphql";

  it.each([
    ["proofs, over its own TLS", { tls, publicUrl }, {}],
    ["proofs, behind a proxy", { trustedProxy: true, publicUrl }, { binding: "dpop" }],
    ["certificates, over its own TLS", { tls: { ...tls, clientCa: "ca.pem" } }, { binding: "mtls" }],
    ["certificates, behind a proxy", { trustedProxy: true }, { binding: "mtls" }],
    ["proofs, behind a proxy that speaks TLS with it", { tls, trustedProxy: true, publicUrl }, {}],
  ])("takes clients bound by %s", async (_, server, client) => {
    expect(await problemsOf(server, client)).toEqual([]);
  });

  it.each([
    ["plain Bearer", { tls, publicUrl }, { binding: "bearer" }, jwks, /`c` that are plain Bearer/],
    ["no TLS", { publicUrl }, {}, jwks, /in the clear/],
    ["no public address", { tls }, {}, jwks, /^server\.publicUrl/],
    ["a public address without TLS", { tls, publicUrl: "http://g.test" }, {}, jwks, /^server\.publicUrl/],
    ["certificates that nobody asks for", { tls }, { binding: "mtls" }, jwks, /^server\.tls\.clientCa/],
    ["keys in the clear", { tls, publicUrl }, {}, { url: "http://i.test/jwks" }, /without TLS/],
  ])("refuses %s", async (_, server, client, keys, complaint) => {
    const problems = await problemsOf(server, client, keys);
    expect(problems).toEqual([expect.stringMatching(complaint)]);
  });
});

describe("ihala revoke", () => {
  it.each([
    [["--agency", "NGQ"], /there is no agency `NGQ`/],
    [["--agency", "NGO"], /say which by `--member`: BH\/NGO\/MWPS\/assist, BH\/NGO\/AMAN\/shelter/],
    [["--agency", "NGO", "--member", "BH/JUD/PPO/tip"], /no member of NGO/],
    [["--agency", "PPO"], /`database.url` is not configured/],
  ])("refuses %j", async (args, complaint) => {
    const elsewhere = await configFile(`data: ${await mkdtemp(join(tmpdir(), "ihala-none-"))}`);
    const { status, err } = await ihala(["--config", elsewhere, "revoke", ...args, "--staff", "s"]);
    expect(status).toBe(1);
    expect(err).toMatch(complaint);
  });
});
