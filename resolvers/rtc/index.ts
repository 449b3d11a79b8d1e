/** The training centre (RTC) as a subgraph over its PostgreSQL: staff by staff number, certificates by their own. */
import {
  buildSubgraph,
  type SqlSubgraph,
  type SqlSubgraphOptions,
  type SubgraphClasses,
  sqlSubgraph,
} from "../shared/subgraph.ts";
import type { RtcDatabase } from "./database.ts";
import { type RtcContext, rtcContext } from "./loaders.ts";
import { OWNERSHIP, ProgrammeResolver, StaffResolver, TrainerResolver } from "./resolvers.ts";
import { Certification, KnowledgeItem, Programme, Staff, Trainer } from "./types.ts";

export { certificatesOf } from "./certificates.ts";

export const rtcClasses: SubgraphClasses<RtcContext> = {
  resolvers: [TrainerResolver, ProgrammeResolver, StaffResolver, ...OWNERSHIP],
  entities: [Trainer, Certification, Programme, KnowledgeItem, Staff],
  references: {
    Trainer: ({ uid }, { trainers }) => trainers.load(String(uid)),
    Certification: ({ uid }, { certificates }) => certificates.load(String(uid)),
    Programme: ({ uid }, { programmes }) => programmes.load(String(uid)),
    KnowledgeItem: ({ uid }, { knowledge }) => knowledge.load(String(uid)),
    Staff: ({ uid }, { holders }) => holders.load(String(uid)),
  },
};

export const rtcSubgraph = (options: SqlSubgraphOptions): SqlSubgraph<RtcContext, RtcDatabase> =>
  sqlSubgraph("rtc", { schema: buildSubgraph(rtcClasses), context: rtcContext }, options);
