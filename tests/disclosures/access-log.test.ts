import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DisclosureLog } from "../../src/audit/log.ts";
import type { Disclosure } from "../../src/audit/record.ts";
import { type Opening, openSealed } from "../../src/audit/sealed.ts";
import { SubjectKeyring } from "../../src/audit/subject-keys.ts";
import { type AccessLogs, type AccessQuestion, createAccessLogs } from "../../src/disclosures/access-log.ts";
import { Embargoes } from "../../src/disclosures/embargo.ts";
import { searchCopy } from "../../src/disclosures/search.ts";
import { ANSWER, disclosure, logDirectory, SECRETS } from "../audit/disclosures.ts";
import { testDatabase } from "../support/postgres.ts";
import { BLIND, eventually, openCopy, openShipped } from "./copies.ts";

const NOW = new Date("2026-11-25T12:00:00.000Z");
const ORDER = { by: "ppo-chief-1", reason: "order 17/2026" };
const isCaseGroup = (group: string) => group === "CASE_HEADER";
/** By these keys alone. */
const openingBy =
  (keys: SubjectKeyring): Opening =>
  async (all) =>
    all.map((sealed) => openSealed(keys, sealed));
const person = (name: string) => ({ type: "Person", uid: name });

let pool: pg.Pool;
let log: DisclosureLog;
let logs: AccessLogs;
let embargoes: Embargoes;
let statements: string[] = [];

beforeAll(async () => {
  const opened = openCopy(await testDatabase());
  ({ pool } = opened);
  log = await openShipped(await logDirectory(), opened);
  const counted: Pick<pg.Pool, "query"> = {
    query: ((asked: string | { text: string }, ...rest: never[]) => {
      statements.push(typeof asked === "string" ? asked : asked.text);
      return (pool.query as (...all: unknown[]) => unknown)(asked, ...rest);
    }) as pg.Pool["query"],
  };
  embargoes = new Embargoes(counted, BLIND, Buffer.alloc(32, 9));
  logs = createAccessLogs({
    pool: counted,
    blind: BLIND,
    embargoes,
    open: openingBy(log.keys!),
    isCaseGroup,
  });
});
afterAll(async () => {
  await log.close();
  await pool.end();
});

type Reading = Partial<Pick<Disclosure, "time" | "purpose" | "reader" | "member">> & {
  readonly groups?: readonly string[];
};

/** Readings about somebody, recorded and in the copy. */
async function readAbout(name: string, ...readings: readonly Reading[]): Promise<void> {
  for (const { groups = ["IDENTITY_CORE"], ...header } of readings) {
    const shown = groups.map((group) => ({ group, level: "clear" as const }));
    const subjects = [{ ...person(name), groups: shown }];
    await log.append({ ...disclosure("reader"), issue: null, ...header, subjects }, ANSWER);
  }
  await eventually(() => log.lag?.().records === 0);
}

const pageOf = (name: string, more: Partial<AccessQuestion> = {}) =>
  logs.page({
    ...{ about: person(name), asSubject: true, isAccused: false, first: 100, after: null, now: NOW },
    ...more,
  });
const timesOf = async (name: string, more: Partial<AccessQuestion> = {}) =>
  (await pageOf(name, more))?.entries.map(({ at }) => at.slice(0, 10));

