/** The agencies' rows join: the same person everywhere, every key linked once, every reference answered. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { LINKED_TYPES } from "../../../sandbox/synth/links.ts";
import type { LinkRow } from "../../../sandbox/synth/types.ts";
import { PACKAGE_ROOT } from "../../../src/config/package-root.ts";
import { world } from "./tables-of.ts";

const demo = world("demo");
let links: LinkRow[];
const keysAt = (agency: string, type: string): Set<string> =>
  new Set(links.filter((l) => l.agency === agency && l.type === type).map(({ key }) => key));

beforeAll(() => {
  links = [...demo.links()];
});

describe("links", () => {
  it("are unique by agency, member, type and key, and by uid, agency and member", () => {
    expect(new Set(links.map((l) => `${l.agency} ${l.member} ${l.type} ${l.key}`)).size).toBe(links.length);
    expect(new Set(links.map((l) => `${l.type} ${l.uid} ${l.agency} ${l.member}`)).size).toBe(links.length);
  });

  it("name no uid for two objects", () => {
    const types = new Map<string, string>();
    for (const { uid, type } of links) {
      expect(uid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(types.get(uid) ?? type).toBe(type);
      types.set(uid, type);
    }
  });

  it("cover exactly the linked types of the schema, under the same names of keys", async () => {
    const schema: Record<string, Record<string, { kind: string; key: string }>> = JSON.parse(
      await readFile(join(PACKAGE_ROOT, "schema/keys.json"), "utf8"),
    );
    const expected = Object.entries(schema).flatMap(([agency, types]) =>
      Object.entries(types)
        .filter(([, { kind }]) => kind === "linked")
        .map(([type, { key }]) => `${agency} ${type} ${key}`),
    );
    expect(new Set(links.map((l) => `${l.agency} ${l.type} ${l.keyType}`))).toEqual(new Set(expected));
    expect(new Set(links.map(({ type }) => type))).toEqual(new Set(LINKED_TYPES));
  });
});

describe("registers", () => {
  it("know every worker under one personal number", () => {
    const [iga, npra] = [keysAt("IGA", "Person"), keysAt("NPRA", "Person")];
    for (const { cpr } of demo.lmra.workers) expect(iga.has(cpr) && npra.has(cpr)).toBe(true);
    expect(iga).toEqual(new Set([...demo.iga.persons].map(({ cpr }) => cpr)));
    expect(npra).toEqual(new Set([...demo.npra.persons].map(({ key }) => key)));
  });

  it("know every employer that they name", () => {
    const known = keysAt("LMRA", "Employer");
    const named = [...demo.lmra.workers, ...demo.lmra.inspections, ...demo.lmra.riskSignals].flatMap(
      ({ employerNo }) => employerNo ?? [],
    );
    expect(named.filter((employer) => !known.has(employer))).toEqual([]);
  });
});

describe("justice", () => {
  it("knows every case, suspect and person that it names", () => {
    for (const { ref } of demo.moi.cases) expect(keysAt("MOI", "Case").has(ref)).toBe(true);
    const [suspects, persons] = [keysAt("PPO", "Suspect"), keysAt("PPO", "Person")];
    for (const { charges } of demo.ppo.prosecutions)
      for (const { defendant } of charges)
        expect([suspects.has(defendant.ref), persons.has(defendant.personRef)]).toEqual([true, true]);
    const [defendants, parties] = [keysAt("CRT", "Suspect"), keysAt("CRT", "Person")];
    for (const { verdicts } of demo.crt.trials)
      for (const { defendant } of verdicts)
        expect([defendants.has(defendant.ref), parties.has(defendant.personRef)]).toEqual([true, true]);
  });

  it("has a row behind every linked case", () => {
    expect(keysAt("MOI", "Case")).toEqual(new Set([...demo.moi.cases].map(({ ref }) => ref)));
    expect(keysAt("PPO", "Case")).toEqual(new Set([...demo.ppo.cases].map(({ ref }) => ref)));
    expect(keysAt("CRT", "Case")).toEqual(new Set([...demo.crt.cases].map(({ ref }) => ref)));
    expect(keysAt("NCC", "Case")).toEqual(new Set([...demo.ncc.fund].map(({ caseRef }) => caseRef)));
  });
});

describe("care, societies, partners, training", () => {
  it("have rows behind every link", () => {
    expect(keysAt("MOSD", "CaseParty")).toEqual(new Set([...demo.mosd.care].map(({ careNo }) => careNo)));
    expect(keysAt("MOSD", "Facility")).toEqual(
      new Set([...demo.mosd.licences].map(({ licenceNo }) => licenceNo)),
    );
    expect(keysAt("NGO", "CaseParty")).toEqual(new Set([...demo.ngo.assistance].map(({ code }) => code)));
    expect(keysAt("EXT", "Referral")).toEqual(new Set([...demo.ext.transnational].map(({ ref }) => ref)));
    expect(keysAt("RTC", "Staff")).toEqual(new Set([...demo.rtc.holders].map(({ holderNo }) => holderNo)));
    expect(keysAt("NPRA", "ReturnPlan")).toEqual(new Set([...demo.npra.returns].map(({ key }) => key)));
  });
});

describe("the ledger", () => {
  it("says of each case which agencies hold rows about it", () => {
    const byCase = Map.groupBy(links, ({ uid }) => uid);
    for (const { uid, holders, parties } of demo.epc.spine) {
      const linked = [uid, parties[0]!.uid].flatMap((one) =>
        (byCase.get(one) ?? []).map(({ agency }) => agency),
      );
      for (const agency of linked) expect(holders).toContain(agency);
    }
  });

  it("keeps a row for everybody it names", () => {
    const known = new Set([...demo.epc.persons].map(({ uid }) => uid));
    for (const { parties } of demo.epc.spine)
      for (const { person } of parties) expect(known.has(person)).toBe(true);
    for (const { report } of demo.epc.content)
      if (report.reporter) expect(known.has(report.reporter)).toBe(true);
  });

  it("names staff of the directory only", () => {
    const ids = new Set([...demo.staff].map(({ staffId }) => staffId));
    for (const { assignments } of demo.epc.spine)
      for (const { staffId } of assignments) expect(ids.has(staffId), staffId).toBe(true);
  });
});
