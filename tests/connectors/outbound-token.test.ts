import { randomBytes } from "node:crypto";
import { decodeJwt, generateKeyPair, SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import { createOutboundTokens } from "../../src/connectors/outbound-token.ts";
import { createOutboundVerifier } from "../../src/connectors/outbound-verifier.ts";
import type { OutboundReader } from "../../src/execute/backend.ts";
import type { AgencyCode, MemberAddress } from "../../src/kernel/brands.ts";

const { privateKey, publicKey } = await generateKeyPair("EdDSA", { crv: "Ed25519" });
let nowMs = 1_753_833_600_000;
const tokens = createOutboundTokens({
  gateway: "ihala.test",
  privateKey,
  keyId: "k1",
  pseudonymRoot: randomBytes(32),
  nowMs: () => nowMs,
});

const at = (agency: string, member: string) => ({
  agency: agency as AgencyCode,
  member: member as MemberAddress,
});
const epc = at("EPC", "BH/GOV/LMRA/epc");
const iga = at("IGA", "BH/GOV/IGA/population");
const npra = at("NPRA", "BH/GOV/NPRA/residence");
const ppo = at("PPO", "BH/JUD/PPO/tip");

const reader: OutboundReader = {
  requestId: "5f1c7e0a-1111-4222-8333-944445555666",
  agency: "NGO",
  member: "BH/NGO/MWPS/assist",
  staff: "ngo-7",
  role: "NGO.caseworker",
  purpose: "SHELTER_CARE",
  issue: "uid-of-a-case",
};
const whole = { agency: "NGO", member: "BH/NGO/MWPS/assist", staff: "ngo-7", role: "NGO.caseworker" };

const verifier = (audience: string) =>
  createOutboundVerifier({ gateway: "ihala.test", audience, publicKey, nowMs: () => nowMs });
const tokenOf = (headers: Readonly<Record<string, string>>) => headers["authorization"] ?? "";

describe("outbound tokens", () => {
  it("tell the ledger the whole reader and the issue", async () => {
    const { headers } = await tokens.tell(epc, reader, { kind: "ledger" });
    const claims = await verifier(epc.member)(tokenOf(headers));
    expect(claims).toMatchObject({ reader: whole, purpose: "SHELTER_CARE", issue: "uid-of-a-case" });
    expect(headers["x-request-id"]).toBe(reader.requestId);
  });

  it("tell the ledger, and nobody else, what break-glass opens; nobody how the reader has come in", async () => {
    const credentials = {
      certificates: new Set(["canary-certificate"]),
      assurance: "canary-assurance",
      authenticatedAtMs: 1_234_567_890_123,
      namesIssue: true,
    };
    const broken: OutboundReader = { ...reader, brokenGlass: ["canary-case"], credentials };
    const { headers, identity } = await tokens.tell(epc, broken, { kind: "ledger" });
    expect(await verifier(epc.member)(tokenOf(headers))).toMatchObject({ brokenGlass: ["canary-case"] });
    expect(identity).not.toBe((await tokens.tell(epc, reader, { kind: "ledger" })).identity);
    const others = [
      await tokens.tell(ppo, broken, { kind: "full", issue: "TIP-2025-0001" }),
      await tokens.tell(ppo, broken),
      await tokens.tell(iga, broken, { kind: "ledger" }),
    ];
    for (const told of others) {
      const claims = JSON.stringify(decodeJwt(tokenOf(told.headers).slice("Bearer ".length)));
      expect(claims).not.toMatch(/canary|brokenGlass|1234567890123/);
    }
    expect(JSON.stringify(decodeJwt(tokenOf(headers).slice("Bearer ".length)))).not.toMatch(
      /certificate|assurance|1234567890123/,
    );
  });

  it("tell a party the reader and the issue by its own key, never the uid", async () => {
    const { headers } = await tokens.tell(ppo, reader, { kind: "full", issue: "TIP-2025-0001" });
    const claims = await verifier(ppo.member)(tokenOf(headers));
    expect(claims).toMatchObject({ reader: whole, purpose: "SHELTER_CARE", issue: "TIP-2025-0001" });
    expect(JSON.stringify(claims)).not.toContain("uid-of-a-case");
  });

  it("tell everybody else a pseudonym, and registers never more, whatever the caller wants", async () => {
    for (const [audience, view] of [
      [ppo, undefined],
      [iga, { kind: "full", issue: "850100017" }],
      [iga, { kind: "ledger" }],
    ] as const) {
      const { headers } = await tokens.tell(audience, reader, view);
      const claims = decodeJwt(tokenOf(headers).slice("Bearer ".length));
      expect(Object.keys(claims).sort()).toEqual(["aud", "exp", "iat", "iss", "purpose", "sub"]);
      expect(claims).toMatchObject({ purpose: "NRM_LOOKUP", iss: "ihala.test" });
      for (const word of Object.values(reader)) expect(JSON.stringify([claims, headers])).not.toContain(word);
    }
  });

  it("tell a register the same bytes about a victim as about anybody", async () => {
    const inCase = await tokens.tell(iga, reader);
    const without = await tokens.tell(iga, {
      ...reader,
      issue: null,
      purpose: "LEGAL_AID",
      role: "NGO.legal",
    });
    expect(without).toEqual(inCase);
    const sizes = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        tokens.tell(iga, { ...reader, staff: `s${"x".repeat(n)}`, requestId: `${n}` }),
      ),
    );
    expect(new Set(sizes.map(({ headers }) => JSON.stringify(headers).length)).size).toBe(1);
  });

  it("give two agencies nothing to join: neither pseudonym nor request id", async () => {
    const [one, other] = [await tokens.tell(iga, reader), await tokens.tell(npra, reader)];
    const subject = ({ headers }: typeof one) => decodeJwt(tokenOf(headers).slice("Bearer ".length)).sub;
    expect(subject(one)).not.toBe(subject(other));
    expect(one.headers["x-request-id"]).not.toBe(other.headers["x-request-id"]);
  });

  it("are minted once per audience and reader, and anew 10 s before they end", async () => {
    const first = tokenOf((await tokens.tell(iga, reader)).headers);
    nowMs += 49_000;
    expect(tokenOf((await tokens.tell(iga, reader)).headers)).toBe(first);
    nowMs += 1_000;
    expect(tokenOf((await tokens.tell(iga, reader)).headers)).not.toBe(first);
    expect(tokenOf((await tokens.tell(iga, { ...reader, staff: "ngo-8" })).headers)).not.toBe(first);
    nowMs += 30_000;
    expect(await verifier(iga.member)(first)).toBeNull();
  });

  it("are refused for another audience, edited, from another issuer, of another kind, or absent", async () => {
    const authorization = tokenOf((await tokens.tell(iga, reader)).headers);
    const verify = verifier(iga.member);
    expect(await verify(authorization)).not.toBeNull();
    expect(await verifier(npra.member)(authorization)).toBeNull();
    const foreign = createOutboundVerifier({ gateway: "other", audience: iga.member, publicKey });
    expect(await foreign(authorization)).toBeNull();
    const access = await new SignJWT({ sub: "x", purpose: "NRM_LOOKUP" })
      .setProtectedHeader({ alg: "EdDSA", typ: "at+jwt" })
      .setIssuer("ihala.test")
      .setAudience(iga.member)
      .setIssuedAt(nowMs / 1_000)
      .setExpirationTime(nowMs / 1_000 + 60)
      .sign(privateKey);
    for (const text of [
      undefined,
      "",
      "Bearer",
      `${authorization}=`,
      `${authorization}\n`,
      `Bearer ${access}`,
    ])
      expect(await verify(text)).toBeNull();
    const [head, body, signature] = authorization.split(".");
    expect(await verify([head, body, `A${signature?.slice(1)}`].join("."))).toBeNull();
  });
});
