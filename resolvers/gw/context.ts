/** What the gateway's own resolvers read: members, staff, links and the catalogue; loaders are fresh for every fetch. */
import type DataLoader from "dataloader";
import { oneByKey } from "../shared/loaders.ts";
import type { CatalogueField } from "./catalogue.ts";
import type { StaffDirectory, StaffEntry } from "./staff-directory.ts";
import type { Member } from "./types.ts";

export interface GwSources {
  /** All members, in the order in which they are listed. */
  readonly members: readonly Member[];
  readonly staff: Pick<StaffDirectory, "byUid">;
  /** Is any agency linked to this uid? */
  readonly isLinked: (uid: string) => Promise<boolean>;
  readonly catalogue: readonly CatalogueField[];
}

export interface GwContext {
  readonly members: ReadonlyMap<string, Member>;
  readonly staff: DataLoader<string, StaffEntry | null>;
  readonly isLinked: GwSources["isLinked"];
  readonly catalogue: GwSources["catalogue"];
}

export function gwContext({ members, staff, isLinked, catalogue }: GwSources): () => GwContext {
  const byAddress = new Map(members.map((member) => [member.address, member]));
  return () => ({
    members: byAddress,
    staff: oneByKey<StaffEntry>(staff.byUid, ({ uid }) => uid),
    isLinked,
    catalogue,
  });
}
