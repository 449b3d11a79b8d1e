/**
 * Refuses supergraphs whose promises would not be kept, by the name of what they ask for.
 *
 * In      supergraph SDL with canonical names (`canonical.ts`).
 * Out     problems, all at once: what is not honoured, where, and what to do.
 * Rule    join 0.2 to 0.5. A linked feature marked for execution or security that is not known here is refused, as the
 *         link specification demands. Known protections that only a policy gives here (`@authenticated` …) are refused
 *         wherever they stand: the schema would look protected and not be. `@tag` is accepted and
 *         changes nothing; `@cost` and `@listSize` say what a document costs (`operation/cost.ts`).
 */
import type { DirectiveNode, DocumentNode } from "graphql";
import { argumentValue, directivesOf, hasDirective, textArgument } from "./ast.ts";
import { isKnownFeature, JOIN } from "./canonical.ts";
import { type Feature, featuresOf, schemaDirectives } from "./links.ts";
import { coordinateNodes } from "./positions.ts";

const JOIN_VERSIONS: ReadonlySet<string | null> = new Set(["v0.2", "v0.3", "v0.4", "v0.5"]);
const COMPOSE_ANEW = "compose the subgraphs with Federation 2.0 to 2.9";

const BY_POLICY = "is not enforced by the gateway; decide the field by a policy and remove the directive";
const NO_CONTEXT =
  "takes values of an ancestor as arguments, which the planner drops; pass them as arguments, or use `@requires`";
const NO_CONNECTOR = "is not served by the gateway; serve it by a subgraph";

/** Directives that must not stand anywhere, whatever links them, and what to do instead. */
const REFUSED: Readonly<Record<string, string>> = {
  authenticated: BY_POLICY,
  requiresScopes: BY_POLICY,
  policy: BY_POLICY,
  context: NO_CONTEXT,
  fromContext: NO_CONTEXT,
  connect: NO_CONNECTOR,
  source: NO_CONNECTOR,
};

export function featureProblems(document: DocumentNode): readonly string[] {
  if (isFederation1(document))
    return [`it is a Federation 1 supergraph (\`@core\`, \`@join__owner\`); ${COMPOSE_ANEW}`];
  const features = featuresOf(document);
  return [
    ...joinProblems(features),
    ...features.flatMap(unknownFeature),
    ...elementProblems(document, foreignNames(features)),
  ];
}

const isFederation1 = (document: DocumentNode): boolean =>
  schemaDirectives(document).some((use) => textArgument(use, "feature") !== null) ||
  document.definitions.some((definition) => hasDirective(definition, "join__owner"));

function joinProblems(features: readonly Feature[]): readonly string[] {
  const joins = features.filter(({ identity }) => identity === JOIN);
  if (joins.length === 0)
    return [`no \`@link\` to ${JOIN}: it is no Federation 2 supergraph; ${COMPOSE_ANEW}`];
  return joins
    .filter(({ version }) => !JOIN_VERSIONS.has(version))
    .map(({ url }) => `\`${url}\` is not known, only v0.2 to v0.5; ${COMPOSE_ANEW}`);
}

const unknownFeature = (feature: Feature): readonly string[] =>
  feature.purpose === null || isKnownFeature(feature)
    ? []
    : [
        `\`${feature.url}\` is marked for ${feature.purpose} and is not known to the gateway; remove what needs it and compose anew`,
      ];

/** Directives that a document imports from elsewhere: a company's own `@policy` is not Apollo's. */
const foreignNames = (features: readonly Feature[]): ReadonlySet<string> =>
  new Set(
    features
      .filter((feature) => !isKnownFeature(feature))
      .flatMap(({ imports, prefix }) => [...imports.values(), prefix])
      .map((name) => name.replace(/^@/, "")),
  );

function elementProblems(document: DocumentNode, foreign: ReadonlySet<string>): readonly string[] {
  const refused = (name: string): string | undefined =>
    !foreign.has(name) && Object.hasOwn(REFUSED, name) ? REFUSED[name] : undefined;
  const problems = (uses: readonly DirectiveNode[], where: string): readonly string[] =>
    uses.flatMap(asked).flatMap((name) => (refused(name) ? [`${where}\`@${name}\` ${refused(name)}`] : []));
  const elements = [...coordinateNodes(document)].flatMap(([at, nodes]) =>
    problems(nodes.flatMap(directivesOf), `\`${at}\`: `),
  );
  return [...new Set([...problems(schemaDirectives(document), ""), ...elements])];
}

/** What a use asks for: itself; a directive that `@join__directive` carries; context, by an argument of `@join__field`. */
function asked(use: DirectiveNode): readonly string[] {
  if (use.name.value === "join__directive") return [textArgument(use, "name") ?? ""];
  return use.name.value === "join__field" && argumentValue(use, "contextArguments") !== null
    ? ["fromContext"]
    : [use.name.value];
}
