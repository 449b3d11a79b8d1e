/**
 * Holds the join machinery of a supergraph to the manifest: what one agency is sent or answers of another's.
 *
 * In      supergraph SDL with canonical names; the manifest.
 * Out     problems: keys other than the one key, and uses of `@join__field` and `@join__type` that no allowance covers.
 * Why     a key is sent to every agency that has it, and an input of `requires` to the agency that wants it, whoever asks.
 */
import { type DirectiveNode, type DocumentNode, Kind } from "graphql";
import { type Allowable, allowanceProblem, type FieldTypes, fieldTypes } from "./allowances.ts";
import { argumentValue, directivesOf, textArgument } from "./ast.ts";
import { keyOf } from "./check-fields.ts";
import { subgraphNames } from "./join.ts";
import type { Manifest } from "./manifest.ts";
import { coordinateNodes } from "./positions.ts";
import { agencyOfSubgraph } from "./schema-folder.ts";

/** Argument of `@join__field` or `@join__type` → the directive in an agency's document that it comes from. */
const FROM: Readonly<Record<string, Allowable>> = {
  override: "override",
  requires: "requires",
  provides: "provides",
  external: "external",
  isInterfaceObject: "interfaceObject",
};

export function joinProblems(document: DocumentNode, { allowances }: Manifest): readonly string[] {
  const names = subgraphNames(document);
  const agencyOf = (use: DirectiveNode): string => {
    const graph = names.get(textArgument(use, "graph") ?? "");
    return graph ? agencyOfSubgraph(graph) : "nobody";
  };
  const types: FieldTypes = fieldTypes([document]);
  const overridden = new Set(
    allowances.filter(({ allows }) => allows === "override").map((one) => one.coordinate),
  );
  return [...coordinateNodes(document)].flatMap(([at, nodes]) =>
    nodes
      .flatMap(directivesOf)
      .filter(({ name }) => name.value === "join__type" || name.value === "join__field")
      .flatMap((use) => [
        ...keyProblems(at, use),
        ...(isSet(use, "usedOverridden") && !overridden.has(at)
          ? [`\`${at}\` is taken over from another agency, which is not allowed`]
          : []),
        ...Object.entries(FROM).flatMap(([argument, directive]) => {
          if (!isSet(use, argument)) return [];
          const fields = textArgument(use, argument);
          const found = { agency: agencyOf(use), coordinate: at, directive, fields };
          return allowanceProblem(found, allowances, types) ?? [];
        }),
      ]),
  );
}

function keyProblems(type: string, use: DirectiveNode): readonly string[] {
  const key = textArgument(use, "key");
  if (key === null || fieldNames(key) === fieldNames(keyOf(type))) return [];
  return [
    `\`${type}\` has the key \`${key}\`; the one key is \`${keyOf(type)}\`, others would tell one agency another's data`,
  ];
}

const fieldNames = (key: string): string =>
  key
    .trim()
    .split(/[\s,]+/)
    .toSorted()
    .join(" ");

const isSet = (use: DirectiveNode, argument: string): boolean => {
  const value = argumentValue(use, argument);
  return value !== null && value.kind !== Kind.NULL && !(value.kind === Kind.BOOLEAN && !value.value);
};
