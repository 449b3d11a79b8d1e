/** Random operations over a schema (fast-check): nested selections, nasty aliases, fragments, arguments, conditions. */
import fc from "fast-check";
import {
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isLeafType,
  isNonNullType,
  isObjectType,
} from "graphql";

/** Names that would spoof a key or a policy input if aliases were not canonicalised. */
const ALIASES = [
  "uid",
  "id",
  "case",
  "_p_access",
  "_p_own",
  "_a0",
  "node",
  "edges",
  "__proto__x",
  "constructor",
  "e0",
];
const MAX_DEPTH = 5;

interface Choice {
  readonly picks: readonly number[];
  readonly alias: number;
  readonly wrap: number;
}

const choice: fc.Arbitrary<Choice> = fc.record({
  picks: fc.array(fc.nat(1_000), { minLength: 1, maxLength: 4 }),
  alias: fc.nat(60),
  wrap: fc.nat(9),
});

export interface OperationOptions {
  readonly schema: GraphQLSchema;
  /** Fields that the oracle cannot answer, by coordinate. */
  readonly leaveOut: ReadonlySet<string>;
}

/** Text of a query without variables; every choice comes from the arbitrary, so cases shrink and replay. */
export function operationText({ schema, leaveOut }: OperationOptions): fc.Arbitrary<string> {
  return fc.array(choice, { minLength: 12, maxLength: 60 }).map((choices) => {
    let at = 0;
    let serial = 0;
    const next = (): Choice => choices[at++ % choices.length] as Choice;

    const selection = (type: GraphQLObjectType, depth: number): string => {
      const fields = Object.values(type.getFields()).filter((field) => {
        if (leaveOut.has(`${type.name}.${field.name}`)) return false;
        const named = getNamedType(field.type);
        if (field.args.some((arg) => isNonNullType(arg.type) && String(arg.type) !== "ID!")) return false;
        return isLeafType(named) || (isObjectType(named) && depth < MAX_DEPTH);
      });
      if (fields.length === 0) return "{__typename}";
      const { picks, alias, wrap } = next();
      const parts = picks.map((pick, i) => {
        const field = fields[pick % fields.length] as (typeof fields)[number];
        const named = getNamedType(field.type);
        const args = field.args.flatMap((arg) =>
          isNonNullType(arg.type)
            ? [`${arg.name}:"x${pick}"`]
            : arg.name === "first" && pick % 2
              ? [`first:${1 + (pick % 5)}`]
              : [],
        );
        const name = alias % 3 === i % 3 ? `${ALIASES[(alias + i) % ALIASES.length]}${serial++}` : "";
        const sub = isObjectType(named) ? selection(named, depth + 1) : "";
        const key = args.length > 0 && name === "" ? `k${serial++}` : name;
        return `${key ? `${key}:` : ""}${field.name}${args.length > 0 ? `(${args.join(",")})` : ""}${sub}`;
      });
      if (wrap === 0) return `{__typename ...on ${type.name}{${parts.join(" ")}}}`;
      if (wrap === 1) return `{...@include(if:true){${parts.join(" ")}} ...@skip(if:true){gone:__typename}}`;
      return `{${parts.join(" ")}}`;
    };
    return `query ${selection(schema.getQueryType() as GraphQLObjectType, 0)}`;
  });
}
