/**
 * What to ask of an object, generated from the public schema: every field, entities on the way in full once and in brief where
 * they come up again, so that documents stay within the limits.
 */
import {
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isListType,
  isNonNullType,
  isObjectType,
} from "graphql";
import { learnEdge, type Selection } from "./expected-view.ts";

/** Asked in brief wherever the path does not say otherwise. */
const BRIEF: Readonly<Record<string, Selection>> = {
  Case: { id: null },
  Agency: { address: null, code: null },
  Staff: { id: null, name: null, role: null },
  CaseParty: { id: null, role: null, code: null },
  Worker: { id: null, workPermitNo: null, permitType: null },
  Employer: { id: null, name: null, crNumber: null },
  Indicator: { code: null },
  Person: {
    ...{
      id: null,
      nameLatin: { full: null },
      gender: null,
      cpr: null,
      mobilePhone: null,
      travelOrder: { kind: null },
    },
    ...{ protectionHold: null, deportationOrder: { kind: null }, caseParties: { role: null } },
  },
};

/** Paths of which the brief types are asked in full, from the root type. */
export function selectAll(schema: GraphQLSchema, root: string, full: ReadonlySet<string>): Selection {
  return select(schema, schema.getType(root) as GraphQLObjectType, "", full);
}

function select(
  schema: GraphQLSchema,
  type: GraphQLObjectType,
  path: string,
  full: ReadonlySet<string>,
): Selection {
  const made: Record<string, Selection | null> = {};
  for (const [name, field] of Object.entries(type.getFields())) {
    const named = getNamedType(field.type);
    const nullable = isNonNullType(field.type) ? field.type.ofType : field.type;
    learnEdge(`${type.name}.${name}`, named.name, isListType(nullable));
    // What it holds depends on everything that was asked before: tests/scenarios/data-tracker.test.ts.
    if (name === "accessLog") continue;
    const at = path === "" ? name : `${path}.${name}`;
    if (!isObjectType(named)) made[name] = null;
    else
      made[name] = full.has(at)
        ? select(schema, named, at, full)
        : (BRIEF[named.name] ?? select(schema, named, at, full));
  }
  return made;
}

export function printSelection(selection: Selection): string {
  const parts = Object.entries(selection).map(([name, below]) =>
    below ? `${name}${printSelection(below)}` : name,
  );
  return `{${parts.join(" ")}}`;
}

/** Coordinates of a selection of fields of `type`. */
export function coordinatesOf(
  schema: GraphQLSchema,
  type: string,
  selection: Selection,
): ReadonlySet<string> {
  const fields = (schema.getType(type) as GraphQLObjectType).getFields();
  return new Set(
    Object.entries(selection).flatMap(([name, below]) => {
      const field = fields[name];
      const inner = below && field ? coordinatesOf(schema, getNamedType(field.type).name, below) : [];
      return [`${type}.${name}`, ...inner];
    }),
  );
}
