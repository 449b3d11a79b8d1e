/**
 * Break-glass over GraphQL: `openBreakGlass`, notices, entries, reviews.
 *
 * Rule    every rule is in `src/break-glass/`; here it gets its GraphQL form. Entries are decided by policy too (group AUDIT_TRAIL):
 *         `own` says that the entry is the reader's to review, which `entries` has seen to.
 */
import "reflect-metadata";
import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root, Subscription } from "type-graphql";
import type { Opened } from "../../src/break-glass/desk.ts";
import type { Notice } from "../../src/break-glass/notices.ts";
import { REVIEW_WITHIN_MS, type Refusal } from "../../src/break-glass/opening-rules.ts";
import type { Entry, Reviewed } from "../../src/break-glass/reviews.ts";
import { GatewayError } from "../../src/kernel/errors.ts";
import { directives } from "../shared/labels.ts";
import { Forbidden, GuardFailed, optional, ReaderInput } from "../shared/values.ts";
import {
  BreakGlassEntry,
  BreakGlassNotice,
  BreakGlassOpened,
  BreakGlassPayload,
  BreakGlassReviewed,
  BreakGlassReviewPayload,
  CertificationRequired,
  EmergencyDocument,
  of,
} from "./break-glass-types.ts";
import type { GwContext } from "./context.ts";
import { Member } from "./member.ts";

const OVERDUE = {
  en: "the review of one break-glass entry is overdue",
  ar: "مراجعة قيد اطلاع طارئ واحد متأخرة عن موعدها",
} as const;
const AWAITS = { en: "one break-glass entry awaits you", ar: "قيد اطلاع طارئ واحد بانتظارك" } as const;

@Resolver()
export class BreakGlassResolver {
  @Mutation(() => BreakGlassPayload)
  async openBreakGlass(
    @Arg("justification", () => String) reason: string,
    @Ctx() { breakGlass, asking }: GwContext,
    @Arg("caseId", () => ID, optional) caseUid?: string | null,
    @Arg("document", () => EmergencyDocument, optional) document?: EmergencyDocument | null,
    @Arg("idempotencyKey", () => String, optional) retryKey?: string | null,
  ): Promise<BreakGlassOpened | RefusalType> {
    const { credentials, purpose } = asking.reader;
    if (!credentials)
      throw new GatewayError("INTERNAL_SERVER_ERROR", "how the reader has come in is not known");
    const { namesIssue, ...shown } = credentials;
    const opened = await breakGlass.open(
      {
        caseUid: caseUid ?? null,
        document: document ?? null,
        ...{ reason, retryKey: retryKey ?? null, namesIssue },
        applicant: { purpose, ...shown },
      },
      asking,
    );
    return opened.kind === "opened" ? openedOf(opened) : refused(opened);
  }

  @Mutation(() => BreakGlassReviewPayload)
  async reviewBreakGlass(
    @Arg("id", () => ID) uid: string,
    @Arg("justified", () => Boolean) justified: boolean,
    @Ctx() { breakGlass, asking }: GwContext,
  ): Promise<BreakGlassReviewed | RefusalType> {
    const reviewed = await breakGlass.review(asking, uid, justified);
    return reviewed.kind === "reviewed" ? reviewedOf(reviewed) : refused(reviewed);
  }

  @Query(() => [BreakGlassNotice], optional)
  async breakGlassNotices(@Ctx() { breakGlass, asking }: GwContext): Promise<readonly BreakGlassNotice[]> {
    return (await breakGlass.notices.newest(asking)).map(noticeOf);
  }

  @Query(() => [BreakGlassEntry], optional)
  async breakGlassEntries(@Ctx() { breakGlass, asking }: GwContext): Promise<readonly BreakGlassEntry[]> {
    const entries = await breakGlass.entries(asking);
    const reasons = await breakGlass.reasonsOf(entries);
    return entries.map((entry, at) => entryOf(entry, reasons[at] ?? null));
  }

  @Subscription(() => BreakGlassNotice, {
    nullable: true,
    subscribe: ({ context }) =>
      (context as GwContext).breakGlass.notices.follow((context as GwContext).asking),
  })
  breakGlassOpened(@Root() notice: Notice): BreakGlassNotice {
    return noticeOf(notice);
  }
}

@Resolver(() => BreakGlassEntry)
export class BreakGlassEntryResolver {
  @directives("@group(name: AUDIT_TRAIL)", "@class(level: S3_CASE)", '@label(ar: "الجهة")')
  @FieldResolver(() => Member, optional)
  agency(@Root() { member }: BreakGlassEntry, @Ctx() { members }: GwContext): Member | null {
    return members.get(member) ?? null;
  }

  @directives("@policyInput", "@inaccessible")
  @FieldResolver(() => Boolean, optional)
  own(@Root() _entry: BreakGlassEntry, @Arg("reader", () => ReaderInput) _reader: ReaderInput): boolean {
    return true;
  }
}

type RefusalType = Forbidden | CertificationRequired | GuardFailed;

function refused(refusal: Refusal): RefusalType {
  switch (refusal.kind) {
    case "forbidden":
      return of(Forbidden, { reason: refusal.reason });
    case "certificate":
      return of(CertificationRequired, { skill: refusal.skill });
    case "guard":
      return of(GuardFailed, { guard: refusal.guard });
  }
}

const openedOf = ({ untilMs }: Opened): BreakGlassOpened =>
  of(BreakGlassOpened, { until: new Date(untilMs).toISOString() });

const reviewedOf = ({ justified, suspended }: Reviewed): BreakGlassReviewed =>
  of(BreakGlassReviewed, { justified, suspended });

const noticeOf = ({ toldAt, isOverdue }: Notice): BreakGlassNotice => ({
  at: toldAt.toISOString(),
  text: { ...(isOverdue ? OVERDUE : AWAITS) },
});

const entryOf = (entry: Entry, justification: string | null): BreakGlassEntry => ({
  ...{ uid: entry.uid, member: entry.member, staff: entry.staff, role: entry.role, justification },
  openedAt: entry.openedAt.toISOString(),
  until: entry.until.toISOString(),
  reviewDueBy: new Date(entry.openedAt.getTime() + REVIEW_WITHIN_MS).toISOString(),
  justified: entry.justified,
});
