/**
 * The schema that policies are validated against: of actions that no policy can tell apart, one.
 *
 * In      a schema with resolved types, in the empty namespace, and the policies as JSON, templates too.
 * Out     the same schema without the other members of each class; the schema itself when it has another namespace.
 * Rule    Cedar's validator checks a policy once for every action that it may be about. An action matters to it by its name, where
 *         a policy names it, by the groups that it is in, and by what it applies to: two that differ in their names alone, which
 *         no policy names, are checked alike.
 * Why     a field is an action here: without this the validation of 200 policies takes twice as long.
 */
import type { PolicyJson } from "./cedar/partial.ts";
import type { SchemaJson } from "./cedar/types.ts";

export function validationSchema(schema: SchemaJson, policies: readonly PolicyJson[]): SchemaJson {
  const { "": own, ...others } = schema;
  if (!own || Object.keys(others).length > 0) return schema;
  const parents = Object.values(own.actions).flatMap(({ memberOf = [] }) => memberOf.map(({ id }) => id));
  const named = new Set([...parents, ...policies.flatMap(namedActions)]);
  const classes = new Set<string>();
  const actions = Object.entries(own.actions).filter(([name, { memberOf, appliesTo }]) => {
    if (named.has(name)) return true;
    const form = JSON.stringify([memberOf, appliesTo]);
    const isFirst = !classes.has(form);
    classes.add(form);
    return isFirst;
  });
  return { "": { ...own, actions: Object.fromEntries(actions) } };
}

function namedActions(policy: PolicyJson): readonly string[] {
  const named: string[] = [];
  JSON.stringify(policy, (_, value) => {
    if (value?.type === "Action" && typeof value.id === "string") named.push(value.id);
    return value;
  });
  return named;
}
