/** The content: screening, exploitation, statements, health, shelter, services and return; fetched after the facts. */
import { CONTENT_DOCUMENT } from "../model/documents.ts";
import type { SubgraphSource } from "../subgraph.ts";
import { Case, CaseResolver } from "./case.ts";
import { CaseParty } from "./case-party.ts";
import { ExploitationProfileResolver } from "./exploitation.ts";
import { contentLoaders } from "./loaders.ts";
import { PlaceResolver } from "./place.ts";
import { ContentQueries } from "./query-resolver.ts";
import { ReportResolver } from "./report.ts";
import { ReturnPlanResolver } from "./return-plan.ts";
import { IndicatorFindingResolver, ScreeningResolver } from "./screening.ts";
import { FacilityResolver, ShelterStayResolver } from "./shelter.ts";
import { VictimStatementResolver } from "./statement.ts";
import { CaseNoteResolver, ServiceDeliveryResolver } from "./support.ts";

export const CONTENT_SUBGRAPH: SubgraphSource = {
  name: "epc_content",
  document: CONTENT_DOCUMENT,
  types: [Case, CaseParty],
  resolvers: [
    ContentQueries,
    CaseResolver,
    ReportResolver,
    ScreeningResolver,
    IndicatorFindingResolver,
    ExploitationProfileResolver,
    PlaceResolver,
    VictimStatementResolver,
    ServiceDeliveryResolver,
    CaseNoteResolver,
    FacilityResolver,
    ShelterStayResolver,
    ReturnPlanResolver,
  ],
  references: {
    Case: ({ uid }, context) => contentLoaders(context).cases.load(String(uid)),
    CaseParty: ({ uid }, context) => contentLoaders(context).parties.load(String(uid)),
    Person: ({ uid }, context) => contentLoaders(context).persons.load(String(uid)),
    Report: ({ uid }, context) => contentLoaders(context).reports.load(String(uid)),
    Facility: ({ uid }, context) => contentLoaders(context).facilities.load(String(uid)),
    ReturnPlan: ({ uid }, context) => contentLoaders(context).returnPlans.load(String(uid)),
  },
};
