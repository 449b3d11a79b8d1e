/** Drafts, publications and the shadow of the policy store as type-graphql classes, made from how they stand. */
import "reflect-metadata";
import { isUtf8 } from "node:buffer";
import { Field, Int, ObjectType } from "type-graphql";
import { placedProblem } from "../../src/policy/problem.ts";
import type { ChangedFile, DraftStanding, PublicationStanding } from "../../src/policy-store/looks.ts";
import type { Approval, Officer, Shadow } from "../../src/policy-store/statements.ts";
import { AgencyAddress, DateTime, registerCodes } from "../shared/codes.ts";
import { optional, plain } from "../shared/values.ts";
import { AgencyCode, code } from "./policy-codes.ts";
import { PolicyProblem } from "./policy-problem.ts";

const PublicationAct = registerCodes("PublicationAct", ["PUBLISH", "ROLLBACK"]);
const FileChange = registerCodes("FileChange", ["ADDED", "CHANGED", "REMOVED"]);

@ObjectType(plain)
export class PolicyOfficer {
  @Field(() => AgencyCode) readonly agency!: string;
  @Field(() => AgencyAddress) readonly member!: string;
  @Field(() => String) readonly staff!: string;
}

@ObjectType(plain)
export class PolicyApproval {
  @Field(() => PolicyOfficer) readonly by!: PolicyOfficer;
  @Field(() => DateTime) readonly at!: string;
}

@ObjectType(plain)
export class PolicyFile {
  @Field(() => String) readonly path!: string;
  @Field(() => String, optional) readonly text!: string | null;
}

@ObjectType(plain)
export class PolicyFileChange {
  @Field(() => String) readonly path!: string;
  @Field(() => FileChange) readonly kind!: string;
  @Field(() => String, optional) readonly before!: string | null;
  @Field(() => String, optional) readonly after!: string | null;
}

/** `files` and `changes` are in `policy-store.ts`: they are read when they are asked for. */
@ObjectType(plain)
export class PolicyDraft {
  @Field(() => Int, optional) readonly number!: number;
  @Field(() => String, optional) readonly hash!: string;
  @Field(() => Int, optional) readonly base!: number | null;
  @Field(() => String, optional) readonly note!: string;
  @Field(() => PolicyOfficer, optional) readonly by!: Officer;
  @Field(() => DateTime, optional) readonly at!: string;
  @Field(() => Boolean, optional) readonly widens!: boolean;
  @Field(() => [AgencyCode], optional) readonly needs!: readonly string[];
  @Field(() => [PolicyApproval], optional) readonly approvals!: readonly PolicyApproval[];
  @Field(() => [String], optional) readonly missing!: readonly string[];
  @Field(() => Boolean, optional) readonly outdated!: boolean;
  @Field(() => Int, optional) readonly published!: number | null;
}

@ObjectType(plain)
export class PolicyPublication {
  @Field(() => Int, optional) readonly number!: number;
  @Field(() => PublicationAct, optional) readonly act!: string;
  @Field(() => Int, optional) readonly version!: number;
  @Field(() => String, optional) readonly hash!: string;
  @Field(() => String, optional) readonly policyVersion!: string;
  @Field(() => Int, optional) readonly draft!: number | null;
  @Field(() => String, optional) readonly note!: string | null;
  @Field(() => PolicyOfficer, optional) readonly by!: Officer;
  @Field(() => [PolicyOfficer], optional) readonly with!: readonly Officer[];
  @Field(() => DateTime, optional) readonly at!: string;
  @Field(() => Boolean, optional) readonly inForce!: boolean;
}

@ObjectType(plain)
export class PolicyShadow {
  @Field(() => Int, optional) readonly draft!: number;
  @Field(() => String, optional) readonly hash!: string | null;
  @Field(() => PolicyOfficer, optional) readonly by!: Officer;
  @Field(() => DateTime, optional) readonly at!: string;
  @Field(() => Int, optional) readonly differences!: number | null;
}

@ObjectType(plain)
export class PolicyRefusal {
  @Field(() => String) readonly code!: string;
  @Field(() => String) readonly message!: string;
  @Field(() => [PolicyProblem]) readonly problems!: readonly PolicyProblem[];
}

/** One type for every act: a union's members would be decided one by one, and the act done for whoever may see none of them. */
@ObjectType(plain)
export class PolicyActPayload {
  @Field(() => PolicyDraft, optional) readonly draft?: PolicyDraft | null;
  @Field(() => PolicyPublication, optional) readonly publication?: PolicyPublication | null;
  @Field(() => PolicyShadow, optional) readonly shadow?: PolicyShadow | null;
  @Field(() => PolicyRefusal, optional) readonly refusal?: PolicyRefusal | null;
}

const approvalOf = ({ by, at }: Approval): PolicyApproval => ({ by, at });

export const draftOf = ({ draft, approvals, missing, isOutdated, published }: DraftStanding): PolicyDraft => {
  const { number, hash, base, title: note, by, at, widens, needs } = draft;
  return Object.assign(new PolicyDraft(), {
    ...{ number, hash, base, note, by, at, widens, needs, missing, published },
    approvals: approvals.map(approvalOf),
    outdated: isOutdated,
  });
};

export const publicationOf = ({
  publication: { policies, bundle: _, act, ...rest },
  title,
  isInForce,
}: PublicationStanding): PolicyPublication => ({
  ...rest,
  act: code(act),
  policyVersion: policies,
  note: title,
  inForce: isInForce,
});

export const shadowOf = (
  { draft, hash, by, at }: Shadow & { readonly draft: number },
  differences: number | null,
): PolicyShadow => ({ draft, hash, by, at, differences });

/** Null where the bytes are no text. */
const textOf = (bytes: Buffer): string | null => (isUtf8(bytes) ? bytes.toString("utf8") : null);

export const fileOf = ({ path, bytes }: { readonly path: string; readonly bytes: Buffer }): PolicyFile => ({
  path,
  text: textOf(bytes),
});

export const changeOf = ({ path, before, after }: ChangedFile): PolicyFileChange => ({
  path,
  kind: before ? (after ? "CHANGED" : "REMOVED") : "ADDED",
  before: before && textOf(before),
  after: after && textOf(after),
});

export const refusalOf = (
  refusalCode: string,
  message: string,
  problems: readonly string[],
): PolicyRefusal => ({
  code: refusalCode,
  message,
  problems: problems.map(placedProblem),
});
