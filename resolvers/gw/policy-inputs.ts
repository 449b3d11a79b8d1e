/**
 * Questions about policies as type-graphql inputs, and as the engine reads them.
 *
 * Rule    a row is one to think of: nobody's real row is looked at, so no explanation can tell of one. A reader asks about herself
 *         without the facts that are hidden from her (a child, a sealed trial, a suspected official, her own link to a party):
 *         they are no part of `OwnRow`.
 */
import "reflect-metadata";
import { Field, InputType } from "type-graphql";
import { DECIDE_NOW, type DecideQuestion } from "../../src/policy/decide.ts";
import { vocabularyEnum } from "../shared/codes.ts";
import { optional } from "../shared/values.ts";
import { AgencyCode, FieldGroup, PurposeOfUse, Skill } from "./policy-codes.ts";

const DisclosureBasis = vocabularyEnum("DisclosureBasis");
const ReferralStatus = vocabularyEnum("ReferralStatus");
const ConsentStatus = vocabularyEnum("ConsentStatus");

const isSo = { nullable: true, defaultValue: true } as const;
const isNot = { nullable: true, defaultValue: false } as const;

@InputType()
class AssumedReferral {
  @Field(() => [FieldGroup]) readonly groups!: readonly string[];
  @Field(() => PurposeOfUse, optional) readonly purpose?: string | null;
  @Field(() => ReferralStatus, { nullable: true, defaultValue: "ACCEPTED" }) readonly status?: string | null;
  @Field(() => Boolean, isSo) readonly inForce?: boolean | null;
}

@InputType()
class AssumedConsent {
  @Field(() => [FieldGroup]) readonly groups!: readonly string[];
  @Field(() => ConsentStatus, { nullable: true, defaultValue: "GIVEN" }) readonly status?: string | null;
  @Field(() => Boolean, isSo) readonly inForce?: boolean | null;
}

@InputType()
export class OwnRow {
  @Field(() => Boolean, isSo) readonly caseBound?: boolean | null;
  @Field(() => Boolean, isNot) readonly own?: boolean | null;
  @Field(() => Boolean, isNot) readonly holder?: boolean | null;
  @Field(() => Boolean, isSo) readonly assigned?: boolean | null;
  @Field(() => [AssumedReferral], optional) readonly referrals?: readonly AssumedReferral[] | null;
  @Field(() => [AssumedConsent], optional) readonly consents?: readonly AssumedConsent[] | null;
  @Field(() => DisclosureBasis, optional) readonly basis?: string | null;
  @Field(() => Boolean, isNot) readonly charged?: boolean | null;
  @Field(() => [FieldGroup], optional) readonly courtGroups?: readonly string[] | null;
  @Field(() => [Skill], optional) readonly certificates?: readonly string[] | null;
  @Field(() => Boolean, isNot) readonly breakGlass?: boolean | null;
}

@InputType()
export class AssumedRow extends OwnRow {
  @Field(() => Boolean, isNot) readonly child?: boolean | null;
  @Field(() => Boolean, isNot) readonly sealed?: boolean | null;
  @Field(() => Boolean, isNot) readonly officialSuspect?: boolean | null;
  @Field(() => Boolean, isNot) readonly staffConflict?: boolean | null;
}

@InputType()
export class PolicyQuestion {
  @Field(() => AgencyCode) readonly agency!: string;
  @Field(() => String) readonly role!: string;
  @Field(() => PurposeOfUse) readonly purpose!: string;
  @Field(() => String) readonly field!: string;
  @Field(() => AssumedRow, optional) readonly row?: AssumedRow | null;
}

type Asked = Pick<PolicyQuestion, "agency" | "role" | "purpose" | "field">;

const LATER = DECIDE_NOW * 2;
const untilOf = (inForce: boolean | null | undefined): number => (inForce === false ? 0 : LATER);

/** A null stands for what is left out. */
export function questionOf(asked: Asked, row: AssumedRow | null | undefined): DecideQuestion {
  const { agency, role, purpose, field } = asked;
  const { holder, referrals, consents, courtGroups, certificates, breakGlass, ...flags } = row ?? {};
  return {
    ...{ agency, role, purpose, field },
    row: {
      ...flags,
      owner: holder,
      referrals: referrals?.map(({ groups, purpose: other, status, inForce }) => ({
        status: status ?? "ACCEPTED",
        expiresAt: untilOf(inForce),
        purpose: other ?? purpose,
        groups: [...groups],
      })),
      consents: consents?.map(({ groups, status, inForce }) => ({
        status: status ?? "GIVEN",
        validUntil: untilOf(inForce),
        recipients: [agency],
        groups: [...groups],
      })),
      courtGroups: courtGroups && [...courtGroups],
      certificates: certificates && [...certificates],
      breakGlass: breakGlass === true ? { until: LATER } : null,
    },
  };
}
