/** The policies that ship, with a text of one more, or with some of them written differently. */
import { type compilePolicies, compilePolicyTexts } from "../../src/policy/compile.ts";
import { readPolicyFiles } from "../../src/policy/policy-files.ts";
import { DOMAIN, POLICIES_DIR, SCHEMA_TEXT } from "./shipped.ts";

interface Change {
  readonly add?: string;
  /** File → [what stands there, what stands there instead]. */
  readonly edit?: Readonly<Record<string, readonly [string, string]>>;
  readonly schemaText?: string;
}

export async function variantPolicies({
  add = "",
  edit = {},
  schemaText = SCHEMA_TEXT,
}: Change): ReturnType<typeof compilePolicies> {
  const files = (await readPolicyFiles(POLICIES_DIR)).map(({ file, text }) => {
    const [from, to] = edit[file] ?? ["", ""];
    if (!text.includes(from)) throw new Error(`${file} does not hold ${from}`);
    return { file, text: text.replace(from, to) };
  });
  return compilePolicyTexts([...files, { file: "added.cedar", text: add }], schemaText, DOMAIN);
}

export const policyText = (
  id: string,
  rest: string,
  legalBasis = "R1 R2 R3 R7 R8 R13 R16",
  owner = "NGO",
): string => `@id("${id}") @title("t") @legalBasis("${legalBasis}") @owner("${owner}")\n${rest}`;
