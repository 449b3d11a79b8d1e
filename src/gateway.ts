/**
 * The pipeline, and the only file that calls all stages:
 *
 *     authenticate → prepare → authorize → plan → execute → project → record → respond
 *
 * In      one request: headers, GraphQL text, variables.
 * Out     the reply's JSON text. Data leaves only after its disclosure record is on disk.
 * Errors  a `GatewayError`; nothing of the answer has left by then.
 */
import { randomUUID } from "node:crypto";
import { execute as executeGraphql } from "graphql";
import type { DisclosureLog } from "./audit/log.ts";
import type { Backend, OutboundReader } from "./execute/backend.ts";
import { execute } from "./execute/execute.ts";
import type { RowRules } from "./execute/rows.ts";
import type { Authenticate, RequestHeaders } from "./identity/authenticate.ts";
import type { Principal } from "./identity/principal.ts";
import type { AgencyCode, SubgraphName } from "./kernel/brands.ts";
import type { Clock } from "./kernel/clock.ts";
import { GatewayError } from "./kernel/errors.ts";
import type { Locale } from "./kernel/messages.ts";
import type { Holder, Seals } from "./kernel/seals.ts";
import type { OperationLimits } from "./operation/bounds.ts";
import { coerceVariables } from "./operation/coerce.ts";
import type { PersistedDocument } from "./operation/document-store.ts";
import { createPrepare } from "./operation/prepare.ts";
import { prepareDocuments } from "./operation/prepare-documents.ts";
import { bind, NO_UID } from "./plan/bind.ts";
import type { GateMaker } from "./plan/gates.ts";
import { overridesOf } from "./plan/overrides.ts";
import { createPlanStage, type Plan } from "./plan/plan.ts";
import type { Planner } from "./plan/planner.ts";
import {
  type CaseAccessJson,
  factsFromAccess,
  NO_PERSON,
  type PersonAccessJson,
  REGISTER_FACTS,
} from "./policy/facts.ts";
import { applyMask, maskEnvironment } from "./policy/masks.ts";
import type { PolicySet } from "./policy/policy-set.ts";
import { type Answer, Body, type Carries } from "./respond/answer.ts";
import { project } from "./respond/project.ts";
import { type Agencies, respond } from "./respond/respond.ts";
import type { ProjectTools } from "./respond/writing.ts";
import type { FieldInfo, Supergraph } from "./supergraph/supergraph.ts";

export interface GatewayParts {
  readonly name: string;
  readonly supergraph: Supergraph;
  readonly policies: Pick<PolicySet, "version" | "profile">;
  readonly planner: Planner;
  readonly backends: ReadonlyMap<SubgraphName, Backend>;
  readonly authenticate: Authenticate;
  readonly log: DisclosureLog;
  readonly seals: Seals;
  /** Agencies with several members: that a field is theirs does not make it one member's own. */
  readonly manyMembered: ReadonlySet<AgencyCode>;
  readonly limits: OperationLimits;
  /** Root fields that are in the schema and not served yet. */
  readonly unserved: ReadonlySet<string>;
  readonly clock: Clock;
  /** Labels of progressive overrides that are switched on. */
  readonly overrides?: ReadonlySet<string>;
}

export interface GatewayRequest {
  readonly headers: RequestHeaders;
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly locale: Locale;
  readonly signal: AbortSignal;
  /** What the transport can carry; only whole bodies when left out. */
  readonly carries?: Carries;
}

export interface Gateway {
  readonly supergraph: Supergraph;
  answer(request: GatewayRequest): Promise<Answer>;
  /** Makes persisted documents ready before they are asked for; the problems of those that would be refused. */
  prepareDocuments(documents: readonly PersistedDocument[]): readonly string[];
}

