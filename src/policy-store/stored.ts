/**
 * A content of the store with what was compiled of it when it was published: nothing is compiled again, unless the deployment's
 * schema is another by now.
 *
 * Errors  POLICY_UNTRUSTED when files or compiled text are not what was signed; POLICY_INVALID when it fits the schema no longer.
 */
import { cedarSchema } from "../policy/cedar-schema.ts";
import { loadDomain } from "../policy/domain.ts";
import { policySetOfBundle } from "../policy/policy-bundle.ts";
import { type CompiledContent, compileContent, compiledOf } from "./compiled.ts";
import type { PolicyStore } from "./store.ts";

export async function storedContent(
  store: PolicyStore,
  { hash, bundle }: { readonly hash: string; readonly bundle: string },
  schemaDir: string,
): Promise<CompiledContent> {
  const [content, body] = await Promise.all([store.content(hash), store.bundle(bundle)]);
  const domain = loadDomain(schemaDir);
  const policySet = policySetOfBundle(body, cedarSchema(domain), domain);
  return policySet ? compiledOf(content, policySet) : compileContent(content, schemaDir);
}
