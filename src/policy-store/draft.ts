/**
 * An officer puts policies into the store as a draft: `ihala policy draft`.
 *
 * In      the files, all of them; `upon` is the publication that they were made of, where that is known.
 * Out     the draft, and what it would change about what is in force now. It changes nothing yet.
 * Errors  POLICY_INVALID when they do not pass `policy check`; POLICY_REFUSED when they are what is in force, or `upon` is not.
 */
import { changeOf, type PolicyChange } from "./change.ts";
import type { PolicyContent } from "./content.ts";
import { requireChecked } from "./proofs.ts";
import { type Draft, MAX_TITLE, type Officer } from "./statements.ts";
import { acted, inForce, owners, refused, type StoreTools } from "./store-tools.ts";

export interface Drafted {
  readonly draft: Draft;
  readonly change: PolicyChange;
}

const OVERTAKEN = "something else was published meanwhile: draft it again";

export interface DraftRequest {
  readonly content: PolicyContent;
  readonly title: string;
  /** Null: nothing was published. */
  readonly upon?: number | null;
}

export async function draftPolicies(
  tools: StoreTools,
  officer: Officer,
  { content, title, upon }: DraftRequest,
): Promise<Drafted> {
  if (title.length > MAX_TITLE) throw refused(`the title is longer than ${MAX_TITLE} characters`);
  const compiled = await requireChecked(content, tools.schemaDir);
  const before = await inForce(tools);
  const { hash } = compiled.content;
  if (before.publication?.hash === hash) throw refused("this is what is published already");
  const change = await changeOf(before.compiled, compiled, await owners(tools), officer);
  const { widens, needs } = change;
  const base = before.publication?.number ?? null;
  if (upon !== undefined && upon !== base) throw refused(OVERTAKEN);
  const draft = await tools.store.write(tools.signer, async (writer) => {
    if (((await writer.published())?.number ?? null) !== base) throw refused(OVERTAKEN);
    await writer.addContent(compiled.content);
    return writer.addDraft({ hash, base, title, widens, needs: [...needs], ...acted(tools, officer) });
  });
  return { draft, change };
}
