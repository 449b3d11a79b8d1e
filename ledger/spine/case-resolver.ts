/** Edges of a case, and the facts that decide its rows. */
import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from "type-graphql";
import type { LedgerContext } from "../context.ts";
import type { CaseFacts } from "../facts/case-facts.ts";
import { PartyRole, ReferralStatus, Track } from "../model/codes.ts";
import { FiltersBy, Guarded, NULLABLE, PolicyInput } from "../model/labels.ts";
import { Agency, ReaderInput, Staff, stub } from "../model/values.ts";
import { CaseAccess } from "./access.ts";
import { Case } from "./case.ts";
import { CaseEvent, TrackVersion } from "./case-event.ts";
import { CaseParty } from "./case-party.ts";
import { Consent } from "./consent.ts";
import { type CaseRow, spineLoaders } from "./loaders.ts";
import { Referral } from "./referral.ts";

@Resolver(() => Case)
export class CaseResolver {
  @Guarded("CASE_HEADER", "S3_CASE", "الجهة المسؤولة")
  @FieldResolver(() => Agency, NULLABLE)
  owner(@Root() row: CaseRow, @Ctx() context: LedgerContext) {
    return context.agency(row.ownerMember);
  }

  @Guarded("CASE_HEADER", "S3_CASE", "أخصائي الحالة")
  @FieldResolver(() => Staff, NULLABLE)
  caseWorker(@Root() row: CaseRow) {
    return stub(row.caseWorker);
  }

  @Guarded("CASE_HEADER", "S3_CASE", "أطراف القضية")
  @FieldResolver(() => [CaseParty], NULLABLE)
  async parties(
    @Root() row: CaseRow,
    @Ctx() context: LedgerContext,
    @FiltersBy("CaseParty.role", Case) @Arg("role", () => [PartyRole], NULLABLE) role?:
      | readonly string[]
      | null,
  ) {
    const parties = await spineLoaders(context).partiesOfCase.load(row.uid);
    return role ? parties.filter((party) => role.includes(party.role)) : parties;
  }

  /** The presumed victim. A case has one; where several are entered, the first. */
  @Guarded("CASE_HEADER", "S3_CASE", "الضحية")
  @FieldResolver(() => CaseParty, NULLABLE)
  async victim(@Root() row: CaseRow, @Ctx() context: LedgerContext) {
    const parties = await spineLoaders(context).partiesOfCase.load(row.uid);
    return parties.find(({ role }) => role === "VICTIM") ?? null;
  }

  @Guarded("CONSENT", "S3_CASE", "الموافقات")
  @FieldResolver(() => [Consent], NULLABLE)
  consents(@Root() row: CaseRow, @Ctx() context: LedgerContext) {
    return spineLoaders(context).consentsOfCase.load(row.uid);
  }

  @Guarded("REFERRALS", "S3_CASE", "الإحالات")
  @FieldResolver(() => [Referral], NULLABLE)
  async referrals(
    @Root() row: CaseRow,
    @Ctx() context: LedgerContext,
    @FiltersBy("Referral.status", Case)
    @Arg("status", () => [ReferralStatus], NULLABLE)
    status?: readonly string[] | null,
  ) {
    const referrals = await spineLoaders(context).referralsOfCase.load(row.uid);
    return status ? referrals.filter((referral) => status.includes(referral.status)) : referrals;
  }

  /** Oldest first. A case has dozens of events, so they are read together and cut here. */
  @Guarded("CASE_HEADER", "S3_CASE", "التسلسل الزمني")
  @FieldResolver(() => [CaseEvent], NULLABLE)
  async timeline(
    @Root() row: CaseRow,
    @Ctx() context: LedgerContext,
    @FiltersBy("CaseEvent.track", Case) @Arg("track", () => Track, NULLABLE) track: string | null | undefined,
    @Arg("first", () => Int, { ...NULLABLE, defaultValue: 50 }) first: number | null,
  ) {
    const events = await spineLoaders(context).eventsOfCase.load(row.uid);
    const ofTrack = track ? events.filter((event) => event.track === track) : events;
    return ofTrack.slice(0, Math.max(0, first ?? ofTrack.length));
  }

  @Guarded("CASE_HEADER", "S3_CASE", "قضايا مرتبطة")
  @FieldResolver(() => [Case], NULLABLE)
  relatedCases(@Root() row: CaseRow, @Ctx() context: LedgerContext) {
    return spineLoaders(context).casesRelatedTo.load(row.uid);
  }

  /** The number of events of each track; 0 for one that has not begun. */
  @Guarded("CASE_HEADER", "S3_CASE", "نسخ المسارات")
  @FieldResolver(() => [TrackVersion], NULLABLE)
  async trackVersions(@Root() row: CaseRow, @Ctx() context: LedgerContext): Promise<readonly TrackVersion[]> {
    const events = await spineLoaders(context).eventsOfCase.load(row.uid);
    const versionOf = (track: string) =>
      Math.max(0, ...events.filter((event) => event.track === track).map(({ version }) => version));
    return Object.keys(Track).map((track) => ({ track, version: versionOf(track) }));
  }

  @PolicyInput()
  @FieldResolver(() => CaseAccess, NULLABLE)
  access(
    @Root() row: CaseRow,
    @Arg("reader", () => ReaderInput) reader: ReaderInput,
    @Ctx() context: LedgerContext,
  ): Promise<CaseFacts | null> {
    return context.caseFacts(reader).load(row.uid);
  }
}
