/**
 * The pipeline, and the only file that calls all stages:
 *
 *     authenticate → prepare → authorize → plan → execute → project → record → respond
 *
 * In      one request: headers, GraphQL text, variables.
 * Out     the reply's JSON text, or one for each event of a subscription. Data leaves only after its disclosure record is on disk.
 * Errors  a `GatewayError`; nothing of the answer has left by then.
 */
import type { DisclosureLog } from "./audit/log.ts";
import type { AgencyFile } from "./connectors/file-exchange.ts";
import type { Backend } from "./execute/backend.ts";
import { type ExecuteRequest, type Execution, execute } from "./execute/execute.ts";
import { subscribe } from "./execute/subscribe.ts";
import { endableFile } from "./files/endable-file.ts";
import { type FileParts, type FileRequest, fileDesk, noSuchFile, type Reopened } from "./files/file-desk.ts";
import type { Authenticate, Showing } from "./identity/authenticate.ts";
import type { Principal } from "./identity/principal.ts";
import type { SubgraphName } from "./kernel/brands.ts";
import type { Clock } from "./kernel/clock.ts";
import { GatewayError } from "./kernel/errors.ts";
import type { Locale } from "./kernel/messages.ts";
import { SharedWork } from "./kernel/shared-work.ts";
import type { OperationLimits } from "./operation/bounds.ts";
import type { RateHeaders } from "./operation/budget.ts";
import { type Budget, createCharge } from "./operation/charge.ts";
import { coerceVariables } from "./operation/coerce.ts";
import type { PersistedDocument } from "./operation/document-store.ts";
import { createPrepare } from "./operation/prepare.ts";
import { prepareDocuments } from "./operation/prepare-documents.ts";
import type { PreparedOperation } from "./operation/prepared.ts";
import { answerInPieces, type Recorded } from "./pieces.ts";
import { type Bound, bind } from "./plan/bind.ts";
import type { GateMaker } from "./plan/gates.ts";
import { overridesOf } from "./plan/overrides.ts";
import { createPlanStage, type Plan } from "./plan/plan.ts";
import type { Planner } from "./plan/planner.ts";
import type { PolicySet, ProfileReader } from "./policy/policy-set.ts";
import type { ShadowedPolicies } from "./policy/shadow.ts";
import { identityOf } from "./question-identity.ts";
import { type BrokenGlass, type ReaderParts, ReaderTools } from "./reader-tools.ts";
import { agenciesOf } from "./respond/agencies.ts";
import { type Answer, Body, type Carries } from "./respond/answer.ts";
import { endable } from "./respond/endable.ts";
import { faultOf } from "./respond/errors.ts";
import { isPublic } from "./respond/is-public.ts";
import { type Projected, project } from "./respond/project.ts";
import { respond } from "./respond/respond.ts";
import type { FileTool, ProjectTools } from "./respond/writing.ts";
import type { Supergraph } from "./supergraph/supergraph.ts";
import { spanOf, type Trace } from "./telemetry/trace.ts";
import { traced } from "./traced.ts";
import { Views } from "./view/views.ts";
import { createWarm, type Warmed } from "./warm.ts";

export interface GatewayParts extends ReaderParts {
  readonly name: string;
  /** `asked` hears of each plan that answers a request, with the profile that it was asked for. */
  readonly policies: Pick<PolicySet, "version" | "profile" | "profiles"> &
    ReaderParts["policies"] &
    Partial<Pick<ShadowedPolicies, "asked">>;
  readonly planner: Planner;
  readonly backends: ReadonlyMap<SubgraphName, Backend>;
  readonly authenticate: Authenticate;
  readonly log: DisclosureLog;
  readonly limits: OperationLimits;
  /** What clients may ask for in a time; without bound when left out, as in development. */
  readonly budget?: Budget;
  /** Kinds of operation and root fields that are in the schema and not served yet. */
  readonly unserved: ReadonlySet<string>;
  /** Root fields of unserved kinds of operation that are served all the same. */
  readonly served?: ReadonlySet<string>;
  /** Cases that break-glass opens to a reader at that instant; none when left out. */
  readonly brokenGlass?: (reader: Principal, nowMs: number) => Promise<BrokenGlass>;
  readonly clock: Clock;
  /** Labels of progressive overrides that are switched on. */
  readonly overrides?: ReadonlySet<string>;
  /** Identical queries of one reader under way at the same time are worked out once; on when left out. */
  readonly shareIdentical?: boolean;
  /** How files are given; none are, and references are shown as they came, when left out. */
  readonly files?: FileParts;
}

