/**
 * What the gateway's own resolvers read: members, staff, links, the catalogue, the policies in force, access logs; loaders are fresh for
 * every fetch.
 */
import DataLoader from "dataloader";
import type { BreakGlassDesk } from "../../src/break-glass/desk.ts";
import type { OutboundReader, SubgraphRequest } from "../../src/execute/backend.ts";
import type { PolicySet } from "../../src/policy/policy-set.ts";
import type { ReviewDesk } from "../../src/policy/review/review-desk.ts";
import type { ContentDesk } from "../../src/policy-store/content-desk.ts";
import { type AccessLogSources, ReaderLogs } from "./access-log.ts";
import type { CatalogueField } from "./catalogue.ts";
import type { Member } from "./member.ts";
import type { PolicyStoreSource } from "./policy-store-source.ts";
import type { StaffDirectory, StaffEntry } from "./staff-directory.ts";

export interface GwSources {
  /** All members, in the order in which they are listed. */
  readonly members: readonly Member[];
  readonly staff: Pick<StaffDirectory, "byUid">;
  /** Does any agency know a person by this uid? */
  readonly knowsPerson: (uid: string) => Promise<boolean>;
  readonly catalogue: readonly CatalogueField[];
  readonly accessLogs: AccessLogSources;
  readonly policies: GwPolicies;
  /** Null where policies are files. */
  readonly policyStore: PolicyStoreSource | null;
  readonly breakGlass: BreakGlassDesk;
}

export interface GwPolicies {
  /** The policies in force. */
  readonly set: PolicySet;
  /** Where what takes long is worked out. */
  readonly desk: ReviewDesk;
  /** Where policies are looked over that are not in force. */
  readonly drafts: ContentDesk;
}

export interface GwContext {
  readonly members: ReadonlyMap<string, Member>;
  readonly staff: DataLoader<string, StaffEntry | null>;
  readonly knowsPerson: GwSources["knowsPerson"];
  readonly catalogue: GwSources["catalogue"];
  readonly policies: GwPolicies;
  readonly policyStore: PolicyStoreSource | null;
  /** Who asks; the gateway's own subgraph is told in full. */
  readonly reader: OutboundReader;
  readonly logs: ReaderLogs;
  readonly breakGlass: BreakGlassDesk;
  readonly asking: SubgraphRequest;
}

export function gwContext({
  members,
  staff,
  knowsPerson,
  catalogue,
  policies,
  policyStore,
  accessLogs,
  breakGlass,
}: GwSources): (request: SubgraphRequest) => GwContext {
  const byAddress = new Map(members.map((member) => [member.address, member]));
  return (asking) => ({
    members: byAddress,
    staff: new DataLoader(async (uids) => {
      const found = new Map((await staff.byUid(uids)).map((entry) => [entry.uid, entry]));
      return uids.map((uid) => found.get(uid) ?? null);
    }),
    ...{ knowsPerson, catalogue, policies, policyStore, breakGlass, asking, reader: asking.reader },
    logs: new ReaderLogs(accessLogs, asking),
  });
}
