/**
 * What is published with some files put in and others taken out: what an officer drafts who holds no folder of her own.
 *
 * Out     the content, and the publication that it was made of: null while nothing was published, and the starting folder is meant.
 * Errors  those of `withEdits`.
 */
import { type PolicyContent, readContent } from "./content.ts";
import { type Edits, withEdits } from "./edits.ts";
import type { StoreTools } from "./store-tools.ts";

export interface Edited {
  readonly content: PolicyContent;
  readonly upon: number | null;
}

export async function editedContent(
  { store, startingFolder }: Pick<StoreTools, "store" | "startingFolder">,
  edits: Edits,
): Promise<Edited> {
  const published = await store.published();
  const before = await contentUpon(store, published, startingFolder);
  return { content: withEdits(before, edits), upon: published?.number ?? null };
}

/** What a publication holds; the starting folder where there is none. */
export const contentUpon = (
  store: StoreTools["store"],
  publication: { readonly hash: string } | null,
  startingFolder: string,
): Promise<PolicyContent> => (publication ? store.content(publication.hash) : readContent(startingFolder));
