/**
 * A Cedar request of which part is known: what partial evaluation takes beside the policy.
 */
import type { EntityStore } from "./entities.ts";
import type { Node } from "./node.ts";
import type { CedarSchema } from "./types.ts";

export interface PartialRequest {
  readonly schema: CedarSchema;
  readonly entities: EntityStore;
  readonly principal: Node;
  readonly action: string;
  readonly resource: Node;
  readonly context: Node;
}
