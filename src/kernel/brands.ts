/**
 * Names that must not be mixed up, as branded strings. No I/O, no checks: whoever makes one has checked it.
 */
declare const brand: unique symbol;
type Brand<Name extends string> = string & { readonly [brand]: Name };

/** A schema coordinate, `Type.field` (GraphQL specification, schema coordinates). */
export type Coordinate = Brand<"Coordinate">;
/** Canonical identifier of an object, known to the gateway and the ledger alone; never leaves for anyone else. */
export type Uid = Brand<"Uid">;
/** An object's identifier as one reading member sees it: AES-SIV over `type|uid`, base64url. */
export type SealedId = Brand<"SealedId">;
/** A kind of agency, a column of the policy matrix: `IGA`, `NGO`, … */
export type AgencyCode = Brand<"AgencyCode">;
/** One organisation, as in X-Road: `BH/NGO/MWPS/assist`. A one-member agency is its own member. */
export type MemberAddress = Brand<"MemberAddress">;
/** `@id` of a Cedar policy. */
export type PolicyId = Brand<"PolicyId">;
/** Name of a subgraph in the supergraph, lower case: `epc_spine`, `lmra`, `gw`. */
export type SubgraphName = Brand<"SubgraphName">;

export const coordinate = (type: string, field: string): Coordinate => `${type}.${field}` as Coordinate;