describe("an access log", () => {
  it("says when, who, why and which groups, newest first, a page at a time, while more is read", async () => {
    const days = Array.from({ length: 9 }, (_, i) => `2026-11-1${i}T08:00:00.000Z`);
    await readAbout("mariam", ...days.map((time) => ({ time })));
    const seen: string[] = [];
    let after: string | null = null;
    for (let round = 0; round < 4; round += 1) {
      const page = await pageOf("mariam", { first: 4, after });
      seen.push(...(page?.entries ?? []).map(({ at }) => at));
      expect(page?.hasNext).toBe(round < 2);
      if (!page?.hasNext) break;
      after = page.entries.at(-1)?.cursor ?? null;
      await readAbout("mariam", { time: `2026-11-2${round}T08:00:00.000Z` });
    }
    expect(seen).toEqual(days.toReversed());
    expect((await pageOf("mariam", { first: 1 }))?.entries).toEqual([
      {
        at: "2026-11-21T08:00:00.000Z",
        member: "BH/NGO/MWPS/assist",
        purpose: "SHELTER_CARE",
        groups: ["IDENTITY_CORE"],
        visibleFrom: "2026-11-21T08:00:00.000Z",
        cursor: expect.any(String),
      },
    ]);
  });

  it("tells same instants apart, so that no page repeats or skips one", async () => {
    await readAbout("twins", ...Array.from({ length: 7 }, (_, i) => ({ member: `member-${i}` })));
    const members: string[] = [];
    for (let after: string | null = null; ; ) {
      const page = await pageOf("twins", { first: 2, after });
      members.push(...(page?.entries ?? []).map(({ member }) => member));
      if (!page?.hasNext) break;
      after = page.entries.at(-1)?.cursor ?? null;
    }
    expect(members).toEqual(Array.from({ length: 7 }, (_, i) => `member-${6 - i}`));
  });

  it.each(["", "x", "2026-11-25T08:00:00.000Z", "then 1 log", "2026-11-25T08:00:00.000Z one log"])(
    "takes `%s` for no cursor",
    async (after) => {
      expect(await pageOf("mariam", { after })).toBeNull();
    },
  );

  it("shows a subject nothing of a case, and others all of it", async () => {
    await readAbout(
      "noor",
      { time: "2026-11-01T08:00:00.000Z", groups: ["CASE_HEADER"] },
      { time: "2026-11-02T08:00:00.000Z", groups: ["CASE_HEADER", "CONTACT"] },
      ...Array.from({ length: 5 }, () => ({ time: "2026-11-03T08:00:00.000Z", groups: ["CASE_HEADER"] })),
    );
    expect((await pageOf("noor", { first: 1 }))?.entries.map(({ groups }) => groups)).toEqual([["CONTACT"]]);
    expect((await pageOf("noor", { first: 1 }))?.hasNext).toBe(false);
    expect((await pageOf("noor", { asSubject: false }))?.entries).toHaveLength(7);
  });

  it("takes in other files, an answer that showed several as one entry, each with its own embargo", async () => {
    const file = { type: "Worker", uid: "salma's file" };
    const its = { type: "Case", uid: "salma's case" };
    const shown = (group: string) => [{ group, level: "clear" as const }];
    const record = (time: string, ...subjects: Disclosure["subjects"]) =>
      log.append({ ...disclosure("reader"), issue: null, time, subjects }, ANSWER);
    await record("2026-11-01T08:00:00.000Z", { ...file, groups: shown("EMPLOYMENT") });
    await record(
      "2026-11-02T08:00:00.000Z",
      { ...person("salma"), groups: shown("IDENTITY_CORE") },
      { ...file, groups: shown("EMPLOYMENT") },
      { ...its, groups: shown("CASE_HEADER") },
    );
    await record("2026-11-03T08:00:00.000Z", { ...its, groups: shown("IDENTITY_CORE") });
    await eventually(() => log.lag?.().records === 0);
    const groupsOf = async (more: Partial<AccessQuestion>) =>
      (await pageOf("salma", more))?.entries.map(({ groups }) => groups?.join(" "));
    const all = { files: [file, its], showsCases: true };

    expect(await groupsOf({})).toEqual(["IDENTITY_CORE"]);
    expect(await groupsOf({ files: [file] })).toEqual(["EMPLOYMENT IDENTITY_CORE", "EMPLOYMENT"]);
    expect(await groupsOf(all)).toEqual([
      "IDENTITY_CORE",
      "CASE_HEADER EMPLOYMENT IDENTITY_CORE",
      "EMPLOYMENT",
    ]);
    expect((await pageOf("salma", { ...all, first: 2 }))?.hasNext).toBe(true);

    expect(await groupsOf({ ...all, isAccused: true })).toEqual([]);
    const soon = new Date("2027-01-01T00:00:00Z");
    await embargoes.set(its, soon, ORDER, NOW);
    expect(await groupsOf(all)).toEqual(["EMPLOYMENT IDENTITY_CORE", "EMPLOYMENT"]);
    await embargoes.set(person("salma"), soon, ORDER, NOW);
    await embargoes.release(its, ORDER, NOW);
    expect(await groupsOf(all)).toEqual([]);
    await embargoes.release(person("salma"), ORDER, NOW);
    expect(await groupsOf(all)).toHaveLength(3);
  });

  it("shows a subject no entry whose key is not here, and others that there was one", async () => {
    const elsewhere = new SubjectKeyring(SECRETS.subjects, []);
    const other = createAccessLogs({
      pool,
      blind: BLIND,
      embargoes,
      open: openingBy(elsewhere),
      isCaseGroup,
    });
    const ask = (asSubject: boolean) =>
      other.page({ about: person("noor"), asSubject, isAccused: false, first: 100, after: null, now: NOW });
    expect((await ask(true))?.entries).toEqual([]);
    expect((await ask(false))?.entries[0]).toMatchObject({ groups: null });
  });
});

