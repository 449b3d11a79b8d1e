/** A desk on which contents of the policies that ship are looked over, for tests. */
import { join } from "node:path";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";
import { Turns } from "../../src/kernel/turns.ts";
import { ContentDesk, type ContentDeskParts } from "../../src/policy-store/content-desk.ts";
import { folderContents, type MeantContent } from "../../src/policy-store/contents.ts";
import { POLICIES_DIR } from "../policy/shipped.ts";

export const shippedContentDesk = async (parts: Partial<ContentDeskParts> = {}): Promise<ContentDesk> =>
  new ContentDesk({
    contents: await folderContents(POLICIES_DIR),
    schemaDir: join(PACKAGE_ROOT, "schema"),
    turns: new Turns(2),
    ...parts,
  });

export const meaning = (meant: Partial<MeantContent> = {}): MeantContent => ({
  ...{ draft: null, version: null, files: [], removed: [] },
  ...meant,
});
