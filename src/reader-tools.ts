/**
 * One request's instant, reader and seals: what the stages are given to decide, bind and write for this reader.
 */
import { randomUUID } from "node:crypto";
import type { Disclosure, RecordedGroup } from "./audit/record.ts";
import type { OutboundReader } from "./execute/backend.ts";
import type { RowRules } from "./execute/rows.ts";
import type { Principal } from "./identity/principal.ts";
import { DATA_SUBJECT } from "./identity/roles.ts";
import type { AgencyCode } from "./kernel/brands.ts";
import { obligationTexts } from "./kernel/obligations.ts";
import type { FileReader } from "./kernel/sealed-file-link.ts";
import type { Holder, Seals } from "./kernel/seals.ts";
import { type BindTools, NO_UID } from "./plan/bind.ts";
import type { GateMaker } from "./plan/gates.ts";
import type { Domain } from "./policy/domain.ts";
import {
  type CaseAccessJson,
  factsFromAccess,
  NO_PERSON,
  type PersonAccessJson,
  REGISTER_FACTS,
} from "./policy/facts.ts";
import { applyMask, maskEnvironment } from "./policy/masks.ts";
import type { DisclosedGroup } from "./respond/disclosure.ts";
import type { Projected } from "./respond/project.ts";
import type { ProjectTools } from "./respond/writing.ts";
import type { FieldInfo, Supergraph } from "./supergraph/supergraph.ts";

export interface ReaderParts {
  readonly supergraph: Supergraph;
  readonly seals: Seals;
  /** Agencies with several members: that a field is theirs does not make it one member's own. */
  readonly manyMembered: ReadonlySet<AgencyCode>;
  /** In force: by the groups of their tables rows are folded. */
  readonly policies: { readonly domain: Pick<Domain, "groups"> };
}

type Shown = Pick<Projected, "withheld" | "refusals" | "disclosed">;
/** What a disclosure says beyond the operation and who answered. */
type ReadersDisclosure = Omit<Disclosure, "gateway" | "operationHash" | "policyVersion">;

export type BrokenGlass = ReadonlyMap<string, number>;
const NONE: BrokenGlass = new Map();

export class ReaderTools {
  readonly now: number;
  /** Uid of the issue's case; null when none is named. An issue that does not open is no case's. */
  readonly issue: string | null;
  /** When break-glass ends, by the uid of each case that it opens to the reader now. */
  readonly brokenGlass: BrokenGlass;
  readonly #parts: ReaderParts;
  readonly #principal: Principal;

  constructor(parts: ReaderParts, principal: Principal, now: number, brokenGlass: BrokenGlass = NONE) {
    this.#parts = parts;
    this.#principal = principal;
    this.now = now;
    this.brokenGlass = brokenGlass;
    this.issue = principal.issue === null ? null : this.#open(principal.issue, "Case");
  }

  gateMaker(profile: GateMaker["profile"]): GateMaker {
    const { supergraph, manyMembered } = this.#parts;
    const { agency } = this.#principal;
    const isOwn = ({ owner }: FieldInfo): boolean => owner === agency && !manyMembered.has(owner);
    return { supergraph, profile, isOwn, registerFacts: REGISTER_FACTS(NO_PERSON, this.now) };
  }

  /** Every part of an access object may be missing or lie about its type: the folds take that for the worst. */
  factRules(): Pick<RowRules, "registerFacts" | "caseFacts" | "personFacts"> {
    const { now, brokenGlass } = this;
    const { groups } = this.#parts.policies.domain;
    return {
      registerFacts: REGISTER_FACTS(NO_PERSON, now),
      caseFacts: (access, uid) => {
        const breakGlassUntil = brokenGlass.get(uid as string) ?? 0;
        const circumstances = { caseBound: true, breakGlassUntil, now, groups };
        return factsFromAccess(access as CaseAccessJson | null, circumstances);
      },
      personFacts: (access) => REGISTER_FACTS(access as PersonAccessJson | null, now),
    };
  }

