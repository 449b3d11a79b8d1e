/**
 * The gateway's own subgraph: members and staff by name, the catalogue of fields, a person by id, what officers ask about policies.
 *
 * Served      `agencies`, `fieldCatalogue`, `person`, `accessLog`, `policyDecision`, `policyWho`, `policyMatrix`, `policies`, `myDecision`,
 *             `policyCheck`, `policyFormat`, `policyTest`, `policyDiff`, `policyProve`, `policyReplay`, break-glass,
 *             the policy store and what officers do with it;
 *             entities Agency and Staff, and stubs of Person and Case.
 * Never asked `id` and `stage`: they are computed in projection.
 * Not yet     `resolveIdentity`, `linkPerson` and `unlinkPerson` of `schema/gw.graphql` are not declared here: the operation stage refuses them.
 */

import type { GraphQLSchema } from "graphql";
import type { InProcessOptions } from "../../src/connectors/in-process.ts";
import type { AgencyCode, SubgraphName } from "../../src/kernel/brands.ts";
import { buildSubgraph, type SubgraphClasses } from "../shared/subgraph.ts";
import { BreakGlassEntryResolver, BreakGlassResolver } from "./break-glass.ts";
import { type GwContext, type GwSources, gwContext } from "./context.ts";
import { DataUse, DataUsePageResolver, DataUseResolver } from "./data-use.ts";
import { Member } from "./member.ts";
import { PolicyDraftToolsResolver } from "./policy-draft-tools.ts";
import { PolicyResolver } from "./policy-resolver.ts";
import { PolicyMatrixResolver } from "./policy-review.ts";
import { PolicyDraftResolver, PolicyPublicationResolver, PolicyStoreResolver } from "./policy-store.ts";
import {
  Case,
  CaseResolver,
  DirectoryResolver,
  Person,
  PersonResolver,
  Staff,
  StaffResolver,
} from "./types.ts";

export type { GwContext, GwSources };

export const gwClasses: SubgraphClasses<GwContext> = {
  resolvers: [
    DirectoryResolver,
    PersonResolver,
    CaseResolver,
    StaffResolver,
    PolicyResolver,
    PolicyMatrixResolver,
    PolicyDraftToolsResolver,
    PolicyStoreResolver,
    PolicyDraftResolver,
    PolicyPublicationResolver,
    DataUseResolver,
    DataUsePageResolver,
    BreakGlassResolver,
    BreakGlassEntryResolver,
  ],
  entities: [Member, Staff, Person, Case, DataUse],
  references: {
    Agency: ({ address, code }, { members }) => {
      const member = members.get(String(address));
      return member?.code === code ? member : null;
    },
    Staff: ({ uid }, { staff }) => staff.load(String(uid)),
    Person: ({ uid }) => ({ uid }),
    Case: ({ uid }) => ({ uid }),
  },
};

/** The same whatever it answers from: versions that follow each other share it. */
let built: GraphQLSchema | undefined;
function schema(): GraphQLSchema {
  built ??= buildSubgraph(gwClasses);
  return built;
}

export function gwSubgraph(
  sources: GwSources,
): Required<Pick<InProcessOptions<GwContext>, "subgraph" | "agency" | "schema" | "context">> {
  return {
    subgraph: "gw" as SubgraphName,
    agency: "GW" as AgencyCode,
    schema: schema(),
    context: gwContext(sources),
  };
}
