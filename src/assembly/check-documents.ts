/** Prepares persisted documents by a gateway. Errors: CONFIG_INVALID with every document that would be refused whoever asked. */
import type { Gateway } from "../gateway.ts";
import { GatewayError } from "../kernel/errors.ts";
import type { PersistedDocument } from "../operation/document-store.ts";

export function checkDocuments(
  gateway: Pick<Gateway, "prepareDocuments">,
  documents: readonly PersistedDocument[],
): void {
  const problems = gateway.prepareDocuments(documents);
  if (problems.length > 0)
    throw new GatewayError("CONFIG_INVALID", "the persisted documents do not fit the schema", { problems });
}
