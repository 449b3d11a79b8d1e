import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { REST_AGENCIES, type RestAgency } from "../../sandbox/rest.ts";
import { AMAN, MWPS } from "../../sandbox/synth/members.ts";
import { type RestHarness, restHarness } from "../support/rest-agencies.ts";

let harness: RestHarness;
beforeAll(async () => {
  harness = await restHarness();
});
afterAll(() => harness.close());

async function read(name: RestAgency, path: string, body?: unknown): Promise<unknown> {
  const reply = await fetch(`${harness.agencies[name].url}${path}`, {
    method: body ? "POST" : "GET",
    headers: { authorization: await harness.bearer(name), "content-type": "application/json" },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return reply.ok ? reply.json() : reply.status;
}
const at = (path: string, key: string) => `${path}/${encodeURIComponent(key)}`;

describe("each agency writes its own rows in its own way", () => {
  it("IGA: upper-case columns, flags, compact dates", async () => {
    const [row] = harness.world.iga.persons;
    expect(await read("IGA", at("/persons", row?.cpr ?? ""))).toMatchObject({
      CPR_NO: row?.cpr,
      DOB: row?.birthDate.replaceAll("-", ""),
      NAME_E: { FULL: row?.nameLatin.full },
      DEATH_FLG: expect.stringMatching(/^[YN]$/),
    });
  });

  it("NPRA: day first, local time, lists by holder", async () => {
    const row = [...harness.world.npra.persons].find(({ movements }) => movements.length > 0);
    const cpr = row?.key ?? "";
    expect(await read("NPRA", at("/residences", cpr))).toMatchObject({
      holder: cpr,
      hold: expect.any(Number),
    });
    expect(await read("NPRA", `/passports?cpr=${cpr}`)).toMatchObject({
      items: row?.passports.map(({ key }) => ({ holder: cpr, docId: key })),
      next: null,
    });
    const movements = (await read("NPRA", `/movements?cpr=${cpr}&limit=1`)) as { items: { time: string }[] };
    const [{ time = "" } = {}] = movements.items;
    expect(Date.parse(`${time.replace(" ", "T")}+03:00`)).toBe(Date.parse(row?.movements[0]?.at ?? ""));
    expect(await read("NPRA", "/passports")).toBe(400);
  });

  it("NPRA: pages end where the list ends", async () => {
    const cprs = [...harness.world.npra.persons].slice(0, 100).map(({ key }) => key);
    const seen: unknown[] = [];
    let cursor: string | null = null;
    do {
      const page = (await read("NPRA", "/passports:search", { cprs, cursor, limit: 7 })) as {
        items: unknown[];
        next: string | null;
      };
      expect(page.items.length).toBeLessThanOrEqual(7);
      seen.push(...page.items);
      cursor = page.next;
    } while (cursor !== null);
    expect(seen).toEqual(((await read("NPRA", "/passports:search", { cprs })) as { items: unknown[] }).items);
  });

  it("MOI: reports, files and suspects", async () => {
    const [row] = harness.world.moi.cases;
    const [file] = harness.world.moi.investigations;
    expect(await read("MOI", at("/reports", row?.ref ?? ""))).toMatchObject({ caseNo: row?.policeNumber });
    expect(await read("MOI", at("/cases", file?.policeNumber ?? ""))).toMatchObject({ section: file?.unit });
    const suspect = file?.suspects[0];
    expect(await read("MOI", at("/suspects", suspect?.ref ?? ""))).toMatchObject({
      personNo: suspect?.personRef,
    });
  });

  it("CRT: trials that say they are sealed, and hearings of the others in order of time", async () => {
    const trials = [...harness.world.crt.trials];
    const sealed = trials.find((trial) => trial.sealed);
    expect(await read("CRT", at("/cases", sealed?.courtNumber ?? ""))).toMatchObject({ sealed: true });
    const { items } = (await read("CRT", "/hearings?from=2000-01-01")) as {
      items: { case_no: string; at: string }[];
    };
    expect(items.length).toBeGreaterThan(0);
    expect(items.map((session) => session.at)).toEqual(items.map((session) => session.at).toSorted());
    expect(items.map(({ case_no }) => case_no)).not.toContain(sealed?.courtNumber);
    expect(await read("CRT", "/hearings?from=tomorrow")).toBe(400);
    expect(await read("CRT", "/hearings?from=2099-01-01")).toEqual({ items: [], next: null });
  });

  it("NGO: each society its own survivor codes and no other", async () => {
    const rows = [...harness.world.ngo.assistance];
    const own = rows.find(({ member }) => member === MWPS);
    const other = rows.find(({ member }) => member === AMAN);
    expect(await read(MWPS, at("/clients", own?.code ?? ""))).toMatchObject({ code: own?.code });
    expect(await read(MWPS, at("/clients", other?.code ?? ""))).toBe(404);
  });
});

describe("servers", () => {
  it("are one for each agency and society, on loopback", () => {
    for (const name of REST_AGENCIES)
      expect(harness.agencies[name].url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it("take the gateway's token for themselves alone", async () => {
    const authorization = await harness.bearer("IGA");
    const status = async (name: RestAgency) =>
      (await fetch(`${harness.agencies[name].url}/none`, { headers: { authorization } })).status;
    expect(await status("IGA")).toBe(404);
    for (const name of REST_AGENCIES.slice(1)) expect(await status(name)).toBe(401);
  });
});

it("no agency's answers hold a uid, or a key that only others have", async () => {
  const { world } = harness;
  const answers = new Map<string, string>();
  const asked: Readonly<Record<string, readonly [RestAgency, string, readonly string[]][]>> = {
    IGA: [["IGA", "/persons:batch", [...world.iga.persons].map(({ cpr }) => cpr)]],
    NPRA: [["NPRA", "/residences:batch", [...world.npra.persons].map(({ key }) => key)]],
    MOI: [["MOI", "/cases:batch", [...world.moi.investigations].map(({ policeNumber }) => policeNumber)]],
    CRT: [["CRT", "/cases:batch", [...world.crt.trials].map(({ courtNumber }) => courtNumber)]],
  };
  for (const [agency, questions] of Object.entries(asked))
    for (const [name, path, keys] of questions)
      answers.set(agency, JSON.stringify(await read(name, path, { keys: keys.slice(0, 100) })));

  const links = [...world.links()];
  for (const [agency, text] of answers) {
    const own = new Set(links.filter((link) => link.agency === agency).map(({ key }) => key));
    for (const { uid, key } of links) {
      expect(text.includes(uid)).toBe(false);
      if (!own.has(key)) expect(text.includes(`"${key}"`), `${key} at ${agency}`).toBe(false);
    }
  }
});
