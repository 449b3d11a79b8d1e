/**
 * The policy store of a running gateway: what it takes up, and when it looks for more. Null when its policies are files.
 *
 * Out     what was refused as a shadow, and where a shadow differs, goes to log and metrics; each difference is logged once.
 * Bounds  10,000 differences are logged of a shadow; all are counted.
 */
import type pg from "pg";
import type { Config } from "../config/config.ts";
import type { PolicySet } from "../policy/policy-set.ts";
import { type HearDifference, ShadowedPolicies } from "../policy/shadow.ts";
import { PolicyStore } from "../policy-store/store.ts";
import { type TakenUp, TakeUp } from "../policy-store/take-up.ts";
import type { Operations } from "./lasting.ts";
import { policyVerifiers } from "./policy-keys.ts";
import { Publications } from "./publications.ts";
import type { GatewaySecrets } from "./secrets.ts";

export interface OpenedPolicyStore {
  load(schemaDir: string): Promise<StoredPolicies>;
  readonly publications: Publications;
}

export interface StoredPolicies extends Pick<TakenUp, "heads" | "policySet"> {
  readonly policies: PolicySet | ShadowedPolicies;
}

export interface PolicyStoreParts {
  readonly config: Pick<Config, "policy">;
  readonly secrets: Pick<GatewaySecrets, "policySigning">;
  readonly operations?: Operations;
}

const MOST_LOGGED = 10_000;

export async function openPolicyStore(
  { config, secrets, operations: { log, metrics } = {} }: PolicyStoreParts,
  pool: pg.Pool,
): Promise<OpenedPolicyStore | null> {
  if (config.policy.source === "files") return null;
  const verifiers = await policyVerifiers(config, async () => secrets.policySigning);
  const store = new PolicyStore({ pool, verifiers });
  await store.migrate();
  const takeUp = new TakeUp(store, (fault) => log?.warn("shadow.refused", { fault }));
  const hearing = (policyVersion: string): HearDifference => {
    const logged = new Set<string>();
    return (difference) => {
      const { role, purpose, coordinate, kind, seenIn } = difference;
      metrics?.shadowDifference(kind, seenIn);
      const key = JSON.stringify(difference);
      if (logged.has(key) || logged.size >= MOST_LOGGED) return;
      logged.add(key);
      const at = coordinate === null ? {} : { coordinate };
      log?.info("shadow.differs", { role, purpose, ...at, reason: `${kind} in a ${seenIn}`, policyVersion });
    };
  };
  return {
    async load(schemaDir) {
      const { policySet, shadow, heads } = await takeUp.load(schemaDir);
      const policies = shadow ? new ShadowedPolicies(policySet, shadow, hearing(shadow.version)) : policySet;
      return { policySet, policies, heads };
    },
    publications: new Publications({
      ...{ store, pool },
      onReachable: (isReachable) => metrics?.policyStore(isReachable),
    }),
  };
}
