/**
 * The catalogue of fields: every field that any reader may be shown, with its labels, group, class and owner.
 *
 * In      the supergraph. Out  entries in the order of the schema, made once; `catalogueOf` is for one supergraph.
 * Labels  Arabic from `@label`; English from the first line of the description; the name where there is neither.
 */
import "reflect-metadata";
import {
  type FieldDefinitionNode,
  type GraphQLSchema,
  isEnumType,
  Kind,
  parse,
  valueFromASTUntyped,
} from "graphql";
import { Field, ObjectType } from "type-graphql";
import type { Language as Spoken } from "../../src/policy/explain/phrases.ts";
import type { FieldInfo, Supergraph } from "../../src/supergraph/supergraph.ts";
import { registerCodes, vocabularyEnum } from "../shared/codes.ts";
import { optional, plain } from "../shared/values.ts";

export type Language = "AR" | "EN";

const AgencyCode = vocabularyEnum("AgencyCode");
const FieldGroup = vocabularyEnum("FieldGroup");
const Sensitivity = vocabularyEnum("Sensitivity");
export const Lang = registerCodes("Lang", ["AR", "EN"] satisfies Language[]);
export const inLanguage = { nullable: true, defaultValue: "AR" } as const;
export const spoken = (lang: Language | null | undefined): Spoken => (lang === "EN" ? "en" : "ar");

@ObjectType(plain)
export class FieldEntry {
  @Field(() => String) readonly coordinate!: string;
  @Field(() => String) readonly label!: string;
  @Field(() => FieldGroup, optional) readonly group!: string | null;
  @Field(() => Sensitivity, optional) readonly class!: string | null;
  @Field(() => AgencyCode, optional) readonly owner!: string | null;
}

export interface CatalogueField {
  readonly type: string;
  readonly labels: Readonly<Record<Language, string>>;
  readonly entry: Omit<FieldEntry, "label">;
}

const ROOTS: ReadonlySet<string> = new Set(["Query", "Mutation", "Subscription"]);

export function catalogueOf(supergraph: Supergraph): readonly CatalogueField[] {
  return parse(supergraph.sdl).definitions.flatMap((type) => {
    if (type.kind !== Kind.OBJECT_TYPE_DEFINITION || ROOTS.has(type.name.value)) return [];
    return (type.fields ?? []).flatMap((field) => catalogueField(supergraph, type.name.value, field));
  });
}

function catalogueField(
  { fields, fullSchema }: Supergraph,
  type: string,
  node: FieldDefinitionNode,
): readonly CatalogueField[] {
  const coordinate = `${type}.${node.name.value}` as FieldInfo["coordinate"];
  const info = fields.get(coordinate);
  const arabic = arabicLabel(node);
  if (!info || info.policyInput || info.inaccessible || !(info.group ?? arabic)) return [];
  const [english = ""] = (node.description?.value ?? "").trim().split("\n");
  return [
    {
      type,
      labels: { AR: arabic ?? node.name.value, EN: english || node.name.value },
      entry: {
        coordinate,
        group: info.group,
        class: Object.keys(Sensitivity).find((name) => name.startsWith(`${info.level}_`)) ?? null,
        owner: info.owner !== null && isCode(fullSchema, "AgencyCode", info.owner) ? info.owner : null,
      },
    },
  ];
}

/** What the gateway computes has an owner that is no agency. */
function isCode(schema: GraphQLSchema, list: string, code: string): boolean {
  const type = schema.getType(list);
  return isEnumType(type) && type.getValue(code) !== undefined;
}

function arabicLabel({ directives }: FieldDefinitionNode): string | null {
  const label = directives?.find(({ name }) => name.value === "label");
  const argument = label?.arguments?.find(({ name }) => name.value === "ar");
  return argument ? String(valueFromASTUntyped(argument.value)) : null;
}

export const entryIn = ({ labels, entry }: CatalogueField, lang: Language): FieldEntry => ({
  ...entry,
  label: labels[lang],
});
