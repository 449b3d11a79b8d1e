/** The labour market register (LMRA) as a subgraph over its PostgreSQL: workers by permit number, people by CPR. */
import {
  buildSubgraph,
  type SqlSubgraph,
  type SqlSubgraphOptions,
  type SubgraphClasses,
  sqlSubgraph,
} from "../shared/subgraph.ts";
import type { LmraDatabase } from "./database.ts";
import { EmployerResolver, EmploymentResolver, RiskSignalResolver } from "./employer-resolver.ts";
import { type LmraContext, lmraContext } from "./loaders.ts";
import { personRecord } from "./records.ts";
import { Employer, Inspection, LabourComplaint, Person, RiskSignal, Worker } from "./types.ts";
import { ComplaintResolver, PersonResolver, WorkerResolver } from "./worker-resolver.ts";

export const lmraClasses: SubgraphClasses<LmraContext> = {
  resolvers: [
    WorkerResolver,
    PersonResolver,
    ComplaintResolver,
    EmployerResolver,
    EmploymentResolver,
    RiskSignalResolver,
  ],
  entities: [Person, Worker, Employer, LabourComplaint, RiskSignal, Inspection],
  references: {
    Person: async ({ uid }, { workersOfPersons }) => {
      const worker = await workersOfPersons.load(String(uid));
      return worker && personRecord(worker);
    },
    Worker: ({ uid }, { workers }) => workers.load(String(uid)),
    Employer: ({ uid }, { employers }) => employers.load(String(uid)),
    LabourComplaint: ({ uid }, { complaints }) => complaints.load(String(uid)),
    RiskSignal: ({ uid }, { signals }) => signals.load(String(uid)),
    Inspection: ({ uid }, { inspections }) => inspections.load(String(uid)),
  },
};

export const lmraSubgraph = (options: SqlSubgraphOptions): SqlSubgraph<LmraContext, LmraDatabase> =>
  sqlSubgraph("lmra", { schema: buildSubgraph(lmraClasses), context: lmraContext }, options);
