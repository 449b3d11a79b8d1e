import { mkdtemp, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openIssuer } from "../../sandbox/issuer/issuer.ts";
import { lookIntoDataDirectory, openDataDirectory } from "../../src/config/data-directory.ts";
import { readDomain } from "../../src/config/domain.ts";
import { loadConfig } from "../../src/config/load.ts";
import { createAuthenticate } from "../../src/identity/authenticate.ts";
import { createKeySet } from "../../src/identity/key-set.ts";
import { keysFromFile } from "../../src/identity/key-sources.ts";
import { createRegistry } from "../../src/identity/registry.ts";
import { rolesOf } from "../../src/identity/roles.ts";
import { systemClock } from "../../src/kernel/clock.ts";

it("mints tokens that the gateway of the same data directory accepts, for every role of the domain", async () => {
  const path = await mkdtemp(join(tmpdir(), "ihala-issuer-"));
  const data = await openDataDirectory(path, "sandbox");
  await openIssuer(data);
  const config = await loadConfig({ env: {} });
  const roles = rolesOf(await readDomain());
  const authenticate = createAuthenticate({
    registry: createRegistry(config),
    roles,
    keySets: new Map(
      config.identity.issuers.map(({ issuer, jwks }) => [
        issuer,
        createKeySet(keysFromFile(data.file("file" in jwks ? jwks.file : "")), systemClock),
      ]),
    ),
    certificatesOf: async () => new Set(),
    isRevoked: () => false,
    isSuspended: () => false,
    rules: config.identity,
    verifyProof: async () => {
      throw new Error("the sandbox's clients have nothing to prove");
    },
    clock: systemClock,
  });
  const { mintToken } = await openIssuer(await lookIntoDataDirectory(path, "sandbox"));
  for (const role of roles.values()) {
    const agency = config.agencies.find(({ code }) => code === role.agency);
    const member = agency?.members[0]?.address ?? "BH/GOV/IGA/population";
    const token = await mintToken({ role: role.id, member, staff: "staff-1" });
    const headers = new Map([
      ["authorization", `Bearer ${token}`],
      ["x-purpose", role.purposes[0] ?? ""],
    ]);
    expect(await authenticate(headers)).toMatchObject({ role: role.id, member, staff: "staff-1" });
  }
  expect((await stat(data.file("issuer", "key.json"))).mode & 0o777).toBe(0o600);
  await data.release();
});
