/**
 * What a gateway decides by when its policies come from the store: the newest publication, and the draft that runs beside it.
 *
 * In      the tables of the schema in force beside it: a publication is no reason to read them anew.
 * Out     policy sets, out of what was compiled when they were published, or compiled now when the deployment's schema is another.
 * Rule    signature, hash of the files and hash of what was compiled all verify, or nothing is taken up. A store that went back to an
 *         earlier publication was tampered with, or restored: it is refused until a restart.
 *         A shadow that cannot be used is left out, and told: it keeps nobody from what was published.
 * Errors  POLICY_UNTRUSTED; POLICY_INVALID, also when nothing is published.
 */
import type { Domain } from "../policy/domain.ts";
import type { PolicySet } from "../policy/policy-set.ts";
import { folderInvalid } from "../policy/problem.ts";
import { untrusted } from "./statements.ts";
import type { Heads, PolicyStore } from "./store.ts";
import { storedPolicies } from "./stored.ts";

export interface TakenUp {
  readonly policySet: PolicySet;
  readonly shadow: PolicySet | null;
  /** The rows that this was read from, whether or not the shadow could be used. */
  readonly heads: Heads;
  /** Of the content that was published. */
  readonly hash: string;
}

export class TakeUp {
  readonly #store: PolicyStore;
  readonly #onShadowRefused: (error: unknown) => void;
  #newest = 0;

  constructor(store: PolicyStore, onShadowRefused: (error: unknown) => void) {
    this.#store = store;
    this.#onShadowRefused = onShadowRefused;
  }

  async load(domain: Domain): Promise<TakenUp> {
    const publication = await this.#store.published();
    if (!publication) throw folderInvalid("nothing is published in the policy store");
    if (publication.number < this.#newest)
      throw untrusted(`the policy store went back from publication ${this.#newest} to ${publication.number}`);
    const policySet = await storedPolicies(this.#store, publication, domain);
    this.#newest = publication.number;
    const shadow = await this.#shadow(publication.hash, domain);
    return {
      policySet,
      shadow: shadow.policySet,
      heads: { publication: publication.number, shadow: shadow.number },
      hash: publication.hash,
    };
  }

  /** None when the draft is what is published. */
  async #shadow(
    published: string,
    domain: Domain,
  ): Promise<{ readonly policySet: PolicySet | null; readonly number: number | null }> {
    let number: number | null = null;
    try {
      number = (await this.#store.heads()).shadow;
      const shadow = await this.#store.shadow();
      number = shadow?.number ?? null;
      const { hash = null, bundle = null } = shadow ?? {};
      if (hash === null || bundle === null || hash === published) return { policySet: null, number };
      return { policySet: await storedPolicies(this.#store, { hash, bundle }, domain), number };
    } catch (error) {
      this.#onShadowRefused(error);
      return { policySet: null, number };
    }
  }
}
