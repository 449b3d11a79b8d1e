/**
 * Replies of members: checked against what was asked, their keys found, and put together as one reply.
 *
 * An agency's reply is not trusted: entities must come in the number and with the keys that were asked for, keys must be
 * text. What does not fit is AGENCY_BAD_REPLY of the whole reply, never a row under another's uid. References to files are
 * addressed with the member, in place.
 */
import type { SubgraphReply } from "../execute/backend.ts";
import type { AgencyCode, MemberAddress, Uid } from "../kernel/brands.ts";
import { GatewayError } from "../kernel/errors.ts";
import { addressFile } from "./addressed-file.ts";
import type { ReplyNode } from "./link-query.ts";
import type { KeyRef } from "./link-table.ts";

type Row = Record<string, unknown>;

/** A key in a reply, and where its uid goes. */
export interface KeySlot extends KeyRef {
  readonly row: Row;
  readonly field: string;
}

/** What one entity root sent to one member: positions in the full list, and the key sent at each. */
export interface SentEntities {
  readonly total: number;
  readonly sent: readonly { readonly at: number; readonly type: string; readonly key: string | null }[];
}

export class ReplyReader {
  readonly slots: KeySlot[] = [];
  readonly #agency: AgencyCode;
  readonly #member: MemberAddress;

  constructor(agency: AgencyCode, member: MemberAddress) {
    this.#agency = agency;
    this.#member = member;
  }

  /** Collects the keys of a reply; `entities` by response key of their root. */
  read(node: ReplyNode, data: Row, entities: ReadonlyMap<string, SentEntities>): void {
    for (const { responseKey, below, isFile } of node.entries) {
      const asked = entities.get(responseKey);
      if (isFile) {
        data[responseKey] = this.#addressed(data[responseKey]);
        continue;
      }
      if (!below) throw this.#bad("a root field is no uid");
      if (asked) this.#entities(below, data[responseKey], asked);
      else this.#walk(below, data[responseKey]);
    }
  }

  #entities(node: ReplyNode, list: unknown, { sent }: SentEntities): void {
    if (list === null || list === undefined) return;
    if (!Array.isArray(list) || list.length !== sent.length) throw this.#bad("wrong number of entities");
    for (const [at, entity] of list.entries()) {
      const { type, key } = sent[at] as SentEntities["sent"][number];
      if (entity === null) continue;
      const first = this.slots.length;
      this.#walk(node, entity, type);
      const own = this.slots.slice(first).filter(({ row }) => row === entity);
      if (key !== null && own.some((slot) => slot.key !== key))
        throw this.#bad("another entity than the one asked for");
    }
  }

  #walk(node: ReplyNode, value: unknown, known?: string): void {
    if (value === null || value === undefined) return;
    if (Array.isArray(value)) {
      for (const item of value) this.#walk(node, item);
      return;
    }
    if (typeof value !== "object") throw this.#bad("a value where an object was asked for");
    const row = value as Row;
    const type = known ?? node.type ?? String(row["__typename"]);
    for (const { responseKey, only, below, isFile } of node.entries) {
      if (only && !only.has(type)) continue;
      if (isFile) row[responseKey] = this.#addressed(row[responseKey]);
      else if (below) this.#walk(below, row[responseKey]);
      else this.#uid(row, responseKey, type);
    }
  }

  #addressed(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((each) => this.#addressed(each));
    return typeof value === "string" ? addressFile({ member: this.#member, reference: value }) : value;
  }

  #uid(row: Row, field: string, type: string): void {
    const key = row[field];
    if (key === null || key === undefined) return;
    if (typeof key !== "string" && !Number.isSafeInteger(key)) throw this.#bad("a key that is no text");
    this.slots.push({ row, field, type, member: this.#member, key: String(key) });
  }

  #bad(message: string): GatewayError {
    return new GatewayError("AGENCY_BAD_REPLY", message, { agency: this.#agency });
  }
}

export function writeUids(slots: readonly KeySlot[], uids: readonly Uid[]): void {
  for (const [at, { row, field }] of slots.entries()) row[field] = uids[at];
}

/** Entities back at the places of their representations, error paths likewise; the others are null. */
export function spread(reply: SubgraphReply, entities: ReadonlyMap<string, SentEntities>): SubgraphReply {
  if (entities.size === 0) return reply;
  const data: Row = Object.assign(Object.create(null), reply.data);
  for (const [responseKey, { total, sent }] of entities) {
    const list = new Array<unknown>(total).fill(null);
    const answered = reply.data?.[responseKey];
    if (Array.isArray(answered))
      for (const [at, entity] of answered.entries()) list[sent[at]?.at ?? 0] = entity;
    data[responseKey] = list;
  }
  const errors = reply.errors.map((error) => {
    const [root, at, ...rest] = error.path ?? [];
    const place = typeof at === "number" ? entities.get(String(root))?.sent[at]?.at : undefined;
    return place === undefined ? error : { ...error, path: [root as string, place, ...rest] };
  });
  return { data, errors };
}

/**
 * Replies of several members as one: entities of `entityRoots` by place, lists joined, of anything else the first that
 * is not null.
 */
export function merge(replies: readonly SubgraphReply[], entityRoots: ReadonlySet<string>): SubgraphReply {
  const [first, ...others] = replies;
  if (!first || others.length === 0) return first ?? { data: null, errors: [] };
  const data = others.reduce((merged, { data: next }) => mergeRoots(merged, next, entityRoots), first.data);
  return { data, errors: replies.flatMap(({ errors }) => errors) };
}

function mergeRoots(one: Row | null, other: Row | null, entityRoots: ReadonlySet<string>): Row | null {
  if (!one || !other) return one ?? other;
  return combine(one, other, (mine, its, field) => {
    if (!Array.isArray(mine) || !Array.isArray(its)) return mergeFields(mine, its);
    return entityRoots.has(field)
      ? mine.map((entity, at) => mergeFields(entity, its[at]))
      : [...mine, ...its];
  });
}

/** One level: fields of an entity, or of a connection. Below it a record belongs to one member alone. */
function mergeFields(one: unknown, other: unknown): unknown {
  if (!isRow(one) || !isRow(other)) return one ?? other;
  return combine(one, other, (mine, its) =>
    Array.isArray(mine) && Array.isArray(its) ? [...mine, ...its] : (mine ?? its),
  );
}

function combine(one: Row, other: Row, pick: (mine: unknown, its: unknown, field: string) => unknown): Row {
  const merged: Row = Object.assign(Object.create(null), one);
  for (const [field, its] of Object.entries(other)) merged[field] = pick(merged[field], its, field);
  return merged;
}

const isRow = (value: unknown): value is Row =>
  typeof value === "object" && value !== null && !Array.isArray(value);
