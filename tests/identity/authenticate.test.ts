import { describe, expect, it } from "vitest";
import { bench, CLAIMS, forge, HEADER, keys, NOW, PPO_ISSUER } from "./bench.ts";

const good = forge(HEADER, CLAIMS);

describe("authenticate", () => {
  it("tells who asks, with agency and member from our registry", async () => {
    const { ask } = bench(async () => new Set(["SAFEGUARDING"]));
    const headers = { "x-purpose": "EMERGENCY_PROTECTION", "x-issue": "sealed" };
    expect(await ask(good, headers)).toEqual({
      agency: "NGO",
      member: "BH/NGO/MWPS/assist",
      client: "mwps",
      staff: "ngo-mwps-caseworker-1",
      role: "NGO.caseworker",
      purpose: "EMERGENCY_PROTECTION",
      certificates: new Set(["SAFEGUARDING"]),
      assurance: "AAL2",
      authenticatedAtMs: null,
      issue: "sealed",
      expiresAtMs: (NOW + 300) * 1_000,
    });
  });

  it("takes the member of the client, two societies apart", async () => {
    const { ask } = bench();
    expect((await ask(forge(HEADER, { ...CLAIMS, client_id: "aman" }))).member).toBe("BH/NGO/AMAN/shelter");
  });

  it.each([
    ["PS256", keys.rsa],
    ["EdDSA", keys.edwards],
  ])("accepts %s", async (alg, key) => {
    const header = { ...HEADER, alg, kid: key.open.kid };
    expect((await bench().ask(forge(header, CLAIMS, key))).agency).toBe("NGO");
  });

  it("ignores claims that name an agency, a member, certificates, or `__proto__` (A25)", async () => {
    const text = JSON.stringify({
      ...CLAIMS,
      agency: "PPO",
      member: "BH/JUD/PPO/tip",
      certificates: ["SAFEGUARDING"],
    });
    const principal = await bench().ask(
      forge(HEADER, text.replace("{", '{"__proto__":{"agency":"PPO","admin":true},')),
    );
    expect(principal).toMatchObject({ agency: "NGO", member: "BH/NGO/MWPS/assist", certificates: new Set() });
    expect(({} as Record<string, unknown>)["admin"]).toBeUndefined();
  });

  it("knows the security officer of an agency and the data subject", async () => {
    const { ask } = bench();
    const officer = { ...CLAIMS, roles: ["NGO.securityOfficer"], acr: "AAL3" };
    expect((await ask(forge(HEADER, officer), { "x-purpose": "AUDIT_OVERSIGHT" })).role).toBe(
      "NGO.securityOfficer",
    );
    const subject = { ...CLAIMS, iss: PPO_ISSUER, client_id: "portal", roles: ["dataSubject"], sub: "P-1" };
    const token = forge({ ...HEADER, kid: "ppo-1" }, subject, keys.ppo);
    expect(await ask(token, { "x-purpose": "SUBJECT_ACCESS" })).toMatchObject({
      role: "dataSubject",
      staff: "P-1",
    });
  });

  describe("the purpose", () => {
    it.each([undefined, ""])("is required: %o names those of the role", async (purpose) => {
      await expect(
        bench().ask(good, purpose === undefined ? {} : { "x-purpose": purpose }),
      ).rejects.toMatchObject({
        code: "PURPOSE_REQUIRED",
        message: expect.stringContaining("SHELTER_CARE, EMERGENCY_PROTECTION"),
        detail: { params: { purposes: "SHELTER_CARE, EMERGENCY_PROTECTION" } },
      });
    });

    it.each(["PROSECUTION", "shelter_care", "SHELTER_CARE, EMERGENCY_PROTECTION", "constructor"])(
      "must be one of the role: %s is not",
      async (purpose) => {
        await expect(bench().ask(good, { "x-purpose": purpose })).rejects.toMatchObject({
          code: "PURPOSE_NOT_HELD",
        });
      },
    );

    it("is not looked at before the token", async () => {
      await expect(bench().ask(undefined, {})).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
    });
  });

  it("refuses who is revoked, also with a token that it remembers, and that member's staff alone", async () => {
    const { ask, revoked } = bench();
    await ask(good);
    revoked.add("BH/NGO/AMAN/shelter ngo-mwps-caseworker-1");
    await expect(ask(good)).resolves.toBeDefined();
    revoked.add("BH/NGO/MWPS/assist ngo-mwps-caseworker-1");
    await expect(ask(good)).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
    revoked.clear();
    await expect(ask(good)).resolves.toBeDefined();
  });

  it("knows when the reader proved who they are, and believes no time after the token", async () => {
    const { ask } = bench();
    const at = async (auth_time: unknown) =>
      (await ask(forge(HEADER, { ...CLAIMS, auth_time }))).authenticatedAtMs;
    expect(await at(NOW - 60)).toBe((NOW - 60) * 1_000);
    expect([await at(NOW + 1), await at(String(NOW)), await at(null), await at(Infinity)]).toEqual(
      Array.from({ length: 4 }, () => null),
    );
  });

  describe("time", () => {
    it("forgives expiry for 60 s and the future for 10 s", async () => {
      const { ask } = bench();
      await expect(ask(forge(HEADER, { ...CLAIMS, iat: NOW - 300, exp: NOW - 59 }))).resolves.toBeDefined();
      await expect(ask(forge(HEADER, { ...CLAIMS, iat: NOW + 9, exp: NOW + 300 }))).resolves.toBeDefined();
      await expect(ask(forge(HEADER, { ...CLAIMS, nbf: NOW + 9 }))).resolves.toBeDefined();
    });

    it("checks expiry again for a token that it remembers", async () => {
      const { ask, clock } = bench();
      await ask(good);
      clock.set(new Date((NOW + 359) * 1_000).toISOString());
      await ask(good);
      clock.set(new Date((NOW + 360) * 1_000).toISOString());
      await expect(ask(good)).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
    });
  });
});
