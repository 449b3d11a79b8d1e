/**
 * Holds the masked forms that the manifest gives to fields to the types of those fields.
 *
 * In      supergraph SDL, parsed; the manifest.
 * Out     problems, all at once: a form that is unknown, or that the field's type has no value for.
 * Why     what a form leaves of a value is read by clients as a value of the same field.
 */
import { type DefinitionNode, type DocumentNode, Kind } from "graphql";
import { formProblem, type MaskableType } from "../kernel/mask-forms.ts";
import { namedType, nameOf, objectsOf } from "./ast.ts";
import type { Manifest } from "./manifest.ts";

/** The value as it is, under the class *masked*. */
const AS_IT_IS = "masked";

export function formProblems(document: DocumentNode, manifest: Manifest): readonly string[] {
  const definitions = new Map(document.definitions.map((node) => [nameOf(node), node]));
  const returns = new Map(
    objectsOf(document).flatMap((node) =>
      (node.fields ?? []).map(({ name, type }) => [`${node.name.value}.${name.value}`, namedType(type)]),
    ),
  );
  return [...manifest.forms].flatMap(([at, forms]) => {
    const name = returns.get(at);
    if (name === undefined) return [];
    const type = maskableType(name, definitions.get(name), manifest);
    return forms.flatMap((form) => {
      const problem = form === AS_IT_IS ? null : formProblem(form, type);
      return problem === null ? [] : [`\`${at}\` cannot have the masked form \`${form}\`: ${problem}`];
    });
  });
}

function maskableType(name: string, node: DefinitionNode | undefined, { owned }: Manifest): MaskableType {
  switch (node?.kind) {
    case Kind.ENUM_TYPE_DEFINITION:
      return { name, kind: "codes", members: membersOf(node.values ?? []) };
    case Kind.OBJECT_TYPE_DEFINITION:
      return { name, kind: owned.has(name) ? "other" : "value", members: membersOf(node.fields ?? []) };
    case undefined:
    case Kind.SCALAR_TYPE_DEFINITION:
      return { name, kind: "scalar", members: [] };
    default:
      return { name, kind: "other", members: [] };
  }
}

const membersOf = (
  nodes: readonly { readonly name: { readonly value: string }; readonly type?: { readonly kind: Kind } }[],
): MaskableType["members"] =>
  nodes.map(({ name, type }) => ({ name: name.value, isNullable: type?.kind !== Kind.NON_NULL_TYPE }));
