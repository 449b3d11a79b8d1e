/** Fields that are in the schema and answer later. */
import { GatewayError } from "../../src/kernel/errors.ts";

export function notServed(field: string): never {
  throw new GatewayError("NOT_IMPLEMENTED", `\`${field}\` is not served yet`);
}