  bindTools(): BindTools {
    const { seals } = this.#parts;
    const { agency, member, role, staff, purpose } = this.#principal;
    return {
      reader: { agency, address: member, role, staff, purpose },
      maxPageSize: seals.maxPageSize,
      openId: (given) => this.#open(given, null),
      openCursor: (given, filterHash) => seals.openCursor(this.#holder, filterHash, given),
    };
  }

  outbound(): OutboundReader {
    const { agency, member, role, staff, purpose, certificates, assurance, authenticatedAtMs } =
      this.#principal;
    const issue = this.issue === NO_UID ? null : this.issue;
    const reader = { requestId: randomUUID(), agency, member, role, staff, purpose, issue };
    const namesIssue = this.issue !== null;
    const credentials = { certificates, assurance, authenticatedAtMs, namesIssue };
    return { ...reader, credentials, brokenGlass: [...this.brokenGlass.keys()].sort() };
  }

  /** For whom a link to a file is. */
  fileReader(): FileReader {
    const { member, staff, role, purpose } = this.#principal;
    return { member, staff, role, purpose, issue: this.issue };
  }

  projectTools(
    filterHash: (connection: string) => string,
    introspection: ProjectTools["introspection"],
  ): ProjectTools {
    const { seals, supergraph } = this.#parts;
    const { member } = this.#principal;
    const environment = maskEnvironment(seals.pseudonymKey, member, this.now);
    return {
      introspection,
      now: this.now,
      subjects: supergraph.subjects,
      sealId: (type, uid) => seals.sealId(member, type, uid),
      sealCursor: (cursor, connection) => seals.sealCursor(this.#holder, filterHash(connection), cursor),
      mask: (name, value) => applyMask(name, value, environment),
    };
  }

  /**
   * What the log keeps of an answer to this reader. A person who reads about herself is known by her own number: in the log, where
   * headers are in the clear, a pseudonym stands for it.
   */
  disclosed({ withheld, refusals, disclosed }: Shown): ReadersDisclosure {
    const { member, role, purpose, staff } = this.#principal;
    return {
      time: new Date(this.now).toISOString(),
      reader: role === DATA_SUBJECT ? this.#pseudonym(`${DATA_SUBJECT}\0${staff}`) : staff,
      ...{ member, role, purpose, issue: this.issue },
      withheldCount: withheld.length,
      refusals: Object.fromEntries(refusals),
      subjects: disclosed.map(({ type, uid, groups }) => ({ type, uid, groups: recordedGroups(groups) })),
      ...this.#kindOf(disclosed),
    };
  }

  /** Records say so when something was shown of a case that break-glass opens to this reader. */
  #kindOf(disclosed: Shown["disclosed"]): Pick<Disclosure, "kind"> {
    const isBroken = disclosed.some(({ type, uid }) => type === "Case" && this.brokenGlass.has(uid));
    return isBroken ? { kind: "BREAK_GLASS" } : {};
  }

  #pseudonym(value: string): string {
    return maskEnvironment(this.#parts.seals.pseudonymKey, this.#principal.member, this.now).pseudonym(value);
  }

  get #holder(): Holder {
    const { member, purpose } = this.#principal;
    return { member, purpose, nowMs: this.now };
  }

  #open(given: string, type: string | null): string {
    const opened = this.#parts.seals.openId(this.#principal.member, given);
    return opened && (type === null || opened.type === type) ? opened.uid : NO_UID;
  }
}

/** Subjects of which the same was shown share one list. */
const recorded = new WeakMap<readonly DisclosedGroup[], readonly RecordedGroup[]>();

function recordedGroups(groups: readonly DisclosedGroup[]): readonly RecordedGroup[] {
  const known = recorded.get(groups);
  if (known) return known;
  const written = groups.map(({ group, level, obligations }) => ({
    ...{ group, level },
    ...(obligations.length > 0 && { obligations: obligationTexts(obligations) }),
  }));
  recorded.set(groups, written);
  return written;
}
