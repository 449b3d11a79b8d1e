/** The tiny synthetic world in the ledger: what is seeded is what is served, content included; seeding happens once. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seedLedger } from "../../ledger/seed.ts";
import { createCast } from "../../sandbox/synth/cast.ts";
import { createWorld, SEED } from "../../sandbox/synth/world.ts";
import { ACCESS, EPC, reader, type TestLedger, testLedger } from "./support.ts";

const world = createWorld({ seed: SEED, scale: "tiny" });
const cast = createCast(world);
const spine = [...world.epc.spine];
const content = [...world.epc.content];
const steward = reader(EPC, "screener", "IDENTIFICATION_SCREENING");

describe("the tiny world", () => {
  let ledger: TestLedger;
  beforeAll(async () => {
    ledger = await testLedger(world);
  });
  afterAll(() => ledger.close());

  it("is written once, and never over another one", async () => {
    expect(await seedLedger(ledger.databaseUrl, world)).toBe(false);
    const other = createWorld({ seed: SEED + 1, scale: "tiny" });
    await expect(seedLedger(ledger.databaseUrl, other)).rejects.toMatchObject({ code: "CONFIG_INVALID" });
  });

  it("serves every case as the world has it", async () => {
    const rows = await ledger.entities<Record<string, unknown>>(
      "spine",
      steward,
      "Case",
      spine.map(({ uid }) => uid),
      `uid nrmNumber identificationState justiceState openedAt closedAt riskLevel holders owner { address code }
       caseWorker { uid } trackVersions { track version } victim { code } parties { uid role from until person { uid } }
       consents { uid status recipients { address } validUntil } relatedCases { uid }
       referrals { uid from { address } to { address } status expiresAt }
       timeline(first: 100) { at track from to by { address } group version } ${ACCESS}`,
    );
    expect(rows).toHaveLength(spine.length);
    spine.forEach((row, i) => {
      const served = rows[i]!;
      expect(served).toMatchObject({
        uid: row.uid,
        nrmNumber: row.nrmNumber,
        identificationState: row.tracks.IDENTIFICATION,
        justiceState: row.tracks.JUSTICE,
        riskLevel: row.riskLevel,
        holders: row.holders,
        owner: { address: row.owner },
        caseWorker: row.caseWorker && { uid: row.caseWorker },
        victim: { code: row.parties.find(({ role }) => role === "VICTIM")?.code },
        access: {
          known: true,
          child: row.overlays.child,
          sealed: row.overlays.sealed,
          charged: row.overlays.charged,
          courtGroups: row.overlays.charged ? row.overlays.courtGroups : [],
          officialSuspect: row.overlays.officialSuspect.includes(EPC),
        },
      });
      expect(Date.parse(served["openedAt"] as string)).toBe(Date.parse(row.openedAt));
      expect(served["trackVersions"]).toEqual(
        Object.entries(row.trackVersions).map(([track, version]) => ({ track, version })),
      );
      for (const list of ["parties", "consents", "referrals", "relatedCases"] as const)
        expect((served[list] as { uid: string }[]).map(({ uid }) => uid).toSorted()).toEqual(
          row[list].map((item) => (typeof item === "string" ? item : item.uid)).toSorted(),
        );
      expect(served["timeline"]).toHaveLength(row.events.length);
    });
  });

  it("serves all content of every case, one statement for each kind", async () => {
    ledger.journal.clear();
    const rows = await ledger.entities<Record<string, unknown>>(
      "content",
      steward,
      "Case",
      content.map(({ uid }) => uid),
      `uid sheltered
       report { uid number channel receivedAt reporter { uid aliases } anonymous summary immediateDanger own(reader: $reader) }
       screening { outcome findings { indicator { code dimension strength label { ar en } } evidence confidence }
                   dimensionResults { dimension positive strong medium weak } suggestedOutcome rationale
                   screener { uid } reviewer { uid } interviewLanguage interpreterUsed decidedAt }
       exploitation { acts means purposes sexualKinds sector controlMethods recruitmentMethods recruitmentPlatforms
                      exploitationPlatforms durationBand narrative
                      locationOfRecruitment { kind country area employer { uid } }
                      locationOfExploitation { kind country area employer { uid } }
                      events { kind date place { kind country area employer { uid } } description } }
       statements { text takenBy { uid } recordingRef takenAt own(reader: $reader) }
       supportPlans { type objectives actionPlan plannedEnd actualEnd }
       services(first: 100) { type provider { address } deliveredAt }
       shelterStays { facility { uid name address { block } capacity } admittedOn leftOn freeToLeave securityPlan own(reader: $reader) }
       health { physical psychological disability urgentNeed }
       notes(first: 100) { at by { uid } text }
       returnPlan { uid wish riskAssessment plannedMonth receivingOrganisation { address } }`,
    );
    const { statements } = ledger.journal;
    expect(new Set(statements).size).toBe(statements.length);
    const uidOf = (uid: string | null) => uid && { uid };
    const placeOf = (place: { employer: string | null }) => ({ ...place, employer: uidOf(place.employer) });
    content.forEach((row, i) => {
      const served = rows[i]!;
      expect(served).toMatchObject({
        uid: row.uid,
        sheltered: row.sheltered,
        report: {
          uid: row.report.uid,
          channel: row.report.channel,
          summary: row.report.summary,
          reporter: uidOf(row.report.reporter),
          own: row.report.takenBy === EPC,
        },
        screening: row.screening && {
          outcome: row.screening.outcome,
          rationale: row.screening.rationale,
          screener: { uid: row.screening.screener },
          reviewer: uidOf(row.screening.reviewer),
        },
        exploitation: row.exploitation && {
          ...row.exploitation,
          locationOfRecruitment: placeOf(row.exploitation.locationOfRecruitment),
          locationOfExploitation: placeOf(row.exploitation.locationOfExploitation),
          events: row.exploitation.events.map((event) => ({ ...event, place: placeOf(event.place) })),
        },
        statements: row.statements.map(({ text, takenByMember }) => ({ text, own: takenByMember === EPC })),
        supportPlans: row.supportPlans,
        services: row.services.map(({ provider, ...rest }) => ({ ...rest, provider: { address: provider } })),
        shelterStays: row.shelterStays.map(({ facility, house, ...rest }) => ({
          ...rest,
          facility: { uid: facility },
          own: house === EPC,
        })),
        health: row.health,
        notes: row.notes.map(({ by, text }) => ({ by: { uid: by }, text })),
        returnPlan: row.returnPlan && {
          uid: row.returnPlan.uid,
          wish: row.returnPlan.wish,
          plannedMonth: row.returnPlan.plannedMonth,
        },
      });
      const findings =
        (served["screening"] as { findings: { indicator: { code: string } }[] } | null)?.findings ?? [];
      expect(findings.map(({ indicator }) => indicator.code).toSorted()).toEqual(
        (row.screening?.findings ?? []).map(({ indicator }) => indicator).toSorted(),
      );
    });
  });

  it("serves persons, parties, reports, facilities and return plans by key, in order, unknown ones as null", async () => {
    const persons = [...world.epc.persons].slice(0, 5);
    const served = await ledger.entities<object>(
      "content",
      steward,
      "Person",
      [...persons.map(({ uid }) => uid), "nobody"],
      "uid aliases primaryLanguage otherLanguages numberOfChildren education safeContact { channel codeWord logSafe }",
    );
    expect(served.at(-1)).toBeNull();
    persons.forEach((row, i) => {
      expect(served[i]).toMatchObject({ uid: row.uid, aliases: row.aliases, education: row.education });
    });
    const parties = spine.flatMap((row) => row.parties).slice(0, 5);
    expect(
      await ledger.entities(
        "content",
        steward,
        "CaseParty",
        parties.map(({ uid }) => uid),
        "uid isChild documentsHeldBy",
      ),
    ).toEqual(parties.map(({ uid, isChild, documentsHeldBy }) => ({ uid, isChild, documentsHeldBy })));
    for (const [type, uid] of [
      ["Facility", world.epc.facilities.row(0).uid],
      ["Report", content[0]!.report.uid],
      ["ReturnPlan", content.find(({ returnPlan }) => returnPlan)!.returnPlan!.uid],
    ] as const)
      expect(await ledger.entities("content", steward, type, [uid, "nothing"], "uid")).toEqual([
        { uid },
        null,
      ]);
    const [consent, referral] = [
      spine.flatMap((row) => row.consents)[0]!,
      spine.flatMap((row) => row.referrals)[0]!,
    ];
    expect(await ledger.entities("spine", steward, "Consent", [consent.uid], "uid status")).toEqual([
      { uid: consent.uid, status: consent.status },
    ]);
    expect(await ledger.entities("spine", steward, "Referral", [referral.uid], "uid details")).toEqual([
      { uid: referral.uid, details: referral.details },
    ]);
  });

  it("lists the 67 indicators, whole or by dimension", async () => {
    const { indicators } = await ledger.data<{ indicators: { dimension: string }[] }>(
      "content",
      steward,
      "{ indicators { code dimension strength label { ar en } ilo11 controlMethod } }",
    );
    expect(indicators).toHaveLength(67);
    const { some } = await ledger.data<{ some: object[] }>(
      "content",
      steward,
      "{ some: indicators(dimension: EXPLOITATION) { code } }",
    );
    expect(some).toHaveLength(indicators.filter(({ dimension }) => dimension === "EXPLOITATION").length);
  });

  it("lets each member of the cast see the cases that it works on", async () => {
    for (const { uid, spine: row } of Object.values(cast.cases))
      for (const { member, staffId, side } of row.assignments.filter((entry) => entry.side === "owner")) {
        const { role, agency } = [...world.staff].find((staff) => staff.staffId === staffId)!;
        const [served] = await ledger.entities<{ access: { holder: boolean } }>(
          "spine",
          { agency, address: member, role, staff: staffId, purpose: "SHELTER_CARE" },
          "Case",
          [uid],
          "access(reader: $reader) { holder }",
        );
        expect(served?.access.holder, `${staffId} ${side} ${uid}`).toBe(true);
      }
  });
});
