/**
 * Which policies speak of an action, and which actions cannot be told apart by any policy.
 *
 * Out     `policiesOf` in the order of the files; `signature`, equal for two fields exactly when every policy treats
 *         them alike, so that they share one verdict (and a row needs to be decided once for both).
 * Cost    built once per policy set: actions × policies.
 */
import type { PolicyJson } from "./cedar/partial.ts";
import type { CedarSchema } from "./cedar/types.ts";
import type { FieldLevel } from "./levels.ts";

interface Indexed {
  readonly json: PolicyJson;
}

type ActionLevel = Pick<FieldLevel, "action" | "mask">;

export class ActionIndex<Policy extends Indexed> {
  readonly #policies: ReadonlyMap<string, readonly Policy[]>;
  readonly #schema: CedarSchema;
  readonly #order: ReadonlyMap<Policy, number>;
  /** Actions that some condition names by themselves, such as `action == Action::"Person.cpr"`. */
  readonly #named: ReadonlySet<string>;
  readonly #looksAtType: boolean;
  readonly #signatures = new Map<string, string>();
  readonly #levelSignatures = new Map<string, string>();

  constructor(policies: readonly Policy[], schema: CedarSchema) {
    this.#schema = schema;
    this.#order = new Map(policies.map((policy, position) => [policy, position]));
    this.#policies = indexByAction(policies, schema);
    this.#named = new Set(policies.flatMap(({ json }) => actionsIn(json.conditions)));
    this.#looksAtType = policies.some(({ json }) => isTyped(json));
  }

  /** Policies whose action scope covers the action. */
  policiesOf(action: string): readonly Policy[] {
    return this.#policies.get(action) ?? [];
  }

  /** Of the levels of a field, whose masks are part of it: what is shown otherwise is not alike. */
  signature(levels: readonly ActionLevel[], resourceType: string): string {
    const key = levels[0]?.action ?? "";
    const signature =
      this.#signatures.get(key) ?? levels.map((level) => this.levelSignature(level, resourceType)).join("|");
    this.#signatures.set(key, signature);
    return signature;
  }

  /** Of one level alone. */
  levelSignature({ action, mask }: ActionLevel, resourceType: string): string {
    const signature = this.#levelSignatures.get(action) ?? this.#levelSignatureOf(action, mask);
    this.#levelSignatures.set(action, signature);
    return this.#looksAtType ? `${signature} ${resourceType}` : signature;
  }

  #levelSignatureOf(action: string, mask: ActionLevel["mask"]): string {
    const groups = [...(this.#schema.actions.get(action)?.ancestors ?? [])].filter(
      (group) => group !== action,
    );
    const policies = this.policiesOf(action).map((policy) => this.#order.get(policy));
    return [mask ?? "", ...groups.sort(), this.#named.has(action) ? action : "", ...policies].join(" ");
  }
}

function indexByAction<Policy extends Indexed>(policies: readonly Policy[], { actions }: CedarSchema) {
  return new Map(
    [...actions.values()].map(({ id, ancestors }) => [
      id,
      policies.filter(({ json }) => covers(json, id, ancestors)),
    ]),
  );
}

export function covers({ action }: PolicyJson, id: string, ancestors: ReadonlySet<string>): boolean {
  if (action.op === "All") return true;
  const named = scopeActions(action);
  return action.op === "==" ? named.includes(id) : named.some((group) => ancestors.has(group));
}

/** Actions and groups that a policy's scope names. */
export function scopeActions(action: PolicyJson["action"]): string[] {
  return action.op === "All" ? [] : (action.entities ?? [action.entity]).map(idOf);
}

function idOf(entity: unknown): string {
  const { __entity, id } = entity as { __entity?: { id: string }; id?: string };
  return __entity?.id ?? id ?? "";
}

const isTyped = ({ resource, conditions }: PolicyJson): boolean =>
  resource.op !== "All" || JSON.stringify(conditions).includes('"is":');

function actionsIn(conditions: PolicyJson["conditions"]): string[] {
  const found: string[] = [];
  JSON.stringify(conditions, (_, value) => {
    if (value?.__entity?.type === "Action") found.push(value.__entity.id);
    return value;
  });
  return found;
}
