/**
 * What stands in the policy store and what officers do with it, over GraphQL: as `ihala policy draft … rollback`, by the same code.
 *
 * Rule    for security officers alone (`policy-store-source.ts`). Whoever acts is who the token says. An act that is refused changes
 *         nothing and says what is missing or wrong; one that stands already is answered with what stands.
 * Bounds  50 drafts or publications at once; files as the store has them (`src/policy-store/content.ts`), as far as a body holds them.
 * Errors  OPERATION_FORBIDDEN; POLICY_REFUSED to whoever looks where policies are files; OVERLOADED; all else in `refusal`.
 */
import "reflect-metadata";
import { Arg, Ctx, FieldResolver, Int, Mutation, Query, Resolver, Root } from "type-graphql";
import { GatewayError } from "../../src/kernel/errors.ts";
import {
  changesOf,
  draftStanding,
  openDrafts,
  publicationStanding,
  publicationStandings,
} from "../../src/policy-store/looks.ts";
import type { OfficerAct } from "../../src/policy-store/officer-act.ts";
import { optional } from "../shared/values.ts";
import type { GwContext } from "./context.ts";
import { PolicyFileInput } from "./policy-files-input.ts";
import { type PolicyStoreSource, storeFor } from "./policy-store-source.ts";
import {
  changeOf,
  draftOf,
  fileOf,
  PolicyActPayload,
  PolicyDraft,
  PolicyFile,
  PolicyFileChange,
  PolicyPublication,
  PolicyShadow,
  publicationOf,
  refusalOf,
  shadowOf,
} from "./policy-store-types.ts";

const DEFAULT_PAGE = 20;
const page = { nullable: true, defaultValue: DEFAULT_PAGE } as const;
/** Told in the answer: what an officer can do something about. */
const TOLD: ReadonlySet<string> = new Set(["POLICY_REFUSED", "POLICY_INVALID", "PROVER_UNAVAILABLE"]);

@Resolver()
export class PolicyStoreResolver {
  @Query(() => [PolicyPublication], optional)
  async policyVersions(
    @Arg("first", () => Int, page) first: number | null,
    @Arg("before", () => Int, optional) before: number | null | undefined,
    @Ctx() context: GwContext,
  ): Promise<readonly PolicyPublication[]> {
    const { store } = storeFor(context).source;
    const asked = { first: countOf(first), before: before ?? null };
    return (await publicationStandings(store, asked)).map(publicationOf);
  }

  @Query(() => PolicyPublication, optional)
  async policyVersion(
    @Arg("number", () => Int, optional) number: number | null | undefined,
    @Ctx() context: GwContext,
  ): Promise<PolicyPublication | null> {
    return publicationAt(storeFor(context).source, number ?? null);
  }

  @Query(() => [PolicyDraft], optional)
  async policyDrafts(
    @Arg("first", () => Int, page) first: number | null,
    @Ctx() context: GwContext,
  ): Promise<readonly PolicyDraft[]> {
    return (await openDrafts(storeFor(context).source.store, countOf(first))).map(draftOf);
  }

  @Query(() => PolicyDraft, optional)
  async policyDraft(
    @Arg("number", () => Int) number: number,
    @Ctx() context: GwContext,
  ): Promise<PolicyDraft | null> {
    return draftAt(storeFor(context).source, number);
  }

  @Query(() => PolicyShadow, optional)
  async policyShadow(@Ctx() context: GwContext): Promise<PolicyShadow | null> {
    return shadowNow(storeFor(context).source);
  }

  @Mutation(() => PolicyActPayload, optional)
  draftPolicies(
    @Arg("files", () => [PolicyFileInput]) files: readonly PolicyFileInput[],
    @Arg("removed", () => [String], optional) removed: readonly string[] | null | undefined,
    @Arg("note", () => String) title: string,
    @Arg("base", () => Int, optional) base: number | null | undefined,
    @Ctx() context: GwContext,
  ): Promise<PolicyActPayload> {
    const act: OfficerAct = {
      kind: "draft",
      files: files.map(({ path, text }) => ({ path, text })),
      removed: removed ?? [],
      title,
      ...(typeof base === "number" ? { base } : {}),
    };
    return acted(context, act, async (source, number) => ({ draft: await draftAt(source, number) }));
  }

