/**
 * Binds a request's values to the plan's internal variables: opens sealed ids and cursors, holds pages to their
 * bound, and refuses arguments that read what the reader may not.
 *
 * Out     internal variables; ids as uids. An id that does not open becomes a uid that nothing has, so an id sealed
 *         for somebody else takes the same way as one that does not exist.
 * Errors  ISSUE_REQUIRED, ARGUMENT_FORBIDDEN, BAD_CURSOR, BAD_USER_INPUT; nothing has been fetched by then.
 */
import { createHash } from "node:crypto";
import { type GraphQLInputType, isInputObjectType, isListType, isNonNullType } from "graphql";
import { GatewayError } from "../kernel/errors.ts";
import { mayAllow } from "./existence.ts";
import { type ArgumentSlot, type InternalOperation, READER_VARIABLE } from "./internal-operation.ts";

/** A uid that no object has. */
export const NO_UID = "00000000-0000-0000-0000-000000000000";

export interface BindTools {
  readonly maxPageSize: number;
  /** The uid of a sealed id, null when it does not open for this reader. */
  readonly openId: (sealed: string) => string | null;
  /** The agency's cursor, null when it does not open for this reader and filter. */
  readonly openCursor: (sealed: string, filterHash: string) => string | null;
  /** `ReaderInput` of the reader. */
  readonly reader: Readonly<Record<string, unknown>>;
}

export interface Bound {
  readonly variables: Readonly<Record<string, unknown>>;
  /** Hash of a connection's filter and order, by internal key; what its cursors are bound to. */
  readonly filterHash: (connection: string) => string;
}

type Values = Readonly<Record<string, unknown>>;

export function bind(internal: InternalOperation, values: Values, tools: BindTools): Bound {
  refuseForbidden(internal, values);
  const hashes = new Map<string, string>();
  const filterHash = (connection: string): string => {
    let hash = hashes.get(connection);
    if (hash === undefined) {
      hash = hashFilter(internal, connection, values);
      hashes.set(connection, hash);
    }
    return hash;
  };
  const variables: Record<string, unknown> = Object.create(null);
  variables[READER_VARIABLE] = tools.reader;
  for (const slot of internal.arguments) {
    const value = slot.read(values);
    if (value === undefined) continue;
    checkPage(slot, value, tools.maxPageSize);
    variables[slot.variable] =
      isCursor(slot) && typeof value === "string"
        ? openedCursor(value, filterHash(slot.field), tools)
        : opened(value, slot.type, tools);
  }
  return { variables, filterHash };
}

function refuseForbidden(internal: InternalOperation, values: Values): void {
  const [beyond] = internal.beyondHeader;
  if (beyond !== undefined) {
    throw new GatewayError("ISSUE_REQUIRED", `\`${beyond}\` is read under one case: name it in \`x-issue\``, {
      params: { field: beyond },
    });
  }
  for (const { coordinate, verdict, used } of internal.lookups) {
    if (!used(values) || mayAllow(verdict)) continue;
    throw new GatewayError(
      "ARGUMENT_FORBIDDEN",
      `an argument reads \`${coordinate}\`, which you may not read in full`,
      {
        params: { field: coordinate },
      },
    );
  }
}

const isCursor = ({ argument }: ArgumentSlot): boolean => argument === "after" || argument === "before";
const isPage = ({ argument }: ArgumentSlot): boolean => argument === "first" || argument === "last";

function checkPage(slot: ArgumentSlot, value: unknown, most: number): void {
  if (most === Number.POSITIVE_INFINITY || !isPage(slot) || value === null) return;
  if (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= most) return;
  throw new GatewayError("BAD_USER_INPUT", `\`${slot.coordinate}\` takes 1 to ${most}`);
}

function openedCursor(sealed: string, filterHash: string, tools: BindTools): string {
  const cursor = tools.openCursor(sealed, filterHash);
  if (cursor !== null) return cursor;
  throw new GatewayError(
    "BAD_CURSOR",
    "the cursor is not one of this list for this reader, or it has expired",
  );
}

function opened(value: unknown, type: GraphQLInputType, tools: BindTools): unknown {
  if (value === null || value === undefined) return value;
  if (isNonNullType(type)) return opened(value, type.ofType, tools);
  if (isListType(type)) {
    return Array.isArray(value)
      ? value.map((item) => opened(item, type.ofType, tools))
      : opened(value, type.ofType, tools);
  }
  if (isInputObjectType(type)) {
    const made: Record<string, unknown> = Object.create(null);
    for (const [name, field] of Object.entries(type.getFields())) {
      const inner = (value as Values)[name];
      if (inner !== undefined) made[name] = opened(inner, field.type, tools);
    }
    return made;
  }
  return type.name === "ID" ? (tools.openId(String(value)) ?? NO_UID) : value;
}

function hashFilter(internal: InternalOperation, connection: string, values: Values): string {
  const filters = internal.arguments
    .filter((slot) => slot.field === connection && !isCursor(slot) && !isPage(slot))
    .map((slot) => [slot.argument, slot.read(values) ?? null]);
  const text = JSON.stringify([internal.connections.get(connection) ?? "", filters]);
  return createHash("sha256").update(text).digest("base64url");
}
