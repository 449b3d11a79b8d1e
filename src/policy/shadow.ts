/**
 * A draft worked out beside the policies in force, to see where the two differ for real requests. What is answered never changes.
 *
 * In      both policy sets, and whoever wants to hear of differences.
 * Out     the profiles of those in force, whose verdicts are passed on as they are; on the side each is compared with the draft's.
 * Request `asked` tells the differences of the fields that a plan decides, once for each request that is answered by it.
 * Row     a field that rows decide is compared row by row, where the draft asks for no fact that was not fetched; else it `depends`.
 * Errors  none: a draft that fails is a draft that differs.
 * Cost    a verdict of the draft for each field of a plan when it is made; a second decision for each row.
 */
import { GatewayError } from "../kernel/errors.ts";
import { compareObligations } from "../kernel/obligations.ts";
import type { Domain, DomainField } from "./domain.ts";
import { directionOf } from "./levels.ts";
import type { PolicySet, ProfileReader } from "./policy-set.ts";
import type { Facts, Outcome, Profile, Question, Verdict } from "./verdict.ts";

export interface ShadowDifference {
  readonly role: string;
  readonly purpose: string;
  /** Null when the purpose as a whole may be claimed under one of the two alone. */
  readonly coordinate: string | null;
  /** `wider` and `narrower` also of what readers owe. `other`: they owe some less and some more. `depends`: facts that were not asked for would decide. */
  readonly kind: "wider" | "narrower" | "other" | "depends";
  /** Seen in what a request may ever show, or in one row of it. */
  readonly seenIn: "request" | "row";
}

export type HearDifference = (difference: ShadowDifference) => void;

export class ShadowedPolicies {
  readonly version: string;
  /** Rows are folded by the tables of those in force, also for the draft: both are of one deployment. */
  readonly domain: Domain;
  readonly #inForce: PolicySet;
  readonly #draft: PolicySet;
  readonly #hear: HearDifference;
  readonly #pairs = new WeakMap<Profile, Pair>();
  readonly #plans = new WeakMap<object, readonly ShadowDifference[]>();

  constructor(inForce: PolicySet, draft: PolicySet, hear: HearDifference) {
    this.version = inForce.version;
    this.domain = inForce.domain;
    this.#inForce = inForce;
    this.#draft = draft;
    this.#hear = hear;
  }

  /** One for each request; errors as those in force. */
  profile(reader: ProfileReader): Profile {
    const draft = tryProfile(this.#draft, reader);
    const claim = {
      role: reader.role,
      purpose: reader.purpose,
      coordinate: null,
      seenIn: "request",
    } as const;
    let inForce: Profile;
    try {
      inForce = this.#inForce.profile(reader);
    } catch (error) {
      if (draft) this.#hear({ ...claim, kind: "wider" });
      throw error;
    }
    if (!draft) {
      this.#hear({ ...claim, kind: "narrower" });
      return inForce;
    }
    const pair =
      this.#pairs.get(inForce) ??
      new Pair({ inForce, draft, domain: this.#inForce.domain }, reader, this.#hear);
    this.#pairs.set(inForce, pair);
    return new WatchedProfile(pair);
  }

  /** What a reader could ever see is what those in force say. */
  profiles(reader: Parameters<PolicySet["profiles"]>[0]): readonly Profile[] {
    return this.#inForce.profiles(reader);
  }

  /** A request was planned: `plan` is the same object for all that are answered by it. */
  asked(profile: Profile, plan: object): void {
    if (!(profile instanceof WatchedProfile)) return;
    const differences = this.#plans.get(plan) ?? profile.differences;
    this.#plans.set(plan, differences);
    for (const difference of differences) this.#hear(difference);
  }
}

function tryProfile(policySet: PolicySet, reader: ProfileReader): Profile | null {
  try {
    return policySet.profile(reader);
  } catch (error) {
    if (error instanceof GatewayError) return null;
    throw error;
  }
}

/** Remembers which of the fields that one request asked for differ. */
class WatchedProfile implements Profile {
  readonly key: string;
  readonly #pair: Pair;
  readonly #differences = new Map<string, ShadowDifference>();

  constructor(pair: Pair) {
    this.key = pair.inForce.key;
    this.#pair = pair;
  }

  get differences(): readonly ShadowDifference[] {
    return [...this.#differences.values()];
  }

  verdict(question: Question): Verdict {
    const { verdict, difference } = this.#pair.compare(question);
    if (difference) this.#differences.set(difference.coordinate ?? "", difference);
    return verdict;
  }
}

interface Compared {
  readonly verdict: Verdict;
  readonly difference: ShadowDifference | null;
}

interface Sides {
  readonly inForce: Profile;
  readonly draft: Profile;
  readonly domain: Domain;
}

/** One reader under both policy sets; each question is compared once. */
class Pair {
  readonly inForce: Profile;
  readonly #draft: Profile;
  readonly #domain: Domain;
  readonly #about: Pick<ShadowDifference, "role" | "purpose">;
  readonly #hear: HearDifference;
  readonly #compared = new Map<string, Compared>();

  constructor(sides: Sides, { role, purpose }: ProfileReader, hear: HearDifference) {
    this.inForce = sides.inForce;
    this.#draft = sides.draft;
    this.#domain = sides.domain;
    this.#about = { role, purpose };
    this.#hear = hear;
  }

  compare(question: Question): Compared {
    const key = `${question.coordinate} ${question.caseBound}`;
    const compared = this.#compared.get(key) ?? this.#compare(question);
    this.#compared.set(key, compared);
    return compared;
  }

  #compare(question: Question): Compared {
    const { coordinate } = question;
    const [verdict, draft] = [this.inForce.verdict(question), this.#draft.verdict(question)];
    const field = this.#domain.fields.get(coordinate);
    const tell = (kind: ShadowDifference["kind"] | null, seenIn: ShadowDifference["seenIn"]) =>
      kind && { ...this.#about, coordinate, kind, seenIn };
    if (verdict.kind === "settled") {
      const kind = draft.kind === "settled" ? kindOf(field, verdict.outcome, draft.outcome) : "depends";
      return { verdict, difference: tell(kind, "request") };
    }
    const isKnown = draft.kind === "settled" || draft.reads.isSubsetOf(verdict.reads);
    if (!isKnown) return { verdict, difference: tell("depends", "request") };
    const decide = (facts: Facts, own: boolean): Outcome => {
      const outcome = verdict.decide(facts, own);
      const other = draft.kind === "settled" ? draft.outcome : draft.decide(facts, own);
      const difference = tell(kindOf(field, outcome, other), "row");
      if (difference) this.#hear(difference);
      return outcome;
    };
    return { verdict: Object.freeze({ ...verdict, decide }), difference: null };
  }
}

/** What is no field with a group is decided alike by all. */
function kindOf(
  field: DomainField | undefined,
  before: Outcome,
  after: Outcome,
): ShadowDifference["kind"] | null {
  if (!field) return null;
  return directionOf(field, before, after) ?? compareObligations(before.obligations, after.obligations);
}
