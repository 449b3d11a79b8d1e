/**
 * The policy store of a running gateway: what it takes up, when it looks for more, and what officers do over the network. Null when
 * its policies are files.
 *
 * Out     what was refused as a shadow, and where a shadow differs, goes to log and metrics; each difference is logged once.
 * Bounds  10,000 differences are logged of a shadow; all are counted.
 * Errors  an act of an officer: POLICY_REFUSED on a gateway without the key that signs; those of `OfficersDesk`.
 */
import type pg from "pg";
import { noteSigner } from "../audit/note.ts";
import type { Config } from "../config/config.ts";
import { type Clock, systemClock } from "../kernel/clock.ts";
import type { Domain } from "../policy/domain.ts";
import type { PolicySet } from "../policy/policy-set.ts";
import { type HearDifference, ShadowedPolicies } from "../policy/shadow.ts";
import { type PolicyContents, storeContents } from "../policy-store/contents.ts";
import { performAct } from "../policy-store/officer-act.ts";
import { KEY_NAME } from "../policy-store/statements.ts";
import { PolicyStore } from "../policy-store/store.ts";
import { refused } from "../policy-store/store-tools.ts";
import { type TakenUp, TakeUp } from "../policy-store/take-up.ts";
import type { Operations } from "./lasting.ts";
import { type OfficerRequest, OfficersDesk } from "./officers-desk.ts";
import { policyVerifiers, trustedSeed } from "./policy-keys.ts";
import { Publications } from "./publications.ts";
import type { GatewaySecrets } from "./secrets.ts";

export interface OpenedPolicyStore {
  load(domain: Domain): Promise<StoredPolicies>;
  readonly publications: Publications;
  readonly store: PolicyStore;
  /** Gives the number of the draft, publication or shadow that stands for the act then. */
  perform(request: OfficerRequest, signal: AbortSignal): Promise<number>;
  /** How often a draft in the shadow differed since this gateway took it up beside what is in force; null when it did not. */
  differences(shadow: number): number | null;
  close(): Promise<void>;
}

export interface StoredPolicies extends Pick<TakenUp, "heads" | "policySet"> {
  readonly policies: PolicySet | ShadowedPolicies;
  readonly contents: PolicyContents;
}

export interface PolicyStoreParts {
  readonly config: Pick<Config, "policy">;
  readonly secrets: Pick<GatewaySecrets, "policySigning">;
  /** Connection URL of the gateway's own database. */
  readonly databaseUrl: string;
  readonly clock?: Clock;
  readonly operations?: Operations;
}

const MOST_LOGGED = 10_000;
const ELSEWHERE =
  "this gateway does not hold the key that signs what officers do: use `ihala policy` where it is kept";

export async function openPolicyStore(
  { config, secrets, databaseUrl, clock = systemClock, operations: { log, metrics } = {} }: PolicyStoreParts,
  pool: pg.Pool,
): Promise<OpenedPolicyStore | null> {
  if (config.policy.source === "files") return null;
  const own = async () => secrets.policySigning;
  const verifiers = await policyVerifiers(config, own);
  const seed = await trustedSeed(config, own, verifiers);
  const store = new PolicyStore({ pool, verifiers });
  await store.migrate();
  const takeUp = new TakeUp(store, (fault) => log?.warn("shadow.refused", { fault }));
  const desk = seed && new OfficersDesk({ databaseUrl, seed, vkeys: verifiers.map(({ vkey }) => vkey) });
  let counted: { readonly heads: TakenUp["heads"]; count: number } | null = null;
  const hearing = (policyVersion: string, heads: TakenUp["heads"]): HearDifference => {
    const logged = new Set<string>();
    const counting = { heads, count: 0 };
    counted = counting;
    return (difference) => {
      const { role, purpose, coordinate, kind, seenIn } = difference;
      counting.count += 1;
      metrics?.shadowDifference(kind, seenIn);
      const key = JSON.stringify(difference);
      if (logged.has(key) || logged.size >= MOST_LOGGED) return;
      logged.add(key);
      const at = coordinate === null ? {} : { coordinate };
      log?.info("shadow.differs", { role, purpose, ...at, reason: `${kind} in a ${seenIn}`, policyVersion });
    };
  };
  return {
    store,
    async load(domain) {
      const { policySet, shadow, heads, hash } = await takeUp.load(domain);
      if (!shadow) counted = null;
      const policies = shadow
        ? new ShadowedPolicies(policySet, shadow, hearing(shadow.version, heads))
        : policySet;
      return { policySet, policies, heads, contents: storeContents(store, hash) };
    },
    publications: new Publications({
      ...{ store, pool },
      onReachable: (isReachable) => metrics?.policyStore(isReachable),
    }),
    async perform({ officer, act, ...folders }, signal) {
      if (!seed || !desk) throw refused(ELSEWHERE);
      if (act.kind !== "approve") return desk.perform({ officer, act, ...folders }, signal);
      // It compiles nothing, so it waits for nobody.
      const tools = { ...folders, store, signer: noteSigner(KEY_NAME, seed), clock };
      return performAct(tools, officer, act);
    },
    differences: (shadow) => (counted?.heads.shadow === shadow ? counted.count : null),
    close: async () => desk?.close(),
  };
}
