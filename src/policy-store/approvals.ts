/**
 * Four eyes: whose approvals of a draft count, and which are missing still.
 *
 * Rule    an approval counts for the exact hash and base that the draft has; never its author's own; one for each officer. At least
 *         one is needed, and one by an officer of each agency that must agree (`change.ts`).
 *         All of them are void once something else than the draft's base is in force, for good.
 */
import { type Approval, type Draft, type Officer, officerName, type Publication } from "./statements.ts";
import { acted, refused, type StoreTools } from "./store-tools.ts";

export interface Standing {
  readonly counting: readonly Approval[];
  /** One line for each approval that is missing; none when the draft may be published. */
  readonly missing: readonly string[];
}

export function standingOf(draft: Draft, approvals: readonly Approval[], needs: readonly string[]): Standing {
  const author = officerName(draft.by);
  const counting = approvals.filter(
    ({ by, hash, base }) => hash === draft.hash && base === draft.base && officerName(by) !== author,
  );
  const agencies = new Set(counting.map(({ by }) => by.agency));
  const missing = needs.filter((agency) => !agencies.has(agency));
  const nobody = counting.length === 0 && missing.length === 0;
  return {
    counting,
    missing: [
      ...missing.map((agency) => `an approval by an officer of ${agency}`),
      ...(nobody ? ["an approval by an officer other than its author"] : []),
    ],
  };
}

/** Void for good when anything was published after what the draft was made of. */
export function requireBase(draft: Draft, published: Publication | null): void {
  const number = published?.number ?? null;
  if (draft.base === number) return;
  const now = number === null ? "nothing is published" : `publication ${number} is in force`;
  throw refused(
    `draft ${draft.number} was made of ${draft.base === null ? "the starting folder" : `publication ${draft.base}`}, and ${now}: its approvals are void, draft it again`,
  );
}

/**
 * `ihala policy approve`. `hash` is that of what the officer has read, in full.
 *
 * Errors  POLICY_REFUSED: one's own draft, another hash, a base that is no longer in force, a second time.
 */
export async function approveDraft(
  tools: StoreTools,
  officer: Officer,
  { number, hash }: { readonly number: number; readonly hash: string },
): Promise<Standing> {
  const { store, signer } = tools;
  const draft = await store.draft(number);
  if (officerName(draft.by) === officerName(officer))
    throw refused(`draft ${number} is your own: another officer must approve it`);
  if (draft.hash !== hash) throw refused(`draft ${number} has another hash: read what it says now`);
  await store.content(hash);
  const approval: Approval = { draft: number, hash, base: draft.base, ...acted(tools, officer) };
  const approvals = await store.write(signer, async (writer) => {
    requireBase(draft, await writer.published());
    const before = await writer.approvals(number);
    if (before.some(({ by }) => officerName(by) === officerName(officer)))
      throw refused(`you have approved draft ${number} already`);
    await writer.addApproval(approval);
    return [...before, approval];
  });
  return standingOf(draft, approvals, draft.needs);
}
