import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FOREIGN_PARTNERS } from "../../../sandbox/federation.ts";
import { type FederationHarness, federationHarness } from "../../support/federation-agencies.ts";
import { entitiesOf } from "../../support/rest-agencies.ts";

let harness: FederationHarness;
beforeAll(async () => {
  harness = await federationHarness();
});
afterAll(() => harness.close());

const SELECTION = "ref transnational { country mechanism foreignNumber acknowledgedAt }";

describe("foreign partners", () => {
  it("each answer for the referrals they were sent, and for no other's", async () => {
    const rows = [...harness.world.ext.transnational];
    expect(new Set(rows.map(({ member }) => member)).size).toBeGreaterThan(1);
    for (const partner of FOREIGN_PARTNERS) {
      const reply = await harness.entities(
        partner,
        "Referral",
        rows.map(({ ref }) => ref),
        SELECTION,
      );
      expect(entitiesOf(reply)).toEqual(
        rows.map(({ member, ref, ...transnational }) => (member === partner ? { ref, transnational } : null)),
      );
    }
  });

  it("want a token for themselves", async () => {
    const [here, there] = FOREIGN_PARTNERS;
    const authorization = await harness.bearer(there!);
    const answer = await fetch(harness.agencies[here!]!.url, {
      method: "POST",
      headers: { authorization, "content-type": "application/json" },
      body: "{}",
    });
    expect(answer.status).toBe(401);
  });

  it("are far away and often out of reach, when wanted", async () => {
    const [partner, other] = FOREIGN_PARTNERS;
    const far = await federationHarness({
      extFlakyEvery: 2,
      latency: { [partner!]: { minMs: 1_500, maxMs: 1_600 } },
      timeoutMs: 200,
    });
    const ask = (name: string) => far.entities(name, "Referral", ["x"], "ref");
    await expect(ask(partner!)).rejects.toMatchObject({ code: "AGENCY_TIMEOUT" });
    expect(entitiesOf(await ask(other!))).toEqual([null]);
    await expect(ask(other!)).rejects.toMatchObject({ code: "AGENCY_UNAVAILABLE" });
    expect(far.agencies["PPO"]!.journal.entries).toEqual([]);
    await far.close();
  });
});

describe("questions that are none", () => {
  it.each([
    ["no JSON", "text/plain", "x", 415],
    ["no query", "application/json", "{}", 400],
    ["a query that cannot be read", "application/json", '{"query":"{"}', 400],
    ["a field that nobody has", "application/json", '{"query":"{ nothing }"}', 400],
  ])("%s", async (_, contentType, body, status) => {
    const [partner] = FOREIGN_PARTNERS;
    const authorization = await harness.bearer(partner!);
    const headers = { authorization, "content-type": contentType };
    const answer = await fetch(harness.agencies[partner!]!.url, { method: "POST", headers, body });
    expect(answer.status).toBe(status);
  });
});