describe("the embargo", () => {
  const investigative = ["CRIMINAL_INVESTIGATION", "PROSECUTION", "IMMIGRATION_ENFORCEMENT"];

  it.each(investigative)(
    "hides %s from the subject for twelve months, and from nobody else",
    async (purpose) => {
      const name = `wanted ${purpose}`;
      await readAbout(
        name,
        { time: "2025-11-25T11:59:00.000Z", purpose },
        { time: "2025-11-25T12:01:00.000Z", purpose },
        { time: "2026-11-20T08:00:00.000Z" },
      );
      expect(await timesOf(name)).toEqual(["2026-11-20", "2025-11-25"]);
      const all = await pageOf(name, { asSubject: false });
      expect(all?.entries.map(({ visibleFrom }) => visibleFrom)).toEqual([
        "2026-11-20T08:00:00.000Z",
        "2026-11-25T12:01:00.000Z",
        "2026-11-25T11:59:00.000Z",
      ]);
    },
  );

  it("hides every entry about an accused person for twelve months", async () => {
    await readAbout("accused", { time: "2025-11-24T08:00:00.000Z" }, { time: "2026-11-24T08:00:00.000Z" });
    expect(await timesOf("accused", { isAccused: true })).toEqual(["2025-11-24"]);
    expect(await timesOf("accused")).toHaveLength(2);
  });

  it("is set for all entries, released for what was recorded, and there again by default", async () => {
    const [before, after] = ["2026-11-20T08:00:00.000Z", "2026-11-25T13:00:00.000Z"];
    await readAbout("hind", { time: before }, { time: before, purpose: "PROSECUTION" });
    expect(await timesOf("hind")).toHaveLength(1);
    await embargoes.set(person("hind"), new Date("2027-03-01T00:00:00Z"), ORDER, NOW);
    expect(await timesOf("hind")).toEqual([]);
    expect(await timesOf("hind", { now: new Date("2027-03-01T00:00:00Z") })).toHaveLength(1);
    await embargoes.release(person("hind"), ORDER, NOW);
    expect(await timesOf("hind")).toHaveLength(2);
    await readAbout("hind", { time: after, purpose: "PROSECUTION" }, { time: after });
    expect(await timesOf("hind", { now: new Date("2026-11-26T00:00:00Z") })).toEqual([
      "2026-11-25",
      "2026-11-20",
      "2026-11-20",
    ]);
    expect(await timesOf("mariam")).not.toEqual([]);
  });

  it("ends within twelve months of the order, and is prolonged by another", async () => {
    const set = (until: string, now = NOW) => embargoes.set(person("layla"), new Date(until), ORDER, now);
    for (const until of ["2026-11-25T12:00:00.000Z", "2026-01-01", "2027-11-25T12:00:00.001Z"])
      await expect(set(until)).rejects.toMatchObject({ code: "BAD_USER_INPUT" });
    await set("2027-11-25T12:00:00.000Z");
    await set("2028-06-01", new Date("2027-11-01T00:00:00Z"));
    expect((await embargoes.list(person("layla"))).map(({ until }) => until)).toEqual([
      "2027-11-25T12:00:00.000Z",
      "2028-06-01T00:00:00.000Z",
    ]);
  });

  it("keeps who ordered it and why, and names the subject to its keeper only", async () => {
    expect((await embargoes.list()).length).toBeGreaterThan(3);
    expect(
      (await embargoes.list(person("hind"))).map(({ kind, subject, by }) => [kind, subject, by]),
    ).toEqual([
      ["set", person("hind"), "ppo-chief-1"],
      ["release", person("hind"), "ppo-chief-1"],
    ]);
    const { rows } = await pool.query("select * from disclosure.embargo_order");
    expect(JSON.stringify(rows)).not.toContain("hind");
    const stranger = new Embargoes(pool, BLIND, Buffer.alloc(32, 7));
    expect((await stranger.list(person("hind")))[0]).toMatchObject({ subject: null, by: "ppo-chief-1" });
  });

  it("of everything takes the statements that an empty log takes", async () => {
    await readAbout("hidden", ...Array.from({ length: 30 }, () => ({ purpose: "PROSECUTION" })));
    const counted = async (name: string) => {
      statements = [];
      const page = await pageOf(name);
      return { page, statements };
    };
    const [hidden, empty] = [await counted("hidden"), await counted("nobody")];
    expect(hidden).toEqual(empty);
    expect(hidden.page).toEqual({ entries: [], hasNext: false });
  });
});

