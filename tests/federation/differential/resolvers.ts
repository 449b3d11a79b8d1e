/**
 * Answers fields from a world: as one subgraph, which knows no more than it was told, or as the single process.
 *
 * Rule    a subgraph refuses what it does not serve: a field that another one answers unless it is provided, a field that
 *         was overridden, a field whose required inputs did not come with the representation, a representation without
 *         one of its keys. So whatever a plan gets wrong shows in the answer.
 */
import type { GraphQLFieldResolver, GraphQLTypeResolver } from "graphql";
import {
  type EntityModel,
  type FamilyModel,
  type FieldModel,
  fieldOf,
  type Model,
  memberOf,
  type Need,
  POPULATION,
} from "./model.ts";
import type { Thing, World } from "./world.ts";

export interface Resolvers {
  readonly fieldResolver: GraphQLFieldResolver<unknown, World>;
  readonly typeResolver: GraphQLTypeResolver<unknown, World>;
}

/** Of one subgraph, or of the single process (null). */
export function resolversOf(model: Model, subgraph: string | null): Resolvers {
  /** The name under which a subgraph knows a concrete type: its own, or the interface that is an object there. */
  const nameOf = ({ type }: Thing): string => {
    if (subgraph === null || model.declared.get(subgraph)?.has(type)) return type;
    return (model.types.get(type) as EntityModel).family ?? type;
  };
  const served = (thing: Thing | null, field: FieldModel): boolean =>
    subgraph === null ||
    field.owners.length === 0 ||
    field.owners.includes(subgraph) ||
    isProvided(thing, field);

  return {
    typeResolver: (value) => nameOf(value as Thing),
    fieldResolver(source, args, world, info) {
      if (info.fieldName === "_entities")
        return entities(world, subgraph as string, (args as Representations).representations);
      if (info.fieldName === "_service") return "";
      const thing = isThing(source) ? source : null;
      const field = fieldOf(model, thing?.type ?? info.parentType.name, info.fieldName);
      if (!field || thing?.type === "Place") return world.key(thing as Thing, info.fieldName);
      if (!served(thing, field)) throw new Error(`${subgraph} does not serve \`${field.name}\` here`);
      if (info.parentType.name === "Mutation") world.mutate(field, args);
      const inputs = subgraph === null || field.requires.length === 0 ? null : given(thing, field);
      const read = inputs ?? (thing && field.requires.length > 0 ? world.read(thing, field.requires) : {});
      const below = thing?.provided.find(({ field: name }) => field.name === name)?.below ?? [];
      return providing(world.answer(thing, field, args, read), below);
    },
  };
}

type Representation = Readonly<Record<string, unknown>>;
interface Representations {
  readonly representations: readonly Representation[];
}

const isThing = (value: unknown): value is Thing =>
  typeof value === "object" && value !== null && "identity" in value;

const isProvided = (thing: Thing | null, { name }: FieldModel): boolean =>
  thing?.provided.some(({ field }) => field === name) ?? false;

function given(thing: Thing | null, field: FieldModel): unknown {
  if (!thing?.given) throw new Error(`\`${field.name}\` was asked for without what it requires`);
  return taken(thing.given, field.requires);
}

/** Of a representation, what `@requires` names: the planner may send more. */
function taken(value: unknown, needs: readonly Need[]): unknown {
  if (needs.length === 0 || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => taken(item, needs));
  if (typeof value !== "object") throw new Error("a required input is not of its type");
  const object = value as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    needs.map(({ field, below }) => {
      if (object[field] === undefined) throw new Error(`the required input \`${field}\` did not come`);
      return [field, taken(object[field], below)];
    }),
  );
}

/** What is provided below a provided field. */
function providing(value: unknown, below: readonly Need[]): unknown {
  if (below.length === 0) return value;
  if (Array.isArray(value)) return value.map((item) => providing(item, below));
  return isThing(value) ? { ...value, provided: below } : value;
}

const entities = (
  world: World,
  subgraph: string,
  representations: Representations["representations"],
): readonly (Thing | Error)[] => representations.map((each) => entityFor(world, subgraph, each));

function entityFor(world: World, subgraph: string, representation: Representation): Thing | Error {
  const type = world.model.types.get(String(representation["__typename"]));
  if (type?.kind === "family") return member(world, type, representation);
  if (type?.kind !== "entity") return new Error("a representation names no entity");
  const here = type.presence.get(subgraph);
  if (!here?.resolvable)
    return new Error(`${subgraph} was asked for \`${type.name}\`, which it does not serve`);
  const keys = type.keys.filter((_, i) => here.keys.has(i));
  const whole = keys.filter((key) => key.fields.every(({ name }) => representation[name] !== undefined));
  if (whole.length === 0)
    return new Error(`a representation of \`${type.name}\` carries no key of ${subgraph}`);
  const found = things(world, type.name).find((thing) =>
    whole.every((key) =>
      key.fields.every(({ name }) => matches(world, representation[name], world.key(thing, name))),
    ),
  );
  return found ? { ...found, given: representation } : new Error("a representation names nobody");
}

function member(world: World, family: FamilyModel, representation: Representation): Thing | Error {
  const all = [...Array(POPULATION).keys()].map((index) => world.entity(memberOf(family, index), index));
  const found = all.find((thing) => world.key(thing, "id") === representation["id"]);
  return found ? { ...found, given: representation } : new Error("a representation names nobody");
}

function things(world: World, name: string): readonly Thing[] {
  const { family } = world.model.types.get(name) as EntityModel;
  const all = [...Array(POPULATION).keys()];
  if (family === null) return all.map((index) => world.entity(name, index));
  const of = world.model.types.get(family) as FamilyModel;
  return all.filter((index) => memberOf(of, index) === name).map((index) => world.entity(name, index));
}

/** Whether a part of a key that was sent is the thing's. */
function matches(world: World, sent: unknown, own: unknown): boolean {
  if (!isThing(own)) return sent === own;
  if (typeof sent !== "object" || sent === null) return false;
  return Object.entries(sent).every(([name, value]) => {
    if (name === "__typename") return true;
    return value === world.key(own, name);
  });
}