  @Mutation(() => PolicyActPayload, optional)
  approvePolicies(
    @Arg("draft", () => Int) draft: number,
    @Arg("hash", () => String) hash: string,
    @Ctx() context: GwContext,
  ): Promise<PolicyActPayload> {
    const act: OfficerAct = { kind: "approve", draft, hash };
    return acted(context, act, async (source, number) => ({ draft: await draftAt(source, number) }));
  }

  @Mutation(() => PolicyActPayload, optional)
  publishPolicies(
    @Arg("draft", () => Int) draft: number,
    @Ctx() context: GwContext,
  ): Promise<PolicyActPayload> {
    return acted(context, { kind: "publish", draft }, published);
  }

  @Mutation(() => PolicyActPayload, optional)
  rollbackPolicies(
    @Arg("version", () => Int) version: number,
    @Ctx() context: GwContext,
  ): Promise<PolicyActPayload> {
    return acted(context, { kind: "rollback", version }, published);
  }

  @Mutation(() => PolicyActPayload, optional)
  shadowPolicies(
    @Arg("draft", () => Int, optional) draft: number | null | undefined,
    @Ctx() context: GwContext,
  ): Promise<PolicyActPayload> {
    return acted(context, { kind: "shadow", draft: draft ?? null }, async (source) => ({
      shadow: await shadowNow(source),
    }));
  }
}

@Resolver(() => PolicyDraft)
export class PolicyDraftResolver {
  @FieldResolver(() => [PolicyFile], optional)
  async files(@Root() { hash }: PolicyDraft, @Ctx() context: GwContext): Promise<readonly PolicyFile[]> {
    return filesOf(storeFor(context).source, hash);
  }

  @FieldResolver(() => [PolicyFileChange], optional)
  async changes(@Root() draft: PolicyDraft, @Ctx() context: GwContext): Promise<readonly PolicyFileChange[]> {
    const { store, startingFolder } = storeFor(context).source;
    return (await changesOf(store, draft, startingFolder)).map(changeOf);
  }
}

@Resolver(() => PolicyPublication)
export class PolicyPublicationResolver {
  @FieldResolver(() => [PolicyFile], optional)
  async files(
    @Root() { hash }: PolicyPublication,
    @Ctx() context: GwContext,
  ): Promise<readonly PolicyFile[]> {
    return filesOf(storeFor(context).source, hash);
  }
}

type Stands = (source: PolicyStoreSource, number: number) => Promise<PolicyActPayload>;

async function acted(context: GwContext, act: OfficerAct, stands: Stands): Promise<PolicyActPayload> {
  try {
    const { source, officer } = storeFor(context);
    return await stands(source, await source.perform(officer, act, context.asking.signal));
  } catch (error) {
    if (!(error instanceof GatewayError && TOLD.has(error.code))) throw error;
    return { refusal: refusalOf(error.code, error.message, error.detail.problems ?? []) };
  }
}

const published: Stands = async (source, number) => ({ publication: await publicationAt(source, number) });

async function publicationAt(
  { store }: PolicyStoreSource,
  number: number | null,
): Promise<PolicyPublication | null> {
  const found = await publicationStanding(store, number);
  return found && publicationOf(found);
}

async function draftAt({ store }: PolicyStoreSource, number: number): Promise<PolicyDraft | null> {
  const found = await draftStanding(store, number);
  return found && draftOf(found);
}

async function shadowNow({ store, differences }: PolicyStoreSource): Promise<PolicyShadow | null> {
  const shadow = await store.shadow();
  if (!shadow || shadow.draft === null) return null;
  return shadowOf({ ...shadow, draft: shadow.draft }, differences(shadow.number));
}

const filesOf = async ({ store }: PolicyStoreSource, hash: string): Promise<readonly PolicyFile[]> =>
  (await store.content(hash)).files.map(fileOf);

function countOf(first: number | null): number {
  const count = first ?? DEFAULT_PAGE;
  if (count >= 1) return count;
  throw new GatewayError("BAD_USER_INPUT", "`first` is at least 1");
}
