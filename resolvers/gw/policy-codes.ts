/** Code lists of the officers' answers, and codes as the engine writes them. */
import { registerCodes, vocabularyEnum } from "../shared/codes.ts";

export const AgencyCode = vocabularyEnum("AgencyCode");
export const FieldGroup = vocabularyEnum("FieldGroup");
export const PurposeOfUse = vocabularyEnum("PurposeOfUse");
export const Skill = vocabularyEnum("Skill");
export const DecisionEffect = registerCodes("DecisionEffect", ["ALLOW", "MASK", "AGGREGATE", "DENY", "HIDE"]);
export const DecisionLevel = registerCodes("DecisionLevel", ["CLEAR", "MASKED", "AGGREGATE", "EXISTS"]);
export const HowOften = registerCodes("HowOften", ["ALWAYS", "SOMETIMES", "NEVER"]);
export const PolicyEffect = registerCodes("PolicyEffect", ["PERMIT", "FORBID"]);

/** `always` → `ALWAYS` */
export const code = (word: string): string => word.toUpperCase();
