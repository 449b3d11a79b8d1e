/**
 * The line where uids end: asks an agency by its own keys, and gives its answers canonical uids (architecture §6).
 *
 * In      a subgraph request keyed by `uid`, ids in its variables opened to uids.
 * Out     the same request keyed by the agency's own keys, per member; the reply with uids again.
 *         The reader object stands for the request: all fetches of a request must carry the same one.
 * Lookup  one `keysOf` and one `uidsOf` a fetch, batched with other agencies of the same wave (`link-table.ts`).
 * Never sent: a representation whose uid the agency does not know (its entity is null), a question whose id argument it
 *         does not know (its root fields are null). Nothing left to ask, no call.
 * Members of an agency with several are asked side by side, each for what it knows, and what they answer is merged: by
 *         place for entities, joined for lists of root fields, whose paging is then per member. A reader of that agency asks
 *         its own member only. One member that fails leaves an error at its entities; the call fails when all do.
 * Subscriptions  are asked for in the same way, where every member's backend can; each event is looked up by itself, so that an
 *         unlinking takes effect with the next. Where nothing is to be asked, nothing ever happens, as with an object that is quiet.
 * Errors  agency family; the link table out of reach is AGENCY_UNAVAILABLE.
 */
import type { GraphQLSchema } from "graphql";
import { LRUCache } from "lru-cache";
import type { Backend, OutboundReader, SubgraphReply, SubgraphRequest } from "../execute/backend.ts";
import type { AgencyCode, MemberAddress, SubgraphName } from "../kernel/brands.ts";
import { GatewayError } from "../kernel/errors.ts";
import { DEFAULT_AGENCY_TIMEOUT_MS } from "../kernel/limits.ts";
import { EventQueue } from "./event-queue.ts";
import { UNKNOWN, UnknownId } from "./link-input.ts";
import { compileLinkQuery, type LinkQuery } from "./link-query.ts";
import { type KeySlot, merge, ReplyReader, type SentEntities, spread, writeUids } from "./link-reply.ts";
import type { KeyRef, LinkTable } from "./link-table.ts";
import { createSubscribe, type Events, type Open } from "./subscription.ts";

export interface LinkBoundaryOptions {
  readonly subgraph: SubgraphName;
  readonly agency: AgencyCode;
  readonly members: ReadonlyMap<MemberAddress, Backend>;
  readonly links: Pick<LinkTable, "sessionOf">;
  /** Full schema with `_entities` (`withEntities`), shared by all boundaries. */
  readonly schema: GraphQLSchema;
  /** What the agency calls its key on the wire: `ref` for Federation subgraphs over HTTP. */
  readonly wireKey?: "uid" | "ref";
}

const REMEMBERED_TEXTS = 2_000;

export function linkBoundary(options: LinkBoundaryOptions): Backend {
  const { subgraph, agency, members, links, schema, wireKey = "uid" } = options;
  const compiled = new LRUCache<string, LinkQuery>({
    max: REMEMBERED_TEXTS,
    memoMethod: (text) => compileLinkQuery(schema, text, wireKey),
  });

  const questionsFor = async (request: SubgraphRequest, query: LinkQuery): Promise<readonly Question[]> => {
    const uids = uidsIn(query, request.variables);
    const keys = await reachable(agency, links.sessionOf(request.reader).keysOf(agency, uids));
    const asked = membersFor(request.reader, agency, members);
    return asked.flatMap(([member, backend]): readonly Question[] => {
      const question = questionFor(member, query, request.variables, { keys, wireKey });
      return question ? [{ ...question, member, backend }] : [];
    });
  };

  const fetch = async (request: SubgraphRequest): Promise<SubgraphReply> => {
    const query = compiled.memo(request.query);
    const questions = await questionsFor(request, query);
    if (questions.length === 0) return nothing(query, request.variables);

    const replies = await askAll(request, query, questions);
    const slots = questions.flatMap((question, at) => keysIn(agency, query, question, replies[at]));
    writeUids(slots, await reachable(agency, links.sessionOf(request.reader).uidsOf(agency, slots)));
    const whole = questions.map(({ entities }, at) => spread(replies[at] as SubgraphReply, entities));
    return merge(whole, new Set(query.entityRoots.map(({ responseKey }) => responseKey)));
  };
  if ([...members.values()].some((backend) => !backend.subscribe)) return { subgraph, fetch };

  const open: Open = async (request, signal) => {
    const query = compiled.memo(request.query);
    const questions = await questionsFor(request, query);
    const streams = questions.map((question) => eventsOf({ ...request, signal }, query, question));
    return joined(streams, async ([question, reply]) => {
      const slots = keysIn(agency, query, question, reply);
      writeUids(slots, await reachable(agency, links.sessionOf({}).uidsOf(agency, slots)));
      return reply;
    });
  };
  const bounds = {
    agency,
    timeoutMs: DEFAULT_AGENCY_TIMEOUT_MS,
    maxStreams: Number.POSITIVE_INFINITY,
  };
  return { subgraph, fetch, subscribe: createSubscribe(bounds, open) };
}

