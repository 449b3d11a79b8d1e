/**
 * A content of the store with what was compiled of it when it was published: nothing is compiled again, unless the deployment's
 * schema is another by now.
 *
 * Errors  POLICY_UNTRUSTED when files or compiled text are not what was signed; POLICY_INVALID when it fits the schema no longer.
 */
import { cedarSchema } from "../policy/cedar-schema.ts";
import { type Domain, loadDomain } from "../policy/domain.ts";
import { policySetOfBundle } from "../policy/policy-bundle.ts";
import type { PolicySet } from "../policy/policy-set.ts";
import { type CompiledContent, compileContent, compiledOf } from "./compiled.ts";
import type { PolicyContent } from "./content.ts";
import type { PolicyStore } from "./store.ts";

interface Stored {
  readonly hash: string;
  readonly bundle: string;
}

/** With the promises that it makes, for officers. */
export async function storedContent(
  store: PolicyStore,
  stored: Stored,
  schemaDir: string,
): Promise<CompiledContent> {
  const { content, policySet } = await read(store, stored, loadDomain(schemaDir));
  return compiledOf(content, policySet);
}

/** What gateways decide by, with the tables of the schema that they have taken up. */
export async function storedPolicies(store: PolicyStore, stored: Stored, domain: Domain): Promise<PolicySet> {
  return (await read(store, stored, domain)).policySet;
}

async function read(
  store: PolicyStore,
  { hash, bundle }: Stored,
  domain: Domain,
): Promise<{ readonly content: PolicyContent; readonly policySet: PolicySet }> {
  const [content, body] = await Promise.all([store.content(hash), store.bundle(bundle)]);
  const policySet = policySetOfBundle(body, cedarSchema(domain), domain);
  return policySet ? { content, policySet } : compileContent(content, domain);
}
