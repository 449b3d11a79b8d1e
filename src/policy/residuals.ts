/**
 * What every policy leaves of an action for one reader while no row is there: the ground of verdicts, explanations and proofs.
 *
 * In      a policy set and a reader whose role is known to exist.
 * Out     per action its permits and forbids as residual trees; policies that no row can satisfy are left out.
 * Rule    a permit that errs on every row is left out; a forbid that does stays, and holds.
 * Cost    one partial evaluation for each policy of the action; nothing is memoised here.
 */
import type { ActionIndex } from "./action-index.ts";
import { isFalse, isTrue, known, type Node } from "./cedar/node.ts";
import { type PolicyJson, partialPolicy } from "./cedar/partial.ts";
import type { PartialRequest } from "./cedar/request.ts";
import { type CedarSchema, entityType } from "./cedar/types.ts";
import type { Domain } from "./domain.ts";
import type { CompiledPolicy } from "./policy-set.ts";
import {
  contextNode,
  noContext,
  principalNode,
  type Reader,
  readerEntities,
  resourceNode,
} from "./request-nodes.ts";

export interface Residual {
  readonly policy: CompiledPolicy;
  readonly node: Node;
}

export interface LevelResiduals {
  readonly permits: readonly Residual[];
  readonly forbids: readonly Residual[];
}

export interface PolicyTables {
  readonly schema: CedarSchema;
  readonly domain: Domain;
  readonly actions: ActionIndex<CompiledPolicy>;
}

const CLAIM = "claim";
const NOTHING: LevelResiduals = { permits: [], forbids: [] };

export class ReaderResiduals {
  readonly reader: Reader;
  readonly #tables: PolicyTables;
  readonly #request: Pick<PartialRequest, "schema" | "entities" | "principal">;

  constructor(tables: PolicyTables, reader: Reader) {
    const { schema, domain } = tables;
    this.reader = reader;
    this.#tables = tables;
    this.#request = { schema, entities: readerEntities(schema, domain, reader), principal: principalNode };
  }

  /** Whether the reader may claim its purpose: decided without any row. */
  isClaimed(): boolean {
    const { purpose } = this.reader;
    if (!(this.#tables.schema.enums.get("Purpose") ?? []).includes(purpose)) return false;
    const resource = known(purpose, entityType("Purpose"));
    const { permits, forbids } = this.#residuals({
      ...this.#request,
      action: CLAIM,
      resource,
      context: noContext,
    });
    return forbids.length === 0 && permits.some(({ node }) => isTrue(node));
  }

  /** Nothing for an action that does not exist. */
  level(action: string, type: string, caseBound: boolean): LevelResiduals {
    const request = this.request(action, type, caseBound);
    return request ? this.#residuals(request) : NOTHING;
  }

  /** As `level`, and without its forbids where nothing is permitted: there they change nothing. */
  openingLevel(action: string, type: string, caseBound: boolean): LevelResiduals {
    const request = this.request(action, type, caseBound);
    if (!request) return NOTHING;
    const permits = this.#permits(request);
    return permits.length > 0 ? { permits, forbids: this.#ofEffect("forbid", request) } : NOTHING;
  }

  /** The request that policies of the action see; null when the action does not exist. */
  request(action: string, type: string, caseBound: boolean): PartialRequest | null {
    const { schema } = this.#tables;
    const applies = schema.actions.get(action)?.appliesTo;
    if (!applies) return null;
    const resource = resourceNode(schema, type, caseBound);
    return { ...this.#request, action, resource, context: contextNode(applies.context, this.reader.purpose) };
  }

  #residuals(request: PartialRequest): LevelResiduals {
    return { permits: this.#permits(request), forbids: this.#ofEffect("forbid", request) };
  }

  #permits(request: PartialRequest): readonly Residual[] {
    return this.#ofEffect("permit", request).filter(({ node }) => node.op !== "failed");
  }

  #ofEffect(effect: PolicyJson["effect"], request: PartialRequest): readonly Residual[] {
    return this.#tables.actions
      .policiesOf(request.action)
      .filter(({ json }) => json.effect === effect)
      .map((policy) => ({ policy, node: partialPolicy(policy.json, request) }))
      .filter(({ node }) => !isFalse(node));
  }
}
