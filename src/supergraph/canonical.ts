/**
 * Gives the elements of known features the names by which everything after knows them, whatever a document calls them.
 *
 * In      supergraph SDL, parsed.
 * Out     the same document with `@join__field`, `@inaccessible`, `@policyInput` …, the very same object when nothing
 *         had another name; and problems.
 * Why     `@link(url: ".../inaccessible/v0.2", as: "hidden")` must hide as much as `@inaccessible` does: who looks for a
 *         directive by name would not see it. The planner knows canonical names only.
 * Errors  a name that would then mean two things is a problem: guessing could show what is hidden.
 */
import {
  type ASTNode,
  type ConstDirectiveNode,
  type DocumentNode,
  isTypeDefinitionNode,
  isTypeExtensionNode,
  Kind,
  type NameNode,
  type StringValueNode,
  visit,
} from "graphql";
import { type Feature, featuresOf } from "./links.ts";

const APOLLO = "https://specs.apollo.dev/";
export const JOIN = `${APOLLO}join`;
const POLICY_LABELS = "https://ihala.example/policy";

/** Features of which all elements keep their prefix: `join__field`, `link__Import`. */
const PREFIXED: ReadonlySet<string> = new Set([JOIN, `${APOLLO}link`]);
/** Features whose directives are known by their bare name. */
const BARE: ReadonlySet<string> = new Set([
  ...[
    "federation",
    "inaccessible",
    "tag",
    "cost",
    "context",
    "authenticated",
    "requiresScopes",
    "policy",
  ].map((name) => `${APOLLO}${name}`),
  POLICY_LABELS,
]);
/** Linked by every document that does not say otherwise: `@federation__inaccessible` hides without a link too. */
const IMPLIED: readonly Named[] = [
  { identity: `${APOLLO}federation`, name: "federation", prefix: "federation", imports: new Map() },
];

export const isApolloFeature = (feature: Pick<Feature, "identity">): boolean =>
  isKnownFeature(feature) && feature.identity !== POLICY_LABELS;

export const isKnownFeature = ({ identity }: Pick<Feature, "identity">): boolean =>
  PREFIXED.has(identity) || BARE.has(identity);

export interface Canonical {
  readonly document: DocumentNode;
  readonly problems: readonly string[];
}

export function canonical(document: DocumentNode): Canonical {
  const features = featuresOf(document).filter(isKnownFeature);
  const meanings = new Map(
    [...usedNames(document)].map((name) => [name, meaningsOf(name, [...features, ...IMPLIED])] as const),
  );
  const renames = new Map(
    [...meanings].flatMap(([name, [to]]) => (to === undefined || to === name ? [] : [[name, to] as const])),
  );
  const problems = collisions(meanings);
  if (renames.size === 0) return { document, problems };
  return { document: renamed(document, renames, features), problems };
}

type Named = Pick<Feature, "identity" | "name" | "prefix" | "imports">;

/** Canonical names that features give to a name; none when it belongs to no feature, more than one when they disagree. */
const meaningsOf = (name: string, features: readonly Named[]): readonly string[] => [
  ...new Set(features.flatMap((feature) => canonicalName(name, feature) ?? [])),
];

/** `@x` for a directive, `X` for a type. */
function canonicalName(name: string, feature: Named): string | null {
  const element = elementOf(name, feature);
  if (element === null) return null;
  const sigil = element.startsWith("@") ? "@" : "";
  const bare = element.slice(sigil.length);
  if (sigil === "") return feature.identity === POLICY_LABELS ? null : `${feature.name}__${bare}`;
  if (!PREFIXED.has(feature.identity)) return element;
  return bare === feature.name ? element : `@${feature.name}__${bare}`;
}

/** Which element of the feature goes by this name here; null when none does. */
function elementOf(
  name: string,
  { name: own, prefix, imports }: Pick<Feature, "name" | "prefix" | "imports">,
) {
  for (const [element, local] of imports) if (local === name) return element;
  const sigil = name.startsWith("@") ? "@" : "";
  const bare = name.slice(sigil.length);
  if (sigil === "@" && bare === prefix) return `@${own}`;
  return bare.startsWith(`${prefix}__`) ? `${sigil}${bare.slice(prefix.length + 2)}` : null;
}

function collisions(meanings: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const disagreed = [...meanings].flatMap(([name, to]) =>
    to.length > 1
      ? [`\`${name}\` is linked as ${to.map((one) => `\`${one}\``).join(" and as ")}; link it once`]
      : [],
  );
  // Whoever bears a canonical name without a feature that gives it means something else by it.
  const read = Map.groupBy(meanings.keys(), (name) => meanings.get(name)?.[0] ?? name);
  const ambiguous = [...read].flatMap(([to, names]) =>
    names.length > 1
      ? [
          `${names.map((name) => `\`${name}\``).join(" and ")} would both be read as \`${to}\`; give one of them another name`,
        ]
      : [],
  );
  return [...disagreed, ...ambiguous];
}

function usedNames(document: DocumentNode): ReadonlySet<string> {
  const names = new Set<string>();
  visit(document, {
    Directive: ({ name }) => void names.add(`@${name.value}`),
    DirectiveDefinition: ({ name }) => void names.add(`@${name.value}`),
    NamedType: ({ name }) => void names.add(name.value),
  });
  for (const definition of document.definitions)
    if ("name" in definition && definition.name && definition.kind !== Kind.DIRECTIVE_DEFINITION)
      names.add(definition.name.value);
  return names;
}

function renamed(
  document: DocumentNode,
  renames: ReadonlyMap<string, string>,
  features: readonly Feature[],
): DocumentNode {
  const links = new Map(features.map((feature) => [feature.node, feature]));
  const directive = (name: NameNode) => renames.get(`@${name.value}`)?.slice(1) ?? name.value;
  return visit(document, {
    enter(node) {
      if (node.kind === Kind.DIRECTIVE) {
        const feature = links.get(node as ConstDirectiveNode);
        return withName(feature ? plainLink(feature) : node, directive(node.name));
      }
      if (node.kind === Kind.DIRECTIVE_DEFINITION) return withName(node, directive(node.name));
      if (node.kind === Kind.NAMED_TYPE || isTypeDefinitionNode(node) || isTypeExtensionNode(node))
        return withName(node, renames.get(node.name.value) ?? node.name.value);
      return undefined;
    },
  });
}

const withName = <Node extends ASTNode & { readonly name: NameNode }>(node: Node, value: string): Node => ({
  ...node,
  name: { ...node.name, value },
});

/** The link as it would be written by a document that uses canonical names. */
function plainLink({ node, imports, identity }: Feature): ConstDirectiveNode {
  const value = { kind: Kind.LIST, values: [...imports.keys()].map(textNode) } as const;
  return {
    ...node,
    arguments: (node.arguments ?? []).flatMap((argument) => {
      if (argument.name.value === "as") return [];
      if (argument.name.value !== "import") return [argument];
      return PREFIXED.has(identity) ? [] : [{ ...argument, value }];
    }),
  };
}

const textNode = (value: string): StringValueNode => ({ kind: Kind.STRING, value });
