/**
 * One version of the policies, compiled: answers for any reader profile, without WebAssembly and without I/O.
 *
 * Out     `profile(principal)`: the verdicts of one (agency, role, purpose, certificates), memoised by that key.
 * Errors  PURPOSE_NOT_HELD when no policy lets the role claim the purpose; OPERATION_FORBIDDEN when the role is
 *         unknown or another agency's.
 * Bounds  at most 2,000 profiles are kept; certificates that no policy can name are dropped from the key.
 */
import { LRUCache } from "lru-cache";
import type { Principal } from "../identity/principal.ts";
import type { PolicyId } from "../kernel/brands.ts";
import { GatewayError } from "../kernel/errors.ts";
import { NO_OBLIGATIONS, type Obligations, readObligations } from "../kernel/obligations.ts";
import { ActionIndex } from "./action-index.ts";
import { closure } from "./cedar/closure.ts";
import { isTrue, readsOf } from "./cedar/node.ts";
import type { PolicyJson } from "./cedar/partial.ts";
import type { CedarSchema } from "./cedar/types.ts";
import type { Domain, DomainField } from "./domain.ts";
import { type FieldLevel, levelsOf } from "./levels.ts";
import type { Place } from "./problem.ts";
import { reasonOf, UNKNOWN } from "./reasons.ts";
import { policyRole, type Reader } from "./request-nodes.ts";
import { type LevelResiduals, ReaderResiduals, type Residual } from "./residuals.ts";
import type { FactRow, Level, Rule } from "./rule.ts";
import type { Effect, FactName, Profile, Question, Verdict } from "./verdict.ts";
import { verdictOf } from "./verdict-program.ts";

const MAX_PROFILES = 2000;

/** What a policy obliges its readers to; the checks have made sure that it can be read. */
export const obligationsOf = ({ json }: Pick<CompiledPolicy, "json">): Obligations => {
  const text = json.annotations?.["obligations"];
  return text === undefined ? NO_OBLIGATIONS : readObligations(text).obligations;
};

/** A policy, and the place of its first character. */
export interface CompiledPolicy extends Place {
  readonly id: PolicyId;
  readonly text: string;
  readonly json: PolicyJson;
  /** Id of the template that it links; its place is then the link's. */
  readonly template?: string;
}

export type ProfileReader = Pick<Principal, "agency" | "role" | "purpose" | "certificates">;

export class PolicySet {
  /** SHA-256 of the policy and schema texts, lower-case hex; copied into the audit record. */
  readonly version: string;
  /** In the order of their files, `baseline.cedar` first: among forbids the first names the reason. */
  readonly policies: readonly CompiledPolicy[];
  readonly schema: CedarSchema;
  readonly domain: Domain;
  readonly actions: ActionIndex<CompiledPolicy>;
  readonly #profiles = new LRUCache<string, Profile>({ max: MAX_PROFILES });

  constructor(version: string, policies: readonly CompiledPolicy[], schema: CedarSchema, domain: Domain) {
    this.version = version;
    this.policies = policies;
    this.schema = schema;
    this.domain = domain;
    this.actions = new ActionIndex(policies, schema);
  }

  profile(principal: ProfileReader): Profile {
    const reader = this.#readerOf(principal);
    const parts = [this.version, reader.agency, reader.role, reader.purpose, ...reader.certificates];
    const key = parts.join("|");
    const memoised = this.#profiles.get(key);
    if (memoised) return memoised;
    const profile = new ReaderProfile(key, this, this.#claim(reader));
    this.#profiles.set(key, profile);
    return profile;
  }

  /** One for each purpose that the policies let the role claim. */
  profiles(reader: Omit<ProfileReader, "purpose">): readonly Profile[] {
    return (this.schema.enums.get("Purpose") ?? []).flatMap((purpose) => {
      try {
        return [this.profile({ ...reader, purpose })];
      } catch (error) {
        if (error instanceof GatewayError && error.code === "PURPOSE_NOT_HELD") return [];
        throw error;
      }
    });
  }

  /** What a reader's verdicts are made of, for tools that explain or prove. Errors as `profile`. */
  residuals(principal: ProfileReader): ReaderResiduals {
    return this.#claim(this.#readerOf(principal));
  }

  #claim(reader: Reader): ReaderResiduals {
    const residuals = new ReaderResiduals(this, reader);
    if (residuals.isClaimed()) return residuals;
    throw new GatewayError(
      "PURPOSE_NOT_HELD",
      `the role \`${reader.role}\` does not hold the purpose \`${reader.purpose}\``,
    );
  }