export function createGateway(parts: GatewayParts): Gateway {
  const { supergraph, limits, unserved, planner } = parts;
  const prepare = createPrepare(supergraph.publicSchema, limits, unserved);
  const plan = createPlanStage(planner);
  const drawOverrides = overridesOf(supergraph.sdl, parts.overrides);
  const agencies = agenciesOf(supergraph);
  return {
    supergraph,
    prepareDocuments: (documents) => prepareDocuments(prepare, documents),
    async answer(request) {
      const principal = await parts.authenticate(request.headers);
      const profile = parts.policies.profile(principal);
      const operation = prepare(request.query, request.operationName);
      const { values, conditions } = coerceVariables(supergraph.publicSchema, operation, request.variables);
      const exchange = new Exchange(parts, principal);
      const gates = exchange.gateMaker(profile);
      const hasIssue = principal.issue !== null;
      const planned = await plan({ operation, conditions, hasIssue, gates, overrides: drawOverrides() });
      const { variables, filterHash } = bind(planned.internal, values, exchange.bindTools());
      const { issue } = exchange;
      const execution = await execute({
        plan: planned,
        variables,
        rules: { ...exchange.factRules(), issue, variables: values },
        reader: exchange.outbound(),
        backends: parts.backends,
        signal: request.signal,
      });
      const introspection = introspect(supergraph, planned, request.variables);
      const projected = project(
        planned.projection,
        execution,
        exchange.projectTools(filterHash, introspection),
      );
      if (planned.parts.length > 0 || projected.refusals.size > 0) {
        await parts.log.append({
          time: new Date(exchange.now).toISOString(),
          gateway: parts.name,
          ...{
            reader: principal.staff,
            member: principal.member,
            role: principal.role,
            purpose: principal.purpose,
          },
          issue,
          operationHash: operation.hash,
          policyVersion: parts.policies.version,
          withheldCount: projected.withheld.length,
          refusals: Object.fromEntries(projected.refusals),
          subjects: projected.disclosed,
        });
      }
      const { faults, missing } = execution;
      const text = respond({ projected, faults, missing, agencies, locale: request.locale });
      return { kind: "whole", body: new Body(text) };
    },
  };
}

function agenciesOf({ subgraphs, fields }: Supergraph): Agencies {
  const ofSubgraph = (subgraph: SubgraphName): string => subgraphs.get(subgraph)?.agency ?? "GW";
  return {
    ofSubgraph,
    ofField: (field) => {
      const server = field === null ? undefined : fields.get(field)?.servedBy[0];
      return server === undefined ? "GW" : ofSubgraph(server);
    },
  };
}

/** One request's instant, reader and seals. */
class Exchange {
  readonly now: number;
  /** Uid of the issue's case; null when none is named. An issue that does not open is no case's. */
  readonly issue: string | null;
  readonly #parts: GatewayParts;
  readonly #principal: Principal;

  constructor(parts: GatewayParts, principal: Principal) {
    this.#parts = parts;
    this.#principal = principal;
    this.now = parts.clock.now();
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
    const { now } = this;
    const reached = { caseBound: true, breakGlassUntil: 0, now };
    return {
      registerFacts: REGISTER_FACTS(NO_PERSON, now),
      caseFacts: (access) => factsFromAccess(access as CaseAccessJson | null, reached),
      personFacts: (access) => REGISTER_FACTS(access as PersonAccessJson | null, now),
    };
  }

  bindTools(): Parameters<typeof bind>[2] {
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
    const { agency, member, role, staff, purpose } = this.#principal;
    const issue = this.issue === NO_UID ? null : this.issue;
    return { requestId: randomUUID(), agency, member, role, staff, purpose, issue };
  }

  projectTools(
    filterHash: (connection: string) => string,
    introspection: ProjectTools["introspection"],
  ): ProjectTools {
    const { seals } = this.#parts;
    const { member } = this.#principal;
    const pseudonyms = maskEnvironment(seals.pseudonymKey, member);
    return {
      introspection,
      sealId: (type, uid) => seals.sealId(member, type, uid),
      sealCursor: (cursor, connection) => seals.sealCursor(this.#holder, filterHash(connection), cursor),
      mask: (name, value) => applyMask(name, value, pseudonyms),
    };
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

/** `__schema` and `__type`, answered from the public schema beside the plan. */
function introspect(
  supergraph: Supergraph,
  { projection }: Plan,
  variables: Readonly<Record<string, unknown>>,
): ProjectTools["introspection"] {
  if (projection.introspection === null) return {};
  const result = executeGraphql({
    schema: supergraph.publicSchema,
    document: projection.introspection,
    variableValues: variables,
  });
  if (result instanceof Promise)
    throw new GatewayError("INTERNAL_SERVER_ERROR", "introspection took a promise");
  return result.data ?? {};
}
