/**
 * What an agency may do in spite of the rule: read, answer for or take over what another owns.
 *
 * In      `allowances` of `manifest.extra.json`; a use of a federation directive, in a document or in a supergraph.
 * Out     null when the use is allowed, else what is wrong with it.
 * Rule    such a use discloses by itself: inputs of `@requires` are sent to the agency whoever asks, also for a reader who
 *         may not see them. So each is listed with agency, coordinate and every input, and says why; a field set that
 *         grows needs a new decision. What nobody may be sent (`uid`, policy inputs) cannot be allowed.
 */
import { type DocumentNode, Kind, parse, type SelectionSetNode } from "graphql";
import { z } from "zod";
import { namedType } from "./ast.ts";

const name = z.string().min(1);
export const allowanceSchema = z.strictObject({
  coordinate: name,
  allows: z.enum(["requires", "provides", "override", "external", "interfaceObject"]),
  agency: name,
  /** Every field that `@requires` or `@provides` names, as coordinates. */
  inputs: z.array(name).optional(),
  why: name,
});
export type Allowance = Readonly<z.infer<typeof allowanceSchema>>;
export type Allowable = Allowance["allows"];

export const isAllowable = (directive: string): directive is Allowable =>
  allowanceSchema.shape.allows.safeParse(directive).success;

export interface Use {
  readonly agency: string;
  readonly coordinate: string;
  readonly directive: Allowable;
  /** Its field set; null when it has none, or none in one text. */
  readonly fields: string | null;
}

/** Types of fields, by coordinate. */
export type FieldTypes = ReadonlyMap<string, string>;

export function allowanceProblem(
  use: Use,
  allowances: readonly Allowance[],
  types: FieldTypes,
): string | null {
  const { agency, coordinate, directive, fields } = use;
  const refused = `\`@${directive}\` is not allowed on \`${coordinate}\``;
  const allowance = allowances.find((one) => allows(one, use));
  if (!allowance)
    return `${refused} for ${agency}; remove it, or list it under \`allowances\` in manifest.extra.json`;
  if (directive !== "requires" && directive !== "provides") return null;
  if (fields === null) return `${refused} without a field set in one text; write \`fields: "…"\``;
  const inputs = inputsOf(use, types);
  const listed = new Set(allowance.inputs);
  const more = inputs.filter((input) => !listed.has(input));
  return more.length === 0
    ? null
    : `${refused} with ${more.map((input) => `\`${input}\``).join(", ")}; remove it, or list it among the inputs of the allowance`;
}

/** An input of an allowed `@requires` or `@provides` may be declared `@external`: it has to be. */
const allows = (one: Allowance, { agency, coordinate, directive }: Use): boolean =>
  one.agency === agency &&
  (directive === "external" && one.allows !== "external"
    ? (one.inputs ?? []).includes(coordinate)
    : one.allows === directive && one.coordinate === coordinate);

/** Coordinates that a field set names. `@requires` starts at the field's own type, `@provides` at the type it returns. */
function inputsOf({ coordinate, directive, fields }: Use, types: FieldTypes): readonly string[] {
  const own = coordinate.split(".")[0] ?? "";
  const type = directive === "provides" ? (types.get(coordinate) ?? "") : own;
  try {
    const [operation] = parse(`{ ${fields} }`, { noLocation: true }).definitions;
    return operation && "selectionSet" in operation ? selected(operation.selectionSet, type, types) : [];
  } catch {
    // No field set: nothing in it is listed.
    return [`${type}.${fields}`];
  }
}

const selected = (set: SelectionSetNode, type: string, types: FieldTypes): readonly string[] =>
  set.selections.flatMap((selection): readonly string[] => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return [`...${selection.name.value}`];
    if (selection.kind === Kind.INLINE_FRAGMENT)
      return selected(selection.selectionSet, selection.typeCondition?.name.value ?? type, types);
    if (selection.name.value === "__typename") return [];
    const at = `${type}.${selection.name.value}`;
    const below = selection.selectionSet ? selected(selection.selectionSet, types.get(at) ?? "", types) : [];
    return [at, ...below];
  });

export const fieldTypes = (documents: readonly DocumentNode[]): FieldTypes =>
  new Map(
    documents
      .flatMap(({ definitions }) => definitions)
      .flatMap((definition) =>
        "fields" in definition && "name" in definition
          ? (definition.fields ?? []).map(
              (field) => [`${definition.name.value}.${field.name.value}`, namedType(field.type)] as const,
            )
          : [],
      ),
  );
