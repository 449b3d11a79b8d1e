/** Rows carry codes of the domain only. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../../../src/config/package-root.ts";
import { world } from "./tables-of.ts";

interface Domain {
  readonly enums: Readonly<Record<string, { readonly values: readonly { readonly code: string }[] }>>;
  readonly indicators: readonly { readonly code: string }[];
  readonly groups: Readonly<Record<string, unknown>>;
}
let domain: Domain;
const spine = [...world("demo").epc.spine];
const content = [...world("demo").epc.content];
const { lmra, npra } = world("demo");

/** Name of a code list, and every code of it that the rows carry. */
const CARRIED: readonly (readonly [string, () => readonly string[]])[] = [
  ["IdentificationState", () => spine.map(({ tracks }) => tracks.IDENTIFICATION)],
  ["ProtectionState", () => spine.map(({ tracks }) => tracks.PROTECTION)],
  ["JusticeState", () => spine.map(({ tracks }) => tracks.JUSTICE)],
  [
    "LabourState",
    () => [...spine.map(({ tracks }) => tracks.LABOUR), ...[...lmra.complaints].map((c) => c.state)],
  ],
  ["RedressState", () => spine.map(({ tracks }) => tracks.REDRESS)],
  ["ReferralStatus", () => spine.flatMap(({ referrals }) => referrals.map(({ status }) => status))],
  ["ReferralReason", () => spine.flatMap(({ referrals }) => referrals.map(({ reason }) => reason))],
  [
    "PurposeOfUse",
    () => spine.flatMap(({ referrals, events }) => [...referrals, ...events].map((r) => r.purpose)),
  ],
  ["ConsentScope", () => spine.flatMap(({ consents }) => consents.map(({ scope }) => scope))],
  ["ConsentStatus", () => spine.flatMap(({ consents }) => consents.map(({ status }) => status))],
  ["PartyRole", () => spine.flatMap(({ parties }) => parties.map(({ role }) => role))],
  [
    "TraffickingStatus",
    () => spine.flatMap(({ parties }) => parties.flatMap((p) => p.traffickingStatus ?? [])),
  ],
  [
    "RelationshipToTrafficker",
    () => spine.flatMap(({ parties }) => parties.flatMap((p) => p.relationshipToTrafficker ?? [])),
  ],
  ["ReportChannel", () => content.map(({ report }) => report.channel)],
  ["ScreeningOutcome", () => content.flatMap(({ screening }) => screening?.outcome ?? [])],
  ["TraffickingAct", () => content.flatMap(({ exploitation }) => exploitation?.acts ?? [])],
  ["TraffickingMeans", () => content.flatMap(({ exploitation }) => exploitation?.means ?? [])],
  ["ExploitationType", () => content.flatMap(({ exploitation }) => exploitation?.purposes ?? [])],
  ["SexualExploitationKind", () => content.flatMap(({ exploitation }) => exploitation?.sexualKinds ?? [])],
  ["ControlMethod", () => content.flatMap(({ exploitation }) => exploitation?.controlMethods ?? [])],
  ["RecruitmentMethod", () => content.flatMap(({ exploitation }) => exploitation?.recruitmentMethods ?? [])],
  [
    "ServiceType",
    () => content.flatMap(({ services, supportPlans }) => [...services, ...supportPlans].map((s) => s.type)),
  ],
  ["PermitType", () => [...lmra.workers].map(({ permitType }) => permitType)],
  ["IsicSection", () => [...lmra.workers].map(({ sector }) => sector)],
  ["MigrationStatus", () => [...npra.persons].flatMap(({ residence }) => residence?.kind ?? [])],
];

beforeAll(async () => {
  domain = JSON.parse(await readFile(join(PACKAGE_ROOT, "schema/domain.json"), "utf8"));
});

describe("codes", () => {
  it.each(CARRIED)("of %s are the domain's", (list, carried) => {
    const known = new Set(domain.enums[list]!.values.map(({ code }) => code));
    expect([...new Set(carried())].filter((code) => !known.has(code))).toEqual([]);
  });

  it("of indicators and field groups are the domain's", () => {
    const indicators = new Set(domain.indicators.map(({ code }) => code));
    const found = content.flatMap(
      ({ screening }) => screening?.findings.map(({ indicator }) => indicator) ?? [],
    );
    expect(found.filter((code) => !indicators.has(code))).toEqual([]);
    const groups = JSON.stringify(domain.groups);
    for (const group of new Set(spine.flatMap(({ referrals }) => referrals.flatMap((r) => r.grantedGroups))))
      expect(groups).toContain(`"${group}"`);
  });

  it("of tracks follow one another", () => {
    for (const { events, tracks, trackVersions } of spine)
      for (const [track, state] of Object.entries(tracks)) {
        const way = events.filter((event) => event.track === track).sort((a, b) => a.version - b.version);
        expect(way.at(-1)?.to ?? "NONE").toBe(state);
        expect(trackVersions[track as keyof typeof trackVersions]).toBe(way.length);
        way.slice(1).forEach((event, k) => {
          expect(event.from).toBe(way[k]!.to);
        });
      }
  });
});
