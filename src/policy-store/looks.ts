/**
 * How drafts and publications stand, for officers who look before they act.
 *
 * Rule    only what is signed is told. A draft is outdated once something else than its base is in force; what published it has
 *         the number that follows its base.
 * Bounds  `MOST` of a kind, the newest.
 */
import { standingOf } from "./approvals.ts";
import { changedFiles } from "./change.ts";
import type { PolicyContent } from "./content.ts";
import { contentUpon } from "./edited.ts";
import type { Approval, Draft, Publication } from "./statements.ts";
import type { PolicyStore } from "./store.ts";

const MOST = 50;

export interface DraftStanding {
  readonly draft: Draft;
  /** Those that count. */
  readonly approvals: readonly Approval[];
  readonly missing: readonly string[];
  readonly isOutdated: boolean;
  /** The publication that it became. */
  readonly published: number | null;
}

export interface PublicationStanding {
  readonly publication: Publication;
  /** What its author wrote of the draft; null for a rollback. */
  readonly title: string | null;
  readonly isInForce: boolean;
}

export interface ChangedFile {
  readonly path: string;
  /** Null where there is none. */
  readonly before: Buffer | null;
  readonly after: Buffer | null;
}

/** The newest first. */
export async function openDrafts(store: PolicyStore, first: number): Promise<readonly DraftStanding[]> {
  const published = await store.published();
  const base = published?.number ?? null;
  const open = (await store.newestDrafts(Math.min(first, MOST))).filter((draft) => draft.base === base);
  return Promise.all(open.map((draft) => standing(store, draft, published)));
}

/** Null when there is no such draft. */
export async function draftStanding(store: PolicyStore, number: number): Promise<DraftStanding | null> {
  const [draft, published] = await Promise.all([store.findDraft(number), store.published()]);
  return draft && standing(store, draft, published);
}

async function standing(
  store: PolicyStore,
  draft: Draft,
  inForce: Publication | null,
): Promise<DraftStanding> {
  const { counting, missing } = standingOf(draft, await store.approvals(draft.number), draft.needs);
  const isOutdated = draft.base !== (inForce?.number ?? null);
  const next = isOutdated ? await store.findPublication((draft.base ?? 0) + 1) : null;
  const published = next?.draft === draft.number ? next.number : null;
  return { draft, approvals: counting, missing, isOutdated, published };
}

/** The newest first; those before a number where one is given. */
export async function publicationStandings(
  store: PolicyStore,
  { first, before }: { readonly first: number; readonly before: number | null },
): Promise<readonly PublicationStanding[]> {
  const [found, inForce] = await Promise.all([
    store.newestPublications(Math.min(first, MOST), before),
    store.published(),
  ]);
  return Promise.all(found.map((publication) => ofPublication(store, publication, inForce)));
}

/** What is in force, where no number is given. Null when there is none. */
export async function publicationStanding(
  store: PolicyStore,
  number: number | null,
): Promise<PublicationStanding | null> {
  const inForce = await store.published();
  const publication = number === null ? inForce : await store.findPublication(number);
  return publication && ofPublication(store, publication, inForce);
}

async function ofPublication(
  store: PolicyStore,
  publication: Publication,
  inForce: Publication | null,
): Promise<PublicationStanding> {
  const { draft, number } = publication;
  const title = draft === null ? null : (await store.draft(draft)).title;
  return { publication, title, isInForce: number === inForce?.number };
}

/** What a draft changes about what it was made of. */
export async function changesOf(
  store: PolicyStore,
  { hash, base }: Pick<Draft, "hash" | "base">,
  startingFolder: string,
): Promise<readonly ChangedFile[]> {
  const publication = base === null ? null : await store.publication(base);
  const [before, after] = await Promise.all([
    contentUpon(store, publication, startingFolder),
    store.content(hash),
  ]);
  const [old, now] = [before, after].map(bytesByPath);
  return changedFiles(before.files, after.files).map((path) => ({
    path,
    before: old?.get(path) ?? null,
    after: now?.get(path) ?? null,
  }));
}

const bytesByPath = ({ files }: PolicyContent): ReadonlyMap<string, Buffer> =>
  new Map(files.map(({ path, bytes }) => [path, bytes]));