  #readerOf({ agency, role, purpose, certificates }: ProfileReader): Reader {
    const roles = this.schema.enums.get("Role") ?? [];
    const isOwnRole = role === "dataSubject" || role.startsWith(`${agency}.`);
    if (!this.domain.agencies.includes(agency) || !isOwnRole || !roles.includes(policyRole(role))) {
      throw new GatewayError("OPERATION_FORBIDDEN", `the role \`${role}\` is not one of the reader's agency`);
    }
    const named = this.schema.enums.get("Certificate") ?? [];
    return { agency, role, purpose, certificates: named.filter((name) => certificates.has(name)) };
  }
}

class ReaderProfile implements Profile {
  readonly key: string;
  readonly #set: PolicySet;
  readonly #residuals: ReaderResiduals;
  readonly #verdicts = new Map<string, Verdict>();
  /** Fields that no policy tells apart share one verdict. */
  readonly #shared = new Map<string, Verdict>();

  constructor(key: string, set: PolicySet, residuals: ReaderResiduals) {
    this.key = key;
    this.#set = set;
    this.#residuals = residuals;
  }

  verdict({ coordinate, caseBound }: Question): Verdict {
    const key = caseBound ? coordinate : `${coordinate} register`;
    const memoised = this.#verdicts.get(key);
    if (memoised) return memoised;
    const verdict = this.#settle(coordinate, caseBound);
    this.#verdicts.set(key, verdict);
    return verdict;
  }

  #settle(coordinate: string, caseBound: boolean): Verdict {
    const { domain, actions } = this.#set;
    const field = domain.fields.get(coordinate);
    if (!field) return NOT_A_FIELD;
    const signature = `${caseBound} ${actions.signature(levelsOf(field), field.type)}`;
    return this.#share(signature, () => this.#ask(field, caseBound));
  }

  #share(signature: string, make: () => Verdict): Verdict {
    const shared = this.#shared.get(signature) ?? make();
    this.#shared.set(signature, shared);
    return shared;
  }

  #ask(field: DomainField, caseBound: boolean): Verdict {
    const { domain, actions } = this.#set;
    const { type, group } = field;
    const levels = levelsOf(field).flatMap((level) => {
      const tells = level.effect === "DENY";
      if (tells && domain.kindOf(group) !== "caseData") return [];
      const residuals = tells
        ? this.#residuals.level(level.action, type, caseBound)
        : this.#residuals.openingLevel(level.action, type, caseBound);
      return tells || residuals.permits.length > 0 ? [{ level, residuals }] : [];
    });
    // Fields that differ in levels that are closed to this reader are alike to it.
    const signatures = levels.map(({ level }) => `${level.effect} ${actions.levelSignature(level, type)}`);
    return this.#share([caseBound, group, ...signatures].join("|"), () => this.#made(group, levels));
  }

  #made(
    group: string,
    asked: readonly { readonly level: FieldLevel; readonly residuals: LevelResiduals }[],
  ): Verdict {
    const levels = asked.map(({ level: { effect, mask }, residuals }) => ({
      ...levelOf(residuals),
      ...{ effect, mask },
    }));
    const of = (effect: Effect): Level | undefined => levels.find((level) => level.effect === effect);
    return verdictOf({
      clear: of("ALLOW") ?? NO_LEVEL,
      forms: levels.filter(({ effect }) => effect === "MASK"),
      aggregate: of("AGGREGATE") ?? NO_LEVEL,
      exists: of("DENY") ?? null,
      reason: this.#set.domain.cell(group, this.#residuals.reader.agency).reason,
    });
  }
}

const NO_LEVEL: Level = { permits: [], forbids: [] };
const NOT_A_FIELD: Verdict = Object.freeze({ kind: "settled", outcome: UNKNOWN });

const levelOf = ({ permits, forbids }: LevelResiduals): Level => ({
  permits: permits.map((residual) => ruleOf(residual, false)),
  forbids: forbids.map((residual) => ruleOf(residual, true)),
});

/** Fail closed: a forbid that errs holds, a permit that errs does not. */
function ruleOf({ policy, node }: Residual, onError: boolean): Rule {
  const { id, json } = policy;
  const test = closure(node);
  return {
    id,
    reason: reasonOf(json.annotations?.["legalBasis"] ?? ""),
    always: isTrue(node) || node.op === "failed",
    holds: (row: FactRow) => {
      try {
        return test(row) === true;
      } catch {
        return onError;
      }
    },
    reads: readsOf(node) as Set<FactName>,
    obligations: obligationsOf(policy),
  };
}
