/**
 * G12 end to end: emergency access to one case for an hour: what it opens, what it never opens, and what its answer tells. Over HTTP,
 * against the running deployment, on answers as well as on what agencies were asked. Each rule's refusal stands beside what it permits.
 */
import { describe, expect, it } from "vitest";
import { canariesIn } from "../support/canaries.ts";
import type { Reader, Reply } from "../support/deployment.ts";
import {
  ask,
  DAY,
  emergencyCases,
  idOf,
  intake,
  linked,
  MINUTE,
  OPEN,
  officer,
  open,
  opened,
  payload,
  REASON,
  read,
  scene,
  society,
  uidOf,
  withDeployment,
  worker,
} from "../support/emergencies.ts";

withDeployment();

describe("G12: EPC.caseWorker on an unassigned case", () => {
  it("reads nothing, then S3 and S4 for sixty minutes, and nothing after", async () => {
    const before = await read(worker, "presumedWorker");
    expect(before.case).toMatchObject({
      nrmNumber: expect.any(String),
      screening: null,
      victim: { person: null },
    });

    expect(payload(await open(worker, "presumedWorker"))).toEqual(opened());
    const during = await read(worker, "presumedWorker");
    expect(during.case).toMatchObject({
      victim: { person: { nameLatin: { full: expect.any(String) }, gender: expect.any(String) } },
      screening: { outcome: expect.any(String), findings: expect.any(Array) },
    });

    scene.now += 60 * MINUTE - 1;
    expect((await read(worker, "presumedWorker")).case).toEqual(during.case);
    scene.now += 1;
    const after = await read(worker, "presumedWorker");
    expect(after.case).toEqual(before.case);
    expect(after.withheld).toEqual(before.withheld);
  });

  it("opens that case alone, to that member of staff, in that role, for that purpose", async () => {
    await open(worker, "presumedWorker");
    expect((await read(worker, "presumedWorker")).case).toMatchObject({ screening: expect.anything() });
    expect((await read(worker, "overview")).case).toMatchObject({ screening: null });
    expect((await read(intake, "presumedWorker")).case).toMatchObject({ screening: null });
    expect((await read({ ...worker, purpose: "SHELTER_CARE" }, "presumedWorker")).case).toMatchObject({
      screening: null,
    });
    const another: Reader = { ...worker, role: "EPC.intakeOfficer" };
    expect((await read(another, "presumedWorker")).case).toMatchObject({ screening: null });
  });

  it("opens none of the groups that are never broken", async () => {
    await open(worker, "overview");
    const { case: shown, text } = await read(worker, "overview");
    expect(shown).toMatchObject({ screening: expect.anything(), health: null });
    expect(JSON.stringify(shown?.["shelterStays"] ?? null)).not.toMatch(/cnr-/);
    expect(
      [...canariesIn(text)].filter((canary) => /health|facilities|reporter|suspect/i.test(canary)),
    ).toEqual([]);
  });
});

describe("a case that the reader may not know of", () => {
  it("is there for the next read, under its number and in the list too, and gone after an hour", async () => {
    const list = async () =>
      JSON.stringify((await ask(society, "{ cases(first: 100) { edges { node { id } } } }")).data);
    const id = idOf(society, "ngoOther");
    expect((await read(society, "ngoOther")).case).toBeNull();
    expect(await list()).not.toContain(id);

    expect(payload(await open(society, "ngoOther"))).toEqual(opened());
    expect((await read(society, "ngoOther")).case).toMatchObject({
      id,
      victim: { person: { nameLatin: { full: expect.any(String) } } },
      supportPlans: [expect.anything()],
      health: [],
    });
    expect(await list()).toContain(id);
    const { nrmNumber } = scene.on.cast.cases.ngoOther;
    expect(await emergencyCases(society)).toEqual([{ id, nrmNumber }]);
    const byNumber = await ask(society, "query($n: CaseNumber) { case(nrmNumber: $n) { id } }", {
      n: nrmNumber,
    });
    expect(byNumber.data).toEqual({ case: { id } });

    scene.now += 60 * MINUTE;
    expect((await read(society, "ngoOther")).case).toBeNull();
    expect(await list()).not.toContain(id);
    expect(await emergencyCases(society)).toEqual([]);
  });

  it("stays closed where the person refused, a party is linked to the reader, or an official is suspected", async () => {
    await open(society, "ngoRefused");
    expect((await read(society, "ngoRefused")).case).toMatchObject({ supportPlans: null });
    await open(linked, "overlays");
    expect((await read(linked, "overlays")).case).toBeNull();
    expect(await emergencyCases(linked)).toEqual([]);
    await open(officer, "overlays");
    expect((await read(officer, "overlays")).case).toBeNull();
    await open(officer, "ngoOther");
    expect((await read(officer, "ngoOther")).case).toMatchObject({ nrmNumber: expect.any(String) });
  });
});

