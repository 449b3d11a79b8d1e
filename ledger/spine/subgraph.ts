/** The spine: cases, parties, referrals, consents, events, and the facts that decide who may know of them. */
import { SPINE_DOCUMENT } from "../model/documents.ts";
import type { SubgraphSource } from "../subgraph.ts";
import { CaseEventResolver } from "./case-event-resolver.ts";
import { CasePartyResolver } from "./case-party-resolver.ts";
import { CaseResolver } from "./case-resolver.ts";
import { ConsentResolver } from "./consent-resolver.ts";
import { spineLoaders } from "./loaders.ts";
import { PersonResolver } from "./person-resolver.ts";
import { SpineQueries } from "./query-resolver.ts";
import { ReferralResolver } from "./referral-resolver.ts";

export const SPINE_SUBGRAPH: SubgraphSource = {
  name: "epc_spine",
  document: SPINE_DOCUMENT,
  types: [],
  resolvers: [
    SpineQueries,
    CaseResolver,
    CasePartyResolver,
    PersonResolver,
    ConsentResolver,
    ReferralResolver,
    CaseEventResolver,
  ],
  references: {
    Case: ({ uid }, context) => spineLoaders(context).cases.load(String(uid)),
    CaseParty: ({ uid }, context) => spineLoaders(context).parties.load(String(uid)),
    Consent: ({ uid }, context) => spineLoaders(context).consents.load(String(uid)),
    Referral: ({ uid }, context) => spineLoaders(context).referrals.load(String(uid)),
    // A person without a part in any case is a person all the same: nothing tells the two apart.
    Person: ({ uid }) => ({ uid: String(uid) }),
  },
};