type Keys = ReadonlyMap<string, readonly KeyRef[]>;
type Variables = SubgraphRequest["variables"];
type Entity = Readonly<Record<string, unknown>>;

/** What one member is asked. */
interface Question {
  readonly member: MemberAddress;
  readonly backend: Backend;
  readonly variables: Variables;
  readonly entities: ReadonlyMap<string, SentEntities>;
}

function membersFor(reader: OutboundReader, agency: AgencyCode, members: LinkBoundaryOptions["members"]) {
  const all = [...members];
  if (all.length === 1 || reader.agency !== agency) return all;
  return all.filter(([member]) => member === reader.member);
}

const representations = (variables: Variables, variable: string): readonly Entity[] => {
  const list = variables[variable];
  return Array.isArray(list) ? list : [];
};

function uidsIn({ entityRoots, idVariables }: LinkQuery, variables: Variables): readonly string[] {
  const uids: string[] = [];
  for (const { variable } of entityRoots)
    for (const { uid } of representations(variables, variable)) if (typeof uid === "string") uids.push(uid);
  for (const [variable, mapIds] of idVariables) mapIds(variables[variable], (uid) => uids.push(uid));
  return uids;
}

/** Null when this member has nothing to be asked. */
function questionFor(
  member: MemberAddress,
  query: LinkQuery,
  variables: Variables,
  { keys, wireKey }: { readonly keys: Keys; readonly wireKey: string },
): Pick<Question, "variables" | "entities"> | null {
  const keyOf = (uid: string) => keys.get(uid)?.find((ref) => ref.member === member)?.key ?? UNKNOWN;
  const own: Record<string, unknown> = { ...variables };
  try {
    for (const [name, mapIds] of query.idVariables)
      if (name in own) own[name] = mapIds(variables[name], keyOf);
  } catch (error) {
    if (error instanceof UnknownId) return null;
    throw error;
  }
  const entities = new Map<string, SentEntities>();
  for (const { responseKey, variable } of query.entityRoots) {
    const all = representations(variables, variable);
    const known = all.flatMap((entity, at) => knownEntity(entity, at, member, keys));
    entities.set(responseKey, { total: all.length, sent: known });
    own[variable] = known.map(({ at, key }) => keyed(all[at] as Entity, key, wireKey));
  }
  const anyEntity = [...entities.values()].some(({ sent }) => sent.length > 0);
  return anyEntity || query.roots.length > entities.size ? { variables: own, entities } : null;
}

function knownEntity(entity: Entity, at: number, member: MemberAddress, keys: Keys): SentEntities["sent"] {
  const type = String(entity["__typename"]);
  const { uid } = entity;
  if (typeof uid !== "string") return [{ at, type, key: null }];
  const ref = keys.get(uid)?.find((known) => known.member === member && known.type === type);
  return ref ? [{ at, type, key: ref.key }] : [];
}

