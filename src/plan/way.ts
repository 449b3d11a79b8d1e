/** What a rewrite knows on its way down the selections, and the few names that it goes by (Relay connections, root). */
import type { GraphQLNamedType } from "graphql";
import type { Lookup } from "./internal-operation.ts";

/** What holds on the way down to a position. */
export interface Way {
  readonly path: readonly string[];
  readonly parent: string;
  readonly caseBound: boolean;
  /** Under a person read from a register: set when a gate reads a fact of that person. */
  readonly person: { read: boolean } | null;
  /** The next object is a row of a root field, which no edge has decided. */
  readonly rootRow: boolean;
  /** Under a row of the reader's inbox of referrals, which needs no issue. */
  readonly inbox: boolean;
  readonly lookups: readonly Lookup[];
  readonly underList: boolean;
  /** Internal key of the connection that the next edges and cursors belong to. */
  readonly connection: string | null;
}

export const START: Way = {
  path: [],
  parent: "",
  caseBound: false,
  person: null,
  rootRow: false,
  inbox: false,
  lookups: [],
  underList: false,
  connection: null,
};

export const isRoot = (type: GraphQLNamedType): boolean => ROOTS.has(type.name);
const ROOTS: ReadonlySet<string> = new Set(["Query", "Mutation", "Subscription"]);
export const isConnection = (type: GraphQLNamedType): boolean => type.name.endsWith("Connection");
/** Types that only carry rows (Relay connections). */
export const isWrapper = (type: string): boolean => /(?:Connection|Edge)$/.test(type);
export const isCursor = (type: string, field: string): boolean =>
  (field === "cursor" && type.endsWith("Edge")) ||
  (type === "PageInfo" && /^(?:start|end)Cursor$/.test(field));
