/**
 * One small supergraph as composers of several generations write it: two subgraphs, `a` and `b`, that share `User`, and
 * something hidden of every kind.
 */
const DEFINITIONS = {
  "v0.2": `
    directive @join__field(graph: join__Graph!, requires: join__FieldSet, provides: join__FieldSet, type: String, external: Boolean, override: String, usedOverridden: Boolean) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION
    directive @join__implements(graph: join__Graph!, interface: String!) repeatable on OBJECT | INTERFACE
    directive @join__type(graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false, resolvable: Boolean! = true) repeatable on OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR`,
  "v0.3": `
    directive @join__enumValue(graph: join__Graph!) repeatable on ENUM_VALUE
    directive @join__field(graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet, type: String, external: Boolean, override: String, usedOverridden: Boolean) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION
    directive @join__implements(graph: join__Graph!, interface: String!) repeatable on OBJECT | INTERFACE
    directive @join__type(graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false, resolvable: Boolean! = true, isInterfaceObject: Boolean! = false) repeatable on OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR
    directive @join__unionMember(graph: join__Graph!, member: String!) repeatable on UNION`,
  "v0.4": `
    directive @join__directive(graphs: [join__Graph!], name: String!, args: join__DirectiveArguments) repeatable on SCHEMA | OBJECT | INTERFACE | FIELD_DEFINITION
    directive @join__enumValue(graph: join__Graph!) repeatable on ENUM_VALUE
    directive @join__field(graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet, type: String, external: Boolean, override: String, usedOverridden: Boolean, overrideLabel: String) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION
    directive @join__implements(graph: join__Graph!, interface: String!) repeatable on OBJECT | INTERFACE
    directive @join__type(graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false, resolvable: Boolean! = true, isInterfaceObject: Boolean! = false) repeatable on OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR
    directive @join__unionMember(graph: join__Graph!, member: String!) repeatable on UNION
    scalar join__DirectiveArguments`,
  "v0.5": `
    directive @join__directive(graphs: [join__Graph!], name: String!, args: join__DirectiveArguments) repeatable on SCHEMA | OBJECT | INTERFACE | FIELD_DEFINITION
    directive @join__enumValue(graph: join__Graph!) repeatable on ENUM_VALUE
    directive @join__field(graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet, type: String, external: Boolean, override: String, usedOverridden: Boolean, overrideLabel: String, contextArguments: [join__ContextArgument!]) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION
    directive @join__implements(graph: join__Graph!, interface: String!) repeatable on OBJECT | INTERFACE
    directive @join__type(graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false, resolvable: Boolean! = true, isInterfaceObject: Boolean! = false) repeatable on OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR
    directive @join__unionMember(graph: join__Graph!, member: String!) repeatable on UNION
    input join__ContextArgument { name: String! type: String! context: String! selection: join__FieldValue! }
    scalar join__DirectiveArguments
    scalar join__FieldValue`,
} as const;

export type JoinVersion = keyof typeof DEFINITIONS;
export const JOIN_VERSIONS = Object.keys(DEFINITIONS) as readonly JoinVersion[];

interface Parts {
  readonly join?: JoinVersion;
  /** More directives of the schema. */
  readonly links?: string;
  /** More definitions. */
  readonly more?: string;
}

export function joinSdl({ join = "v0.5", links = "", more = "" }: Parts = {}): string {
  const since3 = (text: string) => (join === "v0.2" ? "" : text);
  return `schema
  @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/join/${join}", for: EXECUTION)
  @link(url: "https://specs.apollo.dev/inaccessible/v0.2", for: SECURITY)
  @link(url: "https://ihala.example/policy/v1.0", import: ["@policyInput"])
  ${links}
{ query: Query }

directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
directive @inaccessible on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION
directive @policyInput on FIELD_DEFINITION
directive @join__graph(name: String!, url: String!) on ENUM_VALUE
${DEFINITIONS[join]}
scalar join__FieldSet
scalar link__Import
enum link__Purpose { SECURITY EXECUTION }
enum join__Graph {
  A @join__graph(name: "a", url: "http://a.example/graphql")
  B_2 @join__graph(name: "b-2", url: "http://b.example/graphql")
}

type Query @join__type(graph: A) @join__type(graph: B_2) {
  user(id: ID!, trace: String @inaccessible): User @join__field(graph: A)
  found(filter: Filter): [Found!] @join__field(graph: A)
  vault: Vault @inaccessible @join__field(graph: A)
}

interface Node @join__type(graph: A) { id: ID! }
interface Traced @join__type(graph: A) @inaccessible { ssn: String }

type User implements Node & Traced
  @join__implements(graph: A, interface: "Node")
  @join__implements(graph: A, interface: "Traced")
  @join__type(graph: A, key: "id")
  @join__type(graph: B_2, key: "id")
{
  id: ID!
  name: String @join__field(graph: A)
  role: Role @join__field(graph: A)
  score: Int @join__field(graph: B_2)
  ssn: String @join__field(graph: A) @inaccessible
  access: Boolean @join__field(graph: B_2) @policyInput
}

"A plain type that is called like a root."
type Subscription @join__type(graph: A) { months: Int }
type Vault @join__type(graph: A) @inaccessible { code: String }

union Found @join__type(graph: A) ${since3('@join__unionMember(graph: A, member: "User") @join__unionMember(graph: A, member: "Vault") @join__unionMember(graph: A, member: "Subscription")')} = User | Vault | Subscription

enum Role @join__type(graph: A) {
  GUEST ${since3("@join__enumValue(graph: A)")}
  SPY ${since3("@join__enumValue(graph: A)")} @inaccessible
}

input Filter @join__type(graph: A) {
  name: String
  ssn: String @inaccessible
}
${more}
`;
}

/** What readers may know of it. */
export const DEFER_SDL =
  "directive @defer(if: Boolean! = true, label: String) on FRAGMENT_SPREAD | INLINE_FRAGMENT\n\n";

export const PUBLIC_SDL = `${DEFER_SDL}type Query {
  user(id: ID!): User
  found(filter: Filter): [Found!]
}

interface Node {
  id: ID!
}

type User implements Node {
  id: ID!
  name: String
  role: Role
  score: Int
}

"""A plain type that is called like a root."""
type Subscription {
  months: Int
}

union Found = User | Subscription

enum Role {
  GUEST
}

input Filter {
  name: String
}`;
