/**
 * Which policies an officer means: what is in force, a draft, a version that was published, or one of them with files of hers.
 *
 * Out     the content, byte for byte. In force is what the gateway decides by, not what the folder or the store holds by now.
 * Errors  BAD_USER_INPUT, POLICY_REFUSED and POLICY_INVALID name what cannot be meant; POLICY_UNTRUSTED as the store has it.
 */
import { GatewayError } from "../kernel/errors.ts";
import { type PolicyContent, readContent } from "./content.ts";
import { type Edits, withEdits } from "./edits.ts";
import type { PolicyStore } from "./store.ts";

/** What there is to name. */
export interface PolicyContents {
  inForce(): Promise<PolicyContent>;
  draft(number: number): Promise<PolicyContent>;
  /** By the number of its publication. */
  version(number: number): Promise<PolicyContent>;
}

export interface MeantContent extends Edits {
  readonly draft: number | null;
  readonly version: number | null;
}

/** Of a folder that was read just now. */
export async function folderContents(policiesDir: string): Promise<PolicyContents> {
  // That it holds what no store would take is told when somebody asks: nobody else minds.
  const [read] = await Promise.allSettled([readContent(policiesDir)]);
  const none = async () => {
    throw new GatewayError("BAD_USER_INPUT", "there are no drafts and versions: the policies are files");
  };
  return {
    async inForce() {
      if (read.status === "fulfilled") return read.value;
      throw read.reason;
    },
    ...{ draft: none, version: none },
  };
}

/** `inForce` is the hash of what a gateway has taken up. */
export const storeContents = (store: PolicyStore, inForce: string): PolicyContents => ({
  inForce: () => store.content(inForce),
  draft: async (number) => store.content((await store.draft(number)).hash),
  version: async (number) => store.content((await store.publication(number)).hash),
});

export async function contentMeant(
  contents: PolicyContents,
  { draft, version, ...edits }: MeantContent,
): Promise<PolicyContent> {
  if (draft !== null && version !== null)
    throw new GatewayError("BAD_USER_INPUT", "name a draft or a version, not both");
  const base = await (draft !== null
    ? contents.draft(draft)
    : version !== null
      ? contents.version(version)
      : contents.inForce());
  return withEdits(base, edits);
}
