import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { certificatesOf, rtcSubgraph } from "../../../resolvers/rtc/index.ts";
import { readerUrl } from "../../../sandbox/database/agency-database.ts";
import { RTC_DATABASE } from "../../../sandbox/rtc/rows.ts";
import type { MemberAddress } from "../../../src/kernel/brands.ts";
import { fixedClock } from "../../../src/kernel/clock.ts";
import { openSqlAgency, type SqlAgency } from "../../support/sql-agencies.ts";

let rtc: SqlAgency;
beforeAll(async () => {
  rtc = await openSqlAgency(RTC_DATABASE, rtcSubgraph);
});
afterAll(() => rtc.close());

const READERS = `
  centre: own(reader: { agency: RTC, address: "BH/GOV/RTC/training", role: "RTC.registrar", staff: "s", purpose: TRAINING })
  police: own(reader: { agency: MOI, address: "BH/GOV/MOI/atd", role: "MOI.officer", staff: "s", purpose: TRAINING })
  inRows(reader: { agency: EXT, address: "UN/EXT/UNODC/stats", role: "EXT.intlObserver", staff: "s", purpose: TRAINING })`;
const POLICE = "BH/GOV/MOI/atd";

describe("training", () => {
  it("trainers show what the centre's rows say", async () => {
    const data = await rtc.ask(
      `{ trainers { uid staff { uid } certifiedBy agency { address code } ${READERS} } }`,
    );
    const rows = [...rtc.world.rtc.trainers];
    const shown = rows.map(({ number, holderNo, certifiedBy, member, agency }) => ({
      uid: number,
      staff: { uid: holderNo },
      certifiedBy,
      agency: { address: member, code: agency },
      centre: true,
      police: member === POLICE,
      inRows: false,
    }));
    expect(data["trainers"]).toEqual(shown);
    expect(shown.some(({ police }) => police)).toBe(true);
    expect(await rtc.entities("Trainer", [rows[3]!.number, "TRN-none"], "certifiedBy")).toEqual([
      { certifiedBy: rows[3]!.certifiedBy },
      null,
    ]);
  });

  it("programmes show titles and runs, newest first; others see those that are published", async () => {
    const shown = [...rtc.world.rtc.programmes].map(({ number, title, runs, published }) => ({
      uid: number,
      title,
      runs: runs.toReversed(),
      centre: true,
      police: false,
      inRows: published,
    }));
    rtc.statements.length = 0;
    const selection = `uid title { ar en } runs { from until place seats } ${READERS}`;
    expect((await rtc.ask(`{ programmes { ${selection} } }`))["programmes"]).toEqual(shown);
    expect(rtc.statements).toHaveLength(2);
    expect(
      await rtc.entities(
        "Programme",
        shown.map(({ uid }) => uid),
        selection,
      ),
    ).toEqual(shown);
  });

  it("knowledge items are entities; others see those that are published", async () => {
    const shown = [...rtc.world.rtc.knowledge].map(({ number, kind, title, published }) => ({
      uid: number,
      kind,
      title,
      centre: true,
      police: false,
      inRows: published,
    }));
    const keys = shown.map(({ uid }) => uid);
    expect(await rtc.entities("KnowledgeItem", keys, `uid kind title { ar en } ${READERS}`)).toEqual(shown);
  });

  it("staff have the certificates that they hold or held", async () => {
    const certificates = Map.groupBy(rtc.world.rtc.certificates, ({ holderNo }) => holderNo);
    const holders = [...rtc.world.rtc.holders];
    rtc.statements.length = 0;
    const found = (await rtc.entities(
      "Staff",
      [...holders.map(({ holderNo }) => holderNo), "HLD-none"],
      `uid certifications { uid skill holder { uid } validUntil ${READERS} }`,
    )) as readonly ({ readonly certifications: readonly { readonly uid: string }[] } | null)[];
    const byNumber = (a: { readonly uid: string }, b: { readonly uid: string }) => (a.uid < b.uid ? -1 : 1);
    expect(
      found.map((staff) => staff && { ...staff, certifications: staff.certifications.toSorted(byNumber) }),
    ).toEqual([
      ...holders.map(({ holderNo: uid }) => ({
        uid,
        certifications: (certificates.get(uid) ?? []).map(({ number, skill, member, validUntil }) => ({
          uid: number,
          skill,
          holder: { uid },
          validUntil,
          centre: true,
          police: member === POLICE,
          inRows: false,
        })),
      })),
      null,
    ]);
    expect(rtc.statements).toHaveLength(2);
  });

  it("coverage and the knowledge list come later", async () => {
    const { errors } = await rtc.reply(
      "{ trainerCoverage { trainers } knowledge { pageInfo { hasNextPage } } }",
    );
    expect(errors.map(({ code }) => code)).toEqual(["NOT_IMPLEMENTED", "NOT_IMPLEMENTED"]);
  });
});

describe("the register of certificates", () => {
  const member = (address: string) => address as MemberAddress;
  const EPC = member("BH/GOV/LMRA/epc");
  const ask = async (address: MemberAddress, staff: string, instant = "2025-07-30T09:00:00Z") => {
    const register = certificatesOf({ url: readerUrl(rtc.url), clock: fixedClock(instant) });
    const held = await register.of(address, staff);
    await register.close();
    return [...held].toSorted();
  };

  it("names what somebody holds today", async () => {
    expect(await ask(EPC, "epc-screener-1")).toEqual(["SCREENING_L1"]);
    expect(await ask(EPC, "epc-screener-3")).not.toContain("SCREENING_L1");
    expect(await ask(EPC, "epc-screener-3")).toContain("INTERVIEW_CHILD");
  });

  it("counts the last day by the clocks of Bahrain", async () => {
    expect(await ask(EPC, "epc-screener-3", "2025-01-31T20:59:59Z")).toContain("SCREENING_L1");
    expect(await ask(EPC, "epc-screener-3", "2025-01-31T21:00:00Z")).not.toContain("SCREENING_L1");
  });

  it("knows nobody by another member's number", async () => {
    expect(await ask(member(POLICE), "epc-screener-1")).toEqual([]);
    expect(await ask(EPC, "nobody")).toEqual([]);
  });

  it("fails as an agency when it cannot be asked", async () => {
    const register = certificatesOf({ url: "postgresql://postgres@127.0.0.1:1/rtc" });
    await expect(register.of(EPC, "epc-screener-1")).rejects.toMatchObject({ code: "AGENCY_UNAVAILABLE" });
    await register.close();
  });
});

describe("the words of knowledge", () => {
  it("are found in Arabic by their stem, through an index", async () => {
    const client = new pg.Client({ connectionString: rtc.url });
    await client.connect();
    const { rows } = await client.query(
      "select count(*)::int as n from knowledge where words @@ to_tsquery('arabic', 'مؤشر')",
    );
    const about = [...rtc.world.rtc.knowledge].filter(({ title }) => title.ar.includes("المؤشرات"));
    expect(rows[0].n).toBe(about.length);
    expect(about.length).toBeGreaterThan(0);
    const index = "select from pg_indexes where tablename = 'knowledge' and indexdef like '%gin (words)'";
    expect((await client.query(index)).rowCount).toBe(1);
    await client.end();
  });
});