describe("a search", () => {
  const found = async (query: Parameters<typeof searchCopy>[2]) => {
    const texts: { reader: string; time: string; purpose: string }[] = [];
    for await (const { text } of searchCopy(pool, BLIND, query)) texts.push(JSON.parse(text));
    return texts;
  };

  it("finds by subject, reader, purpose and time, newest first", async () => {
    await readAbout(
      "sought",
      { reader: "sought-1", time: "2026-10-01T00:00:00.000Z" },
      { reader: "sought-1", time: "2026-10-02T00:00:00.000Z", purpose: "PROSECUTION" },
      { reader: "sought-2", time: "2026-10-03T00:00:00.000Z" },
    );
    const times = async (query: Parameters<typeof found>[0]) =>
      (await found(query)).map(({ time }) => time.slice(0, 10));
    const subject = person("sought");
    expect(await times({ subject })).toEqual(["2026-10-03", "2026-10-02", "2026-10-01"]);
    expect(await times({ reader: "sought-1" })).toEqual(["2026-10-02", "2026-10-01"]);
    expect(await times({ subject, purpose: "PROSECUTION" })).toEqual(["2026-10-02"]);
    expect(await times({ subject, from: "2026-10-02", to: "2026-10-03" })).toEqual(["2026-10-02"]);
    expect(await times({ subject, member: "BH/GOV/x" })).toEqual([]);
    expect(await times({ subject: person("unsought") })).toEqual([]);
  });

  it("gives all of many, each once", async () => {
    const readings = Array.from({ length: 1_100 }, () => ({ reader: "busy" }));
    await Promise.all(readings.map((reading) => log.append({ ...disclosure("busy"), ...reading }, ANSWER)));
    await eventually(() => log.lag?.().records === 0);
    const all = await found({ reader: "busy" });
    expect(new Set(all.map((record) => JSON.stringify(record))).size).toBe(1_100);
    expect(all).toHaveLength(1_100);
  });
});