describe("what an answer tells", () => {
  const comparable = ({ status, text, headers }: Reply) => ({
    ...{ status, text },
    headers: [...headers].filter(([name]) => !["date", "x-request-id"].includes(name)),
  });

  it("is the same, with the same calls, for an absent case, a hidden one, one that is readable and what is no id", async () => {
    const given: Reader = { ...society, staff: "ngo-mwps-caseworker-2" };
    const ids = {
      hidden: idOf(given, "ngoOther"),
      closed: idOf(given, "overlays"),
      readable: idOf(given, "ngoGiven"),
      absent: scene.on.idFor(given, "Case", "6f4a7a6e-0000-4000-8000-000000000001"),
      anothers: scene.on.idFor(worker, "Case", uidOf("ngoOther")),
      nonsense: "nonsense",
    };
    const seen = new Map<string, unknown>();
    for (const [name, id] of Object.entries(ids)) {
      scene.now += DAY;
      const instant = scene.now;
      const watched = await scene.on.watch(() => ask(given, OPEN, { id, why: REASON }));
      const { text } = watched.result;
      seen.set(name, {
        ...comparable(watched.result),
        text: text.replaceAll(new Date(instant + 60 * MINUTE).toISOString(), "in an hour"),
        calls: watched.calls,
        ledger: watched.ledger.map(({ query, subgraph }) => ({ query, subgraph })),
      });
      expect(watched.calls).toEqual({ ledger: 1 });
    }
    const [first, ...others] = seen.values();
    for (const other of others) expect(other).toEqual(first);
  });

  it("finds a case by a document, and answers the same for another name, a person without a case, and nobody", async () => {
    const { cpr, nameLatin, uid } = scene.on.cast.cases.ngoOther.victim;
    const { plain } = scene.on.cast.workers;
    const documents = {
      found: { cpr, name: nameLatin },
      misnamed: { cpr, name: "Somebody Else Altogether" },
      plain: { cpr: plain.cpr, name: plain.nameLatin },
      nobody: { cpr: "990112345", name: nameLatin },
    };
    expect(uid).not.toBe(plain.uid);
    const texts = new Set<string>();
    const calls = new Set<string>();
    for (const [name, document] of Object.entries(documents)) {
      scene.now += DAY;
      const watched = await scene.on.watch(() => ask(society, OPEN, { document, why: REASON }));
      texts.add(
        watched.result.text.replaceAll(new Date(scene.now + 60 * MINUTE).toISOString(), "in an hour"),
      );
      calls.add(JSON.stringify(watched.calls));
      const { case: shown } = await read(society, "ngoOther");
      expect([name, shown === null]).toEqual([name, name !== "found"]);
      const found = (await emergencyCases(society)) as readonly { readonly id: string }[];
      expect(found.map(({ id }) => id)).toEqual(name === "found" ? [idOf(society, "ngoOther")] : []);
    }
    expect([...texts]).toHaveLength(1);
    expect([...calls]).toEqual([JSON.stringify({ IGA: 1, ledger: 2 })]);
  });
});