export interface GatewayRequest extends Showing {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly locale: Locale;
  readonly signal: AbortSignal;
  /** What the transport can carry; only whole bodies when left out. */
  readonly carries?: Carries;
  readonly trace?: Trace | undefined;
}

export interface Gateway {
  readonly supergraph: Supergraph;
  answer(request: GatewayRequest): Promise<Answer>;
  /** A file whose record is on disk; whoever asked for it closes it. */
  file(request: FileRequest): Promise<AgencyFile>;
  /** Whether one who presents these headers may stay connected; rejects with a `GatewayError`. */
  admit(...whom: Parameters<Authenticate>): Promise<void>;
  /** Makes persisted documents ready before they are asked for; the problems of those that would be refused. */
  prepareDocuments(documents: readonly PersistedDocument[]): readonly string[];
  /** Plans documents for these readers (`warm.ts`). */
  warm(documents: readonly PersistedDocument[], readers: readonly ProfileReader[]): Promise<Warmed>;
  /** Ends the streams under way, of some readers if it says whose, with an error that tells them what to do. */
  endStreams(error: GatewayError, whose?: (reader: Principal) => boolean): void;
}

/** What `setTimeout` can count: 24 days, longer than any token lives. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** A request that may go ahead: who asks, for what, by which plan. */
interface Asking {
  readonly request: GatewayRequest;
  readonly principal: Principal;
  readonly operation: PreparedOperation;
  readonly values: Readonly<Record<string, unknown>>;
  readonly plan: Plan;
  readonly tools: ReaderTools;
  /** What is left of the client's budget. */
  readonly rates: RateHeaders | null;
  /** Links the files that the answer shows; null when it can show none. */
  readonly file: FileTool | null;
}

/** What an execution came to, before it is recorded. */
interface Outcome {
  readonly projected: Projected;
  readonly body: Body;
}

