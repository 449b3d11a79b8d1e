import { expect, it } from "vitest";
import { crtSubgraph } from "../../resolvers/crt/index.ts";
import { igaSubgraph } from "../../resolvers/iga/index.ts";
import { moiSubgraph } from "../../resolvers/moi/index.ts";
import { ngoSubgraph } from "../../resolvers/ngo/index.ts";
import { npraSubgraph } from "../../resolvers/npra/index.ts";
import type { RestAgency } from "../../sandbox/rest.ts";
import { MWPS } from "../../sandbox/synth/members.ts";
import { asker, READER, type RestHarness, restHarness } from "../support/rest-agencies.ts";

type Question = readonly [type: string, keys: readonly string[], selection: string];

const PERSON = "uid passports { uid } residence { number } arrivals { at } protectionHold";

function questions({ world }: RestHarness): Readonly<Partial<Record<RestAgency, readonly Question[]>>> {
  const societyCodes = new Set(
    [...world.ngo.assistance].flatMap((row) => (row.member === MWPS ? [row.code] : [])),
  );
  return {
    IGA: [["Person", [...world.iga.persons].slice(0, 150).map(({ cpr }) => cpr), "uid nameLatin { full }"]],
    NPRA: [
      ["Person", [...world.npra.persons].slice(0, 150).map(({ key }) => key), PERSON],
      ["ReturnPlan", [...world.npra.returns].map(({ key }) => key), "uid travelDocument"],
    ],
    MOI: [
      [
        "Case",
        [...world.moi.cases].map(({ ref }) => ref),
        "uid suspectProximity investigation { lines suspects { uid } }",
      ],
    ],
    CRT: [
      ["Case", [...world.crt.cases].map(({ ref }) => ref), "uid trial { court } compensation { uid }"],
      ["Person", [...world.crt.persons].map(({ ref }) => ref), "uid deportationOrder { kind }"],
      ["Employer", [...world.crt.employers].map(({ ref }) => ref), "uid finalConvictions { year }"],
    ],
    [MWPS]: [["CaseParty", [...societyCodes], "uid assistance { on }"]],
  };
}

const SUBGRAPHS = {
  IGA: igaSubgraph,
  NPRA: npraSubgraph,
  MOI: moiSubgraph,
  CRT: crtSubgraph,
  [MWPS]: ngoSubgraph,
} as const;

it("agencies are told their own keys and nothing of the case, the reader or another agency", async () => {
  const harness = await restHarness({ canary: true });
  try {
    const all = questions(harness);
    for (const [name, subgraph] of Object.entries(SUBGRAPHS) as [
      keyof typeof SUBGRAPHS,
      typeof igaSubgraph,
    ][]) {
      const ask = asker(subgraph({ client: harness.client(name) }));
      const own = new Set<string>();
      for (const [type, keys, selection] of all[name] ?? []) {
        expect(keys.length, `${name} ${type}`).toBeGreaterThan(0);
        for (const key of keys) own.add(key);
        const reply = await ask(type, keys, selection);
        expect(reply.errors).toEqual([]);
      }

      const told = harness.agencies[name].journal.entries.map(({ path, headers, body }) => ({
        path,
        body,
        headers: { ...headers, authorization: claimsIn(headers["authorization"]) },
      }));
      const text = JSON.stringify(told);
      expect(told.length).toBeGreaterThan(0);
      expect(text).not.toContain("cnr-");
      for (const secret of [
        READER.staff,
        READER.role,
        READER.member,
        READER.purpose,
        READER.issue,
        READER.requestId,
      ])
        expect(text, name).not.toContain(`"${secret}"`);
      for (const { uid, key } of harness.world.links()) {
        expect(text.includes(uid)).toBe(false);
        if (!own.has(key)) expect(text.includes(`"${key}"`), `${key} at ${name}`).toBe(false);
      }
    }
  } finally {
    await harness.close();
  }
});

/** The claims of a token as text: they are readable to whoever receives them. */
const claimsIn = (authorization: unknown): string =>
  Buffer.from(String(authorization).split(".")[1] ?? "", "base64url").toString("utf8");
