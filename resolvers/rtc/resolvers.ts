/**
 * Trainers, programmes, certificates. Coverage and the knowledge list are served later.
 *
 * Own    trainers and certificates belong to the organisation where the person works; everything is the centre's own.
 * Rows   others see published programmes and knowledge, and no person's training.
 */
import "reflect-metadata";
import { Arg, Ctx, FieldResolver, Int, Query, Resolver, Root } from "type-graphql";
import { vocabularyEnum } from "../shared/codes.ts";
import { connectionOf } from "../shared/connection.ts";
import { Labelled } from "../shared/labels.ts";
import { notServed } from "../shared/not-served.ts";
import { ownershipOf } from "../shared/ownership.ts";
import { optional, type ReaderInput } from "../shared/values.ts";
import { programmeRecord, type RtcContext, trainerRecord } from "./loaders.ts";
import {
  Certification,
  CourseRun,
  KnowledgeItem,
  Programme,
  Staff,
  Trainer,
  TrainerCoverage,
} from "./types.ts";

const KnowledgeItemConnection = connectionOf("KnowledgeItem", () => KnowledgeItem);
const PAGE = 20;

const isCentre = ({ agency }: ReaderInput) => agency === "RTC";
const published = { inRows: (row: { readonly published: boolean }) => row.published, own: byCentre };
const personal = { inRows: () => false };

function byCentre(_: object, reader: ReaderInput): boolean {
  return isCentre(reader);
}

export const OWNERSHIP = [
  ownershipOf(() => Trainer, {
    ...personal,
    own: ({ agency }, reader) => isCentre(reader) || agency?.address === reader.address,
  }),
  ownershipOf(() => Certification, {
    ...personal,
    own: ({ member }, reader) => isCentre(reader) || member === reader.address,
  }),
  ownershipOf(() => Programme, published),
  ownershipOf(() => KnowledgeItem, published),
];

@Resolver(() => Programme)
export class ProgrammeResolver {
  @Query(() => [Programme], optional)
  async programmes(@Ctx() { sql }: RtcContext): Promise<readonly Programme[]> {
    const rows = await sql.ask((db) => db.selectFrom("programme").selectAll().orderBy("number").execute());
    return rows.map(programmeRecord);
  }

  @Labelled("TRAINING", "S0_PUBLIC", "الدورات")
  @FieldResolver(() => [CourseRun], optional)
  async runs(@Root() { uid }: Programme, @Ctx() { runsOf }: RtcContext): Promise<readonly CourseRun[]> {
    return (await runsOf.load(uid)).toReversed();
  }
}

@Resolver(() => Staff)
export class StaffResolver {
  @Labelled("TRAINING", "S1_ADMINISTRATIVE", "الشهادات")
  @FieldResolver(() => [Certification], optional)
  certifications(
    @Root() { uid }: Staff,
    @Ctx() { certificatesOf }: RtcContext,
  ): Promise<readonly Certification[]> {
    return certificatesOf.load(uid);
  }
}

@Resolver(() => Trainer)
export class TrainerResolver {
  @Query(() => [Trainer], optional)
  async trainers(@Ctx() { sql }: RtcContext): Promise<readonly Trainer[]> {
    const rows = await sql.ask((db) => db.selectFrom("trainer").selectAll().orderBy("number").execute());
    return rows.map(trainerRecord);
  }

  @Query(() => [TrainerCoverage], optional)
  trainerCoverage(): never {
    return notServed("trainerCoverage");
  }

  @Query(() => KnowledgeItemConnection, optional)
  knowledge(
    @Arg("search", () => String, optional) _search?: string | null,
    @Arg("kind", () => vocabularyEnum("KnowledgeKind"), optional) _kind?: string | null,
    @Arg("first", () => Int, { nullable: true, defaultValue: PAGE }) _first?: number | null,
    @Arg("after", () => String, optional) _after?: string | null,
  ): never {
    return notServed("knowledge");
  }
}
