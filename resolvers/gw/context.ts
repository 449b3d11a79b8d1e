/** What the gateway's own resolvers read: members, staff, links and the catalogue; loaders are fresh for every fetch. */
import DataLoader from "dataloader";
import type { CatalogueField } from "./catalogue.ts";
import type { StaffDirectory, StaffEntry } from "./staff-directory.ts";
import type { Member } from "./types.ts";

export interface GwSources {
  /** All members, in the order in which they are listed. */
  readonly members: readonly Member[];
  readonly staff: Pick<StaffDirectory, "byUid">;
  /** Does any agency know a person by this uid? */
  readonly knowsPerson: (uid: string) => Promise<boolean>;
  readonly catalogue: readonly CatalogueField[];
}

export interface GwContext {
  readonly members: ReadonlyMap<string, Member>;
  readonly staff: DataLoader<string, StaffEntry | null>;
  readonly knowsPerson: GwSources["knowsPerson"];
  readonly catalogue: GwSources["catalogue"];
}

export function gwContext({ members, staff, knowsPerson, catalogue }: GwSources): () => GwContext {
  const byAddress = new Map(members.map((member) => [member.address, member]));
  return () => ({
    members: byAddress,
    staff: new DataLoader(async (uids) => {
      const found = new Map((await staff.byUid(uids)).map((entry) => [entry.uid, entry]));
      return uids.map((uid) => found.get(uid) ?? null);
    }),
    knowsPerson,
    catalogue,
  });
}
