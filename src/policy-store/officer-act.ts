/**
 * What an officer does with the store, as data: for whoever has it done elsewhere, such as in a thread.
 *
 * Out     the number of the draft, publication or shadow that stands for it then.
 * Again   an act that was done before, and holds still, is not done twice: the same draft of the same officer upon the same base,
 *         her own approval, the publication or the rollback that is in force.
 * Errors  those of the act: POLICY_REFUSED, POLICY_INVALID, PROVER_UNAVAILABLE, POLICY_UNTRUSTED.
 */
import { approveDraft } from "./approvals.ts";
import { draftPolicies } from "./draft.ts";
import { editedContent } from "./edited.ts";
import type { Edits } from "./edits.ts";
import { publishDraft } from "./publish.ts";
import { rollbackTo } from "./rollback.ts";
import { shadowDraft } from "./shadow-draft.ts";
import { type Officer, officerName } from "./statements.ts";
import { refused, type StoreTools } from "./store-tools.ts";

interface DraftAct extends Edits {
  readonly kind: "draft";
  readonly title: string;
  /** The publication that the files were read from; left out where that is not known. */
  readonly base?: number;
}

interface ApproveAct {
  readonly kind: "approve";
  readonly draft: number;
  readonly hash: string;
}

interface PublishAct {
  readonly kind: "publish";
  readonly draft: number;
}

interface RollbackAct {
  readonly kind: "rollback";
  readonly version: number;
}

interface ShadowAct {
  readonly kind: "shadow";
  /** Null ends it. */
  readonly draft: number | null;
}

export type OfficerAct = DraftAct | ApproveAct | PublishAct | RollbackAct | ShadowAct;

export async function performAct(tools: StoreTools, officer: Officer, act: OfficerAct): Promise<number> {
  switch (act.kind) {
    case "draft":
      return draftOnce(tools, officer, act);
    case "approve":
      return approveOnce(tools, officer, act);
    case "publish":
      return publishOnce(tools, officer, act);
    case "rollback":
      return rollbackOnce(tools, officer, act);
    case "shadow":
      return (await shadowDraft(tools, officer, act.draft)).number;
  }
}

async function draftOnce(tools: StoreTools, officer: Officer, act: DraftAct): Promise<number> {
  const { content, upon } = await editedContent(tools, act);
  if (act.base !== undefined && act.base !== upon)
    throw refused(`the files were read from publication ${act.base}, which is not in force: read them again`);
  const again = (await tools.store.drafts()).findLast(
    ({ hash, base, by }) =>
      hash === content.hash && base === upon && officerName(by) === officerName(officer),
  );
  if (again) return again.number;
  return (await draftPolicies(tools, officer, { content, upon, title: act.title })).draft.number;
}

async function approveOnce(tools: StoreTools, officer: Officer, act: ApproveAct): Promise<number> {
  const { store } = tools;
  const [draft, approvals, published] = await Promise.all([
    store.draft(act.draft),
    store.approvals(act.draft),
    store.published(),
  ]);
  const isDone = approvals.some(
    ({ by, hash, base }) =>
      officerName(by) === officerName(officer) && hash === act.hash && base === draft.base,
  );
  const holds = draft.base === (published?.number ?? null);
  if (!isDone || !holds) await approveDraft(tools, officer, { number: act.draft, hash: act.hash });
  return act.draft;
}

async function publishOnce(tools: StoreTools, officer: Officer, { draft }: PublishAct): Promise<number> {
  const now = await tools.store.published();
  return now?.draft === draft ? now.number : (await publishDraft(tools, officer, draft)).number;
}

async function rollbackOnce(tools: StoreTools, officer: Officer, { version }: RollbackAct): Promise<number> {
  const now = await tools.store.published();
  if (now?.act === "rollback" && now.version === version) return now.number;
  return (await rollbackTo(tools, officer, { version, others: [] })).number;
}
