/** Agencies with a subgraph of their own tell their own keys and their own text, and nobody's uid. */
import { describe, expect, it } from "vitest";
import { federationHarness } from "../support/federation-agencies.ts";

const WHOLE = {
  Case: `ref prosecution { ref number decision decidedOn nonPunishmentNote evidenceList { number description }
         charges { article defendant { ref person { ref travelOrder { authority { address } } } } } }`,
  Person: "ref travelOrder { kind }",
  Referral: "ref transnational { country mechanism foreignNumber acknowledgedAt }",
} as const;

describe("what prosecution and foreign partners tell", () => {
  it("holds no uid, no other agency's key and no other agency's text", async () => {
    const harness = await federationHarness({ canary: true });
    const links = [...harness.world.links()];
    for (const name of Object.keys(harness.agencies)) {
      const agency = name === "PPO" ? "PPO" : "EXT";
      const mine = links.filter(
        (link) => link.agency === agency && (agency === "PPO" || link.member === name),
      );
      const keys = new Set(mine.map(({ key }) => key));
      let told = "";
      for (const [type, selection] of Object.entries(WHOLE)) {
        const refs = mine.filter((link) => link.type === type).map(({ key }) => key);
        if (refs.length > 0) told += JSON.stringify(await harness.entities(name, type, refs, selection));
      }
      expect(links.filter(({ uid }) => told.includes(uid))).toEqual([]);
      expect(links.filter(({ key }) => !keys.has(key) && told.includes(`"${key}"`))).toEqual([]);
      const canaries = new Set(told.match(/cnr-[a-z]+(?=\.)/g) ?? []);
      expect([...canaries]).toEqual(mine.length > 0 ? [`cnr-${agency.toLowerCase()}`] : []);
    }
    await harness.close();
  });
});
