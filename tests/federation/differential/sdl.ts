/**
 * Writes each subgraph's document from a model, as the composer takes it and as graphql-js executes it.
 *
 * Out     `composable`: with Federation directives; `executable`: the same types with `_entities` and without `@link`.
 */
import type { EntityModel, FieldModel, Model, TypeModel } from "./model.ts";
import { externalsAt, needText } from "./needs.ts";
import { COMMON_SDL } from "./vocabulary.ts";

export interface SubgraphSdl {
  readonly composable: string;
  readonly executable: string;
}

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key", "@shareable",
  "@external", "@requires", "@provides", "@override", "@inaccessible", "@interfaceObject"])`;

/** A model as a person reads it: without what all subgraphs have in common. */
export const modelText = (model: Model): string =>
  model.subgraphs
    .map(
      (name) =>
        `# subgraph ${name}\n${subgraphSdl(model, name).composable.replace(LINK, "").replace(COMMON_SDL, "")}`,
    )
    .join("");

export const subgraphSdl = (model: Model, subgraph: string): SubgraphSdl =>
  new Writer(model, subgraph).write();

class Writer {
  readonly #model: Model;
  readonly #subgraph: string;
  readonly #externals: ReadonlyMap<string, ReadonlySet<string>>;

  constructor(model: Model, subgraph: string) {
    this.#model = model;
    this.#subgraph = subgraph;
    this.#externals = externalsAt(model, subgraph);
  }

  write(): SubgraphSdl {
    const { roots, mutations, types } = this.#model;
    const declared = [...types.values()].filter(({ name }) => this.#declares(name));
    const query = this.#mine(roots).map((field) => this.#field(field));
    const mutation = this.#mine(mutations).map((field) => this.#field(field));
    const bodies = declared.map((type) => this.#type(type));
    const rest = [...(mutation.length > 0 ? [block("type Mutation", mutation)] : []), ...bodies, COMMON_SDL];
    const entities = declared.flatMap((type) => this.#entity(type));
    const machinery = entities.length > 0 ? ["_entities(representations: [_Any!]!): [_Entity]!"] : [];
    const executable = [
      block("type Query", [...query, ...machinery, "_service: String"]),
      ...rest,
      ...(entities.length > 0 ? ["scalar _Any", `union _Entity = ${entities.join(" | ")}`] : []),
    ];
    const composable = [LINK, ...(query.length > 0 ? [block("type Query", query)] : []), ...rest];
    return { composable: composable.join("\n"), executable: executable.join("\n") };
  }

  #declares(name: string): boolean {
    return this.#model.declared.get(this.#subgraph)?.has(name) ?? false;
  }

  #mine(fields: readonly FieldModel[]): readonly FieldModel[] {
    return fields.filter(({ owners }) => owners.includes(this.#subgraph));
  }

  #entity(type: TypeModel): readonly string[] {
    if (type.kind === "entity") return [type.name];
    return type.kind === "family" && type.home !== this.#subgraph ? [type.name] : [];
  }

  #type(type: TypeModel): string {
    switch (type.kind) {
      case "value":
        return block(
          `type ${type.name}${this.#implements(type.name)} @shareable`,
          type.fields.map((field) => this.#field(field)),
        );
      case "union":
        return `union ${type.name} = ${type.membersAt.get(this.#subgraph)?.join(" | ")}`;
      case "interface":
        return block(`interface ${type.name}`, ["id: ID!", ...this.#mine(type.fields).map(signature)]);
      case "family":
        return type.home === this.#subgraph
          ? block('interface F @key(fields: "id")', ["id: ID!", ...type.fields.map(signature)])
          : block('type F @key(fields: "id") @interfaceObject', [
              "id: ID!",
              ...type.objectFields.map((field) => this.#field(field)),
            ]);
      case "entity":
        return this.#entityBlock(type);
    }
  }

  #entityBlock({ name, keys, presence, fields }: EntityModel): string {
    const here = presence.get(this.#subgraph);
    const mine = [...(here?.keys ?? [])].flatMap((i) => keys[i] ?? []);
    const resolvable = here?.resolvable ? "" : ", resolvable: false";
    const directives = mine.map(({ text }) => ` @key(fields: "${text}"${resolvable})`).join("");
    const declared = fields.filter(
      (field) =>
        field.owners.includes(this.#subgraph) ||
        field.overriddenAt === this.#subgraph ||
        this.#externals.get(name)?.has(field.name),
    );
    return block(`type ${name}${this.#implements(name)}${directives}`, [
      ...mine.flatMap((key) =>
        key.fields.map((field) => `${field.name}: ${field.type}${key.hidden ? " @inaccessible" : ""}`),
      ),
      ...declared.map((field) => this.#field(field)),
    ]);
  }

  #implements(name: string): string {
    const interfaces = [...this.#model.types.values()].filter(
      (type) =>
        this.#declares(type.name) &&
        ((type.kind === "interface" && type.members.includes(name)) ||
          (type.kind === "family" && type.home === this.#subgraph && type.members.includes(name))),
    );
    return interfaces.length > 0 ? ` implements ${interfaces.map((type) => type.name).join(" & ")}` : "";
  }

  #field(field: FieldModel): string {
    const { owners, overriddenAt, requires, provides, hidden } = field;
    const directives = [];
    if (owners.length > 0 && !owners.includes(this.#subgraph) && overriddenAt !== this.#subgraph)
      directives.push("@external");
    else if (overriddenAt !== this.#subgraph) {
      if (owners.length > 1) directives.push("@shareable");
      if (overriddenAt !== null) directives.push(`@override(from: "${overriddenAt}")`);
      if (requires.length > 0) directives.push(`@requires(fields: """${needText(requires)} """)`);
      if (provides.length > 0) directives.push(`@provides(fields: """${needText(provides)} """)`);
      if (hidden) directives.push("@inaccessible");
    }
    return [signature(field), ...directives].join(" ");
  }
}

function signature({ name, args, type }: FieldModel): string {
  const list = args.map(
    (arg) => `${arg.name}: ${arg.type}${arg.fallback === null ? "" : ` = ${arg.fallback}`}`,
  );
  return `${name}${list.length > 0 ? `(${list.join(", ")})` : ""}: ${type}`;
}

const block = (head: string, lines: readonly string[]): string => `${head} {\n  ${lines.join("\n  ")}\n}`;
