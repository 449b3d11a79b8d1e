/** Loaders of the spine: one statement for each kind of row, whatever the number of cases on a page. */
import type DataLoader from "dataloader";
import { sql } from "kysely";
import { type LedgerContext, perContext } from "../context.ts";
import { anyOf } from "../database.ts";
import { visibleCases } from "../facts/visible.ts";
import { listLoader, rowLoader } from "../loaders.ts";
import type {
  CaseFileTable,
  CasePartyTable,
  ConsentTable,
  ReferralTable,
  TrackEventTable,
} from "../tables.ts";

export type CaseRow = CaseFileTable;
export type CasePartyRow = CasePartyTable;
export type ConsentRow = ConsentTable;
export type ReferralRow = ReferralTable;
export type TrackEventRow = TrackEventTable;

export interface SpineLoaders {
  readonly cases: DataLoader<string, CaseRow | null>;
  readonly parties: DataLoader<string, CasePartyRow | null>;
  readonly consents: DataLoader<string, ConsentRow | null>;
  readonly referrals: DataLoader<string, ReferralRow | null>;
  readonly partiesOfCase: DataLoader<string, readonly CasePartyRow[]>;
  /** Parts of a person in cases that may exist for the reader. */
  readonly partiesOfPerson: DataLoader<string, readonly CasePartyRow[]>;
  /** Cases of a victim, the newest first, hidden ones among them. */
  readonly casesOfVictim: DataLoader<string, readonly { readonly caseUid: string }[]>;
  /** Persons of whom the centre has recorded that their account is safe. */
  readonly logSafety: DataLoader<string, { readonly uid: string } | null>;
  readonly consentsOfCase: DataLoader<string, readonly ConsentRow[]>;
  readonly recipientsOfConsent: DataLoader<string, readonly { readonly member: string }[]>;
  readonly referralsOfCase: DataLoader<string, readonly ReferralRow[]>;
  readonly eventsOfCase: DataLoader<string, readonly TrackEventRow[]>;
  /** Related cases that may exist for the reader. */
  readonly casesRelatedTo: DataLoader<string, readonly CaseRow[]>;
}

export const spineLoaders = perContext((context: LedgerContext): SpineLoaders => {
  const { db } = context;
  const uidOf = ({ uid }: { readonly uid: string }) => uid;
  const caseOf = ({ caseUid }: { readonly caseUid: string }) => caseUid;
  return {
    cases: rowLoader(
      (uids) => db.selectFrom("caseFile").selectAll().where("uid", "=", anyOf(uids)).execute(),
      uidOf,
    ),
    parties: rowLoader(
      (uids) => db.selectFrom("caseParty").selectAll().where("uid", "=", anyOf(uids)).execute(),
      uidOf,
    ),
    consents: rowLoader(
      (uids) => db.selectFrom("consent").selectAll().where("uid", "=", anyOf(uids)).execute(),
      uidOf,
    ),
    referrals: rowLoader(
      (uids) => db.selectFrom("referral").selectAll().where("uid", "=", anyOf(uids)).execute(),
      uidOf,
    ),
    partiesOfCase: listLoader(
      (uids) =>
        db
          .selectFrom("caseParty")
          .selectAll()
          .where("caseUid", "=", anyOf(uids))
          .orderBy("fromDate")
          .orderBy("uid")
          .execute(),
      caseOf,
    ),
    partiesOfPerson: listLoader(
      (persons) =>
        db
          .selectFrom("caseParty as p")
          .innerJoin("caseFile as c", "c.uid", "p.caseUid")
          .selectAll("p")
          .where("p.person", "=", anyOf(persons))
          .where(visibleCases(context))
          .orderBy("c.openedAt")
          .orderBy("p.uid")
          .execute(),
      ({ person }) => person,
    ),
    casesOfVictim: listLoader(
      (persons) =>
        db
          .selectFrom("caseParty as p")
          .innerJoin("caseFile as c", "c.uid", "p.caseUid")
          .select(["p.person", "p.caseUid"])
          .where("p.person", "=", anyOf(persons))
          .where("p.role", "=", "VICTIM")
          .orderBy("c.openedAt", "desc")
          .orderBy("p.caseUid")
          .execute(),
      ({ person }) => person,
    ),
    logSafety: rowLoader(
      (uids) =>
        db
          .selectFrom("person")
          .select("uid")
          .where("uid", "=", anyOf(uids))
          .where(sql<boolean>`safe_contact -> 'logSafe' = 'true'`)
          .execute(),
      uidOf,
    ),
    consentsOfCase: listLoader(
      (uids) =>
        db
          .selectFrom("consent")
          .selectAll()
          .where("caseUid", "=", anyOf(uids))
          .orderBy("givenAt")
          .orderBy("uid")
          .execute(),
      caseOf,
    ),
    recipientsOfConsent: listLoader(
      (uids) =>
        db
          .selectFrom("consentRecipient")
          .selectAll()
          .where("consentUid", "=", anyOf(uids))
          .orderBy("member")
          .execute(),
      ({ consentUid }) => consentUid,
    ),
    referralsOfCase: listLoader(
      (uids) =>
        db
          .selectFrom("referral")
          .selectAll()
          .where("caseUid", "=", anyOf(uids))
          .orderBy("sentAt")
          .orderBy("uid")
          .execute(),
      caseOf,
    ),
    eventsOfCase: listLoader(
      (uids) =>
        db
          .selectFrom("trackEvent")
          .selectAll()
          .where("caseUid", "=", anyOf(uids))
          .orderBy("at")
          .orderBy("track")
          .orderBy("version")
          .execute(),
      caseOf,
    ),
    casesRelatedTo: listLoader(
      (uids) =>
        db
          .selectFrom("relatedCase as r")
          .innerJoin("caseFile as c", "c.uid", "r.relatedUid")
          .selectAll("c")
          .select("r.caseUid as caseUid")
          .where("r.caseUid", "=", anyOf(uids))
          .where(visibleCases(context))
          .orderBy("c.openedAt")
          .orderBy("c.uid")
          .execute(),
      caseOf,
    ),
  };
});
