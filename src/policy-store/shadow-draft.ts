/**
 * `ihala policy shadow`: gateways work a draft out beside what is in force, and tell where the two differ. No answer changes.
 *
 * Who     any security officer; nothing is opened by it, so nobody approves.
 * Errors  POLICY_INVALID when the draft does not pass `policy check`; POLICY_REFUSED when there is no such draft.
 */
import { requireChecked } from "./proofs.ts";
import { bundleOf } from "./publish.ts";
import type { Officer, Shadow } from "./statements.ts";
import { acted, type StoreTools } from "./store-tools.ts";

/** Null ends it. */
export async function shadowDraft(
  tools: StoreTools,
  officer: Officer,
  number: number | null,
): Promise<Shadow> {
  const { store, signer, schemaDir } = tools;
  const draft = number === null ? null : await store.draft(number);
  const compiled = draft && (await requireChecked(await store.content(draft.hash), schemaDir));
  return store.write(signer, async (writer) => {
    const bundle = compiled ? await writer.addBundle(bundleOf(compiled)) : null;
    return writer.addShadow({ draft: number, hash: draft?.hash ?? null, bundle, ...acted(tools, officer) });
  });
}
