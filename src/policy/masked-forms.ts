/**
 * Which masked forms a field has, clearest first: those that the manifest declares and those that the masks of the matrix leave.
 *
 * In      the field, the masks of the domain for its group, and the forms declared for the field (`manifest.extra.json`, `forms`).
 * Out     one action for each form. `masked` leaves the value as it is: of a field that a mask lists, of an id, of rows.
 * Rule    a mask that changes a whole group (*transform*) leaves what is declared; of any other field of the group it leaves
 *         `nothing`, and what another mask of that group lists is no part of `GROUP:masked`: a policy must name it. So no
 *         field is shown by oversight to whom the group is anonymised.
 */
import type { DomainField, MaskRow } from "./domain.ts";
import type { Mask } from "./verdict.ts";

export interface MaskedForm {
  /** What follows the field in the action: `Person.birthDate:year`. */
  readonly name: string;
  readonly mask: Mask;
  /** Part of `GROUP:masked`; else a policy must name the action. */
  readonly inGroup: boolean;
}

const AS_IT_IS = "masked";
const NOTHING: MaskedForm = { name: "nothing", mask: "transform:nothing", inGroup: true };

export function maskedForms(
  { coordinate, field, group }: Pick<DomainField, "coordinate" | "field" | "group">,
  masks: readonly MaskRow[],
  declared: readonly string[],
): readonly MaskedForm[] {
  const ofGroup = masks.filter((mask) => mask.group === group);
  if (ofGroup.some(({ kind }) => kind === "rows")) return [{ name: AS_IT_IS, mask: "rows", inGroup: true }];
  const forms = declared.map(formNamed);
  if (forms.length > 0 || ofGroup.length === 0) return forms;
  if (field === "id") return [formNamed(AS_IT_IS)];
  const isTransformed = ofGroup.some(({ kind }) => kind === "transform");
  const isListed = ofGroup.some(({ fields }) => fields.includes(coordinate));
  return [
    ...(isListed ? [{ ...formNamed(AS_IT_IS), inGroup: !isTransformed }] : []),
    ...(isTransformed ? [NOTHING] : []),
  ];
}

const formNamed = (name: string): MaskedForm => ({
  name,
  mask: name === AS_IT_IS ? "keep" : `transform:${name}`,
  inGroup: true,
});
