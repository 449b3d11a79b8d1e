/**
 * An officer puts a folder into the store as a draft: `ihala policy draft`.
 *
 * Out     the draft, and what it would change about what is in force now. It changes nothing yet.
 * Errors  POLICY_INVALID when the folder does not pass `policy check`; POLICY_REFUSED when it is what is in force.
 */
import { changeOf, type PolicyChange } from "./change.ts";
import { readContent } from "./content.ts";
import { requireChecked } from "./proofs.ts";
import type { Draft, Officer } from "./statements.ts";
import { acted, inForce, owners, refused, type StoreTools } from "./store-tools.ts";

export interface Drafted {
  readonly draft: Draft;
  readonly change: PolicyChange;
}

export async function draftPolicies(
  tools: StoreTools,
  officer: Officer,
  { folder, title }: { readonly folder: string; readonly title: string },
): Promise<Drafted> {
  const compiled = await requireChecked(await readContent(folder), tools.schemaDir);
  const before = await inForce(tools);
  const { hash } = compiled.content;
  if (before.publication?.hash === hash) throw refused("this is what is published already");
  const change = await changeOf(before.compiled, compiled, await owners(tools), officer);
  const { widens, needs } = change;
  const base = before.publication?.number ?? null;
  const draft = await tools.store.write(tools.signer, async (writer) => {
    if (((await writer.published())?.number ?? null) !== base)
      throw refused("something else was published meanwhile: draft it again");
    await writer.addContent(compiled.content);
    return writer.addDraft({ hash, base, title, widens, needs: [...needs], ...acted(tools, officer) });
  });
  return { draft, change };
}
