/**
 * The request as policies see it before any row is there: a known principal and purpose, unknown facts of the row.
 *
 * Rule    domain rules §3: reached without a case, everything that a case could open or refuse is neutral, so that
 *         most verdicts on registers settle at once. Facts are trusted to have their type; `facts.ts` makes them.
 */
import { type EntityRef, EntityStore, type KnownEntity } from "./cedar/entities.ts";
import { bool, FAILED, known, type Node } from "./cedar/node.ts";
import { attributesOf, type CedarSchema, type CedarType, entityType } from "./cedar/types.ts";
import type { Value } from "./cedar/values.ts";
import { type Domain, isRegister } from "./domain.ts";
import type { FactRow } from "./rule.ts";
import type { FactName, Facts } from "./verdict.ts";

export interface Reader {
  readonly agency: string;
  readonly role: string;
  readonly purpose: string;
  readonly certificates: readonly string[];
}

/** A role as policies name it: security officers are one role, whichever agency they serve. */
export const policyRole = (role: string): string =>
  role.endsWith(".securityOfficer") ? "securityOfficer" : role;

const PRINCIPAL: EntityRef = { type: "Reader", id: "self" };

export function readerEntities(schema: CedarSchema, domain: Domain, reader: Reader): EntityStore {
  const { agency, role, certificates } = reader;
  const registers = [...domain.groups.keys()].filter((group) => isRegister(domain.cell(group, agency)));
  const staff: KnownEntity = {
    ...PRINCIPAL,
    attributes: Object.assign(Object.create(null), { certificates, registers }),
    parents: [
      { type: "Agency", id: agency },
      { type: "Role", id: policyRole(role) },
    ],
  };
  return new EntityStore(schema, [staff]);
}

export const principalNode: Node = known(PRINCIPAL.id, entityType(PRINCIPAL.type));

const isFactRow = (row: unknown): FactRow => row as FactRow;

interface Fact {
  readonly reads: readonly FactName[];
  readonly read: (facts: Facts, own: boolean) => Value;
  /** Value when no case leads to the row; absent when the row's own still counts. */
  readonly neutral?: Value;
}

/** Attribute of `resource.access` → where it comes from. */
const FACTS: Readonly<Record<string, Fact>> = {
  own: { reads: ["own"], read: (_, own) => own },
  holder: { reads: ["holder"], read: ({ holder }) => holder, neutral: false },
  assigned: { reads: ["assigned"], read: ({ assigned }) => assigned },
  party: { reads: ["party"], read: ({ party }) => party, neutral: false },
  known: { reads: ["known"], read: (facts) => facts.known, neutral: false },
  granted: { reads: ["granted"], read: ({ granted }) => granted, neutral: [] },
  consented: { reads: ["consented"], read: ({ consented }) => consented, neutral: [] },
  refused: { reads: ["refused"], read: ({ refused }) => refused, neutral: [] },
  charged: { reads: ["charged"], read: ({ charged }) => charged, neutral: false },
  court: {
    reads: ["charged", "courtGroups"],
    read: ({ charged, courtGroups }) => (charged ? courtGroups : []),
    neutral: [],
  },
  basis: { reads: ["basis"], read: ({ basis }) => basis, neutral: "NONE" },
  breakGlassUntil: { reads: ["breakGlassUntil"], read: (facts) => facts.breakGlassUntil, neutral: 0 },
  child: { reads: ["child"], read: ({ child }) => child },
  sealed: { reads: ["sealed"], read: ({ sealed }) => sealed },
  officialSuspect: { reads: ["officialSuspect"], read: ({ officialSuspect }) => officialSuspect },
  staffConflict: { reads: ["staffConflict"], read: ({ staffConflict }) => staffConflict },
};

/** The row as an entity whose only attribute is `access`. */
export function resourceNode(schema: CedarSchema, type: string, caseBound: boolean): Node {
  const access = schema.shapes.get(type)?.get("access");
  if (!access) throw new Error(`the policy schema gives \`${type}\` no access`);
  const node = accessNode(access.type, caseBound);
  return {
    op: "entity",
    type: entityType(type),
    id: FAILED,
    attribute: (name) => (name === "access" ? node : FAILED),
    has: (name) => bool(name === "access"),
    isIn: () => false,
  };
}

function accessNode(type: CedarType, caseBound: boolean): Node {
  const fields = [...attributesOf(type)].map(([name, attribute]): [string, Node] => {
    if (name === "caseBound") return [name, bool(caseBound)];
    const fact = FACTS[name];
    if (!fact) throw new Error(`no fact stands behind \`resource.access.${name}\``);
    if (!caseBound && fact.neutral !== undefined) return [name, known(fact.neutral, attribute.type)];
    return [name, factNode(fact, attribute.type)];
  });
  return { op: "record", type, fields: new Map(fields) };
}

function factNode({ reads, read }: Fact, type: CedarType): Node {
  return {
    op: "open",
    type,
    reads,
    read: (row) => read(isFactRow(row).facts, isFactRow(row).own),
    mayFail: false,
  };
}

/** The purpose is known, the time is the row's: a profile outlives a minute. */
export function contextNode(type: CedarType, purpose: string): Node {
  const now: Fact = { reads: ["now"], read: (facts) => facts.now };
  const fields = [...attributesOf(type)].map(([name, attribute]): [string, Node] => {
    if (name === "purpose") return [name, known(purpose, attribute.type)];
    if (name === "now") return [name, factNode(now, attribute.type)];
    throw new Error(`nothing stands behind \`context.${name}\``);
  });
  return { op: "record", type, fields: new Map(fields) };
}

export const noContext: Node = known(Object.create(null), { kind: "Record", attributes: new Map() });
