/**
 * The schema that an agency of its own serves over HTTP: its document of `schema/`, with its own name for its own key.
 *
 * Out     complete SDL in which `uid` is `ref`, in fields and `@key` alike: agencies hold no uids.
 */
import { join } from "node:path";
import { type FieldDefinitionNode, parse, print, type StringValueNode, visit } from "graphql";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";
import { subgraphSdl } from "../../src/supergraph/subgraph-documents.ts";

export const WIRE_KEY = "ref";

export async function wireSdl(subgraph: string): Promise<string> {
  const document = parse(await subgraphSdl(join(PACKAGE_ROOT, "schema"), subgraph), { noLocation: true });
  const renamed = visit(document, {
    FieldDefinition: (field): FieldDefinitionNode | undefined =>
      field.name.value === "uid" ? { ...field, name: { ...field.name, value: WIRE_KEY } } : undefined,
    Directive: {
      leave: (directive) => (directive.name.value === "key" ? visit(directive, KEY_FIELDS) : undefined),
    },
  });
  return print(renamed);
}

const KEY_FIELDS = {
  StringValue: (value: StringValueNode) =>
    value.value === "uid" ? { ...value, value: WIRE_KEY } : undefined,
};