export function createGateway(parts: GatewayParts): Gateway {
  const { supergraph, limits, unserved, planner, clock } = parts;
  const prepare = createPrepare(supergraph.publicSchema, limits, unserved, parts.served);
  const planStage = createPlanStage(planner);
  const drawOverrides = overridesOf(supergraph.sdl, parts.overrides);
  const charge = createCharge(supergraph, parts.seals, parts.budget);
  const agencies = agenciesOf(supergraph);
  const views = new Views(supergraph);
  const shared = new SharedWork<Outcome>();
  const desk = fileDesk(parts.files, parts.seals.fileLinks, () => clock.now());
  const streams = new Map<(error: GatewayError) => void, Principal>();

  /** For each purpose that the reader's role may claim: what it could ever be shown. */
  const everyGate = (principal: Principal, tools: ReaderTools): readonly GateMaker[] =>
    parts.policies.profiles(principal).map((profile) => tools.gateMaker(profile));

  const toolsFor = async (principal: Principal): Promise<ReaderTools> => {
    const now = clock.now();
    return new ReaderTools(parts, principal, now, await parts.brokenGlass?.(principal, now));
  };

  const identify = ({
    headers,
    channel,
    trace,
  }: Showing & Pick<GatewayRequest, "trace">): Promise<Principal> =>
    spanOf(trace)("identity", () => parts.authenticate(headers, channel));

  const open = async (request: GatewayRequest, principal: Principal): Promise<Asking> => {
    const span = spanOf(request.trace);
    const profile = parts.policies.profile(principal);
    const tools = await toolsFor(principal);
    const operation = span("operation", () =>
      prepare(request.query, request.operationName, () => views.schemaFor(everyGate(principal, tools))),
    );
    const { values, conditions } = coerceVariables(supergraph.publicSchema, operation, request.variables);
    const rates = charge(principal, operation, values);
    const gates = span("policy", () => tools.gateMaker(profile));
    const hasIssue = principal.issue !== null;
    const inPieces = request.carries?.incremental === true;
    const overrides = drawOverrides();
    const wanted = { operation, conditions, hasIssue, gates, overrides, inPieces };
    const plan = await span("plan", () => planStage(wanted));
    parts.policies.asked?.(profile, plan);
    const { variables } = request;
    const file = desk?.linksFor({ operation, plan, variables, reader: tools.fileReader() }) ?? null;
    return { request, principal, operation, values, plan, tools, rates, file };
  };

  const executeRequest = (
    { plan, values, tools, request: { trace } }: Asking,
    { variables }: Bound,
    signal: AbortSignal,
  ): ExecuteRequest => ({
    ...{ plan, variables, signal, backends: trace ? traced(parts.backends, trace) : parts.backends },
    rules: { ...tools.factRules(), issue: tools.issue, variables: values },
    reader: { ...tools.outbound(), ...(trace && { onTraced: (given) => trace.link(given) }) },
  });

  const projectToolsFor = (asking: Asking, { filterHash }: Bound): ProjectTools => ({
    ...asking.tools.projectTools(filterHash, introspectionFor(asking)),
    ...(asking.file && { file: asking.file }),
  });

  const introspectionFor = ({ plan, principal, tools, request }: Asking): ProjectTools["introspection"] => {
    const { introspection } = plan.projection;
    return introspection
      ? views.introspect(everyGate(principal, tools), introspection, request.variables)
      : {};
  };

  const outcomeOf = (asking: Asking, bound: Bound, execution: Execution): Outcome => {
    const { plan, request } = asking;
    return spanOf(request.trace)("respond", () => {
      const projected = project(plan.projection, execution, projectToolsFor(asking, bound));
      const { faults } = execution;
      const text = respond({ projected, faults, agencies, locale: request.locale });
      return { projected, body: new Body(text, isPublic(plan, execution, projected)) };
    });
  };

  const record = async (
    { operation, plan, tools, request }: Asking,
    recorded: Recorded,
    body: Body,
    file?: true,
  ): Promise<void> => {
    if (plan.parts.length === 0 && recorded.refusals.size === 0) return;
    const policyVersion = parts.policies.version;
    const by = { gateway: parts.name, operationHash: operation.hash, policyVersion };
    const disclosure = { ...by, ...tools.disclosed(recorded), ...(file && { file }) };
    await spanOf(request.trace)("audit", () => parts.log.append(disclosure, body.bytes));
  };

  const executed = ({ request }: Asking, what: ExecuteRequest): Promise<Execution> =>
    spanOf(request.trace)("execute", () => execute(what));

  const work = async (asking: Asking, signal: AbortSignal): Promise<Outcome> => {
    const bound = bind(asking.plan.internal, asking.values, asking.tools.bindTools());
    return outcomeOf(asking, bound, await executed(asking, executeRequest(asking, bound, signal)));
  };

  const whole = async (asking: Asking): Promise<Answer> => {
    const { plan, request } = asking;
    // A link is used once: nobody is given the one of another.
    const isShareable = plan.internal.kind === "query" && !asking.file && parts.shareIdentical !== false;
    const outcome = isShareable
      ? await shared.share(identityOf(asking), request.signal, (signal) => work(asking, signal))
      : await work(asking, request.signal);
    await record(asking, outcome.projected, outcome.body);
    return { kind: "whole", body: outcome.body };
  };

  const inPieces = async (asking: Asking): Promise<Answer> => {
    const { plan, values, tools: readers, request: asked, principal } = asking;
    const hangUp = new AbortController();
    const bound = bind(plan.internal, values, readers.bindTools());
    const request = executeRequest(asking, bound, AbortSignal.any([asked.signal, hangUp.signal]));
    const execution = await executed(asking, request);
    const tools = projectToolsFor(asking, bound);
    const initial = project(plan.projection, execution, tools);
    const at = () => new ReaderTools(parts, principal, clock.now());
    const written = (payload: Recorded, body: Body) => record({ ...asking, tools: at() }, payload, body);
    const words = { agencies, locale: asked.locale };
    return answerInPieces({ request, execution, initial, tools, record: written, hangUp, ...words });
  };

  /** Each event is decided, recorded and written as an answer of its own, at its own instant. */
  async function* bodiesOf(asking: Asking, signal: AbortSignal): AsyncGenerator<Body, void, undefined> {
    const { internal } = asking.plan;
    const at = async (): Promise<Asking> => ({ ...asking, tools: await toolsFor(asking.principal) });
    let event = await at();
    let bound = bind(internal, asking.values, event.tools.bindTools());
    const executions = subscribe(executeRequest(event, bound, signal), async () => {
      event = await at();
      bound = bind(internal, asking.values, event.tools.bindTools());
      return executeRequest(event, bound, signal);
    });
    for await (const execution of executions) {
      const outcome = outcomeOf(event, bound, execution);
      await record(event, outcome.projected, outcome.body);
      yield outcome.body;
    }
  }

  const events = (asking: Asking): Answer => {
    const controller = new AbortController();
    const signal = AbortSignal.any([asking.request.signal, controller.signal]);
    const { answer, end } = endable(bodiesOf(asking, signal), () => {
      streams.delete(end);
      clearTimeout(timer);
      controller.abort();
    });
    const expire = () => end(new GatewayError("UNAUTHENTICATED", "the token has expired"));
    const untilExpiry = asking.principal.expiresAtMs - clock.now();
    const timer = setTimeout(expire, Math.min(untilExpiry, LONGEST_TIMER_MS));
    streams.set(end, asking.principal);
    return answer;
  };

  /** The question behind a link, asked anew: what it shows of files is looked at, and nothing of it is written. */
  const reopened = (asking: Asking): Reopened => {
    const { plan, values, tools, request } = asking;
    const { signal } = request;
    const bound = bind(plan.internal, values, tools.bindTools());
    const what = executeRequest(asking, bound, signal);
    const ask: Reopened["ask"] = async (take) => {
      const execution = await executed(asking, what);
      const tools = { ...projectToolsFor(asking, bound), file: take };
      const { withheld, refusals } = project(plan.projection, execution, tools);
      return { withheld, refusals, fault: faultOf(execution, agencies) };
    };
    const { reader } = what;
    return { ask, reader, signal, record: (shown, text) => record(asking, shown, new Body(text), true) };
  };

  const answerTo = (asking: Asking): Promise<Answer> | Answer => {
    if (asking.plan.late.length > 0) return inPieces(asking);
    if (asking.plan.internal.kind !== "subscription") return whole(asking);
    if (asking.request.carries?.events) return events(asking);
    throw new GatewayError("STREAM_REQUIRED", "a subscription is answered event by event");
  };

  const toolsOf = (reader: ProfileReader): ReaderTools =>
    new ReaderTools(parts, { ...reader, issue: null } as Principal, clock.now());

  return {
    supergraph,
    admit: async (...whom) => void (await parts.authenticate(...whom)),
    async answer(request) {
      const asking = await open(request, await identify(request));
      const answer = await answerTo(asking);
      return asking.rates ? { ...answer, headers: asking.rates } : answer;
    },
    async file({ link, ...request }) {
      const principal = await identify(request);
      if (!desk) throw noSuchFile();
      const reader = new ReaderTools(parts, principal, clock.now()).fileReader();
      const file = await desk.open(link, reader, async ({ query, variables }) =>
        reopened(await open({ ...request, query, variables, operationName: undefined }, principal)),
      );
      return endableFile(file, (end) => {
        streams.set(end, principal);
        return () => streams.delete(end);
      });
    },
    prepareDocuments: (documents) => prepareDocuments(prepare, documents),
    warm: createWarm({
      prepare,
      planStage,
      gatesFor: (reader) => toolsOf(reader).gateMaker(parts.policies.profile(reader)),
    }),
    endStreams(error, whose = () => true) {
      for (const [end, reader] of streams) if (whose(reader)) end(error);
    },
  };
}