function keyed({ uid: _, ...rest }: Entity, key: string | null, wireKey: string): Entity {
  return key === null ? rest : { ...rest, [wireKey]: key };
}

async function askAll(
  request: SubgraphRequest,
  query: LinkQuery,
  questions: readonly Question[],
): Promise<readonly SubgraphReply[]> {
  const settled = await Promise.allSettled(
    questions.map(({ backend, variables }) =>
      backend.fetch({ ...request, query: query.wireText, variables }),
    ),
  );
  const failed = settled.find(({ status }) => status === "rejected");
  if (failed?.status === "rejected" && settled.every(({ status }) => status === "rejected"))
    throw failed.reason;
  return settled.map((result, at) =>
    result.status === "fulfilled" ? result.value : failure(query, questions[at] as Question, result.reason),
  );
}

/** A member that failed while others answered: an error at each entity it was asked for, else at each root field. */
function failure(query: LinkQuery, { entities }: Question, reason: unknown): SubgraphReply {
  if (!(reason instanceof GatewayError)) throw reason;
  const at = query.roots.flatMap((root): readonly (readonly (string | number)[])[] => {
    const asked = entities.get(root);
    return asked ? asked.sent.map((_, index) => [root, index]) : [[root]];
  });
  return { data: null, errors: at.map((path) => ({ message: reason.message, code: reason.code, path })) };
}

type MemberEvent = readonly [Question, SubgraphReply];

function eventsOf(
  request: SubgraphRequest,
  query: LinkQuery,
  question: Question,
): AsyncIterator<MemberEvent> {
  const { backend, variables } = question;
  const events = backend.subscribe?.({ ...request, query: query.wireText, variables });
  return {
    async next() {
      const event = await events?.next();
      return event && !event.done
        ? { done: false, value: [question, event.value] }
        : { done: true, value: undefined };
    },
    async return() {
      await events?.return?.();
      return { done: true, value: undefined };
    },
  };
}

/** Streams of several members as one, in the order of arrival; it ends with the last, or fails with the first that does. */
function joined(
  streams: readonly AsyncIterator<MemberEvent>[],
  translate: (event: MemberEvent) => Promise<SubgraphReply>,
): Events {
  const queue = new EventQueue<MemberEvent>();
  const pump = async (stream: AsyncIterator<MemberEvent>): Promise<void> => {
    for (let event = await stream.next(); !event.done; event = await stream.next())
      await queue.push(event.value);
  };
  if (streams.length > 0)
    Promise.all(streams.map(pump)).then(
      () => queue.finish(),
      (error: unknown) => queue.fail(error),
    );
  return {
    async next() {
      const event = await queue.next();
      return event.done ? event : { done: false, value: await translate(event.value) };
    },
    async return() {
      await Promise.allSettled([queue.return(), ...streams.map((stream) => stream.return?.())]);
      return { done: true, value: undefined };
    },
  };
}

function keysIn(
  agency: AgencyCode,
  query: LinkQuery,
  { member, entities }: Question,
  reply: SubgraphReply | undefined,
): readonly KeySlot[] {
  if (!reply?.data) return [];
  const reader = new ReplyReader(agency, member);
  reader.read(query.reply, reply.data, entities);
  return reader.slots;
}

function nothing(query: LinkQuery, variables: Variables): SubgraphReply {
  const data: Record<string, unknown> = Object.create(null);
  for (const root of query.roots) data[root] = null;
  for (const { responseKey, variable } of query.entityRoots)
    data[responseKey] = representations(variables, variable).map(() => null);
  return { data, errors: [] };
}

async function reachable<Result>(agency: AgencyCode, lookup: Promise<Result>): Promise<Result> {
  try {
    return await lookup;
  } catch (cause) {
    if (cause instanceof GatewayError) throw cause;
    throw new GatewayError("AGENCY_UNAVAILABLE", "the link table cannot be read", { agency, cause });
  }
}
