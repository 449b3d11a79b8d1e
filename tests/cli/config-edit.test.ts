/** An edit of the configuration file changes what it says and nothing else, or nothing at all. */
import { mkdtemp, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { type ConfigEdit, editConfigFile } from "../../src/cli/config-edit.ts";

const AGENCIES = `agencies:
- code: MOI # police
  kind: rest
  members:
  - address: BH/GOV/MOI/police
    name: { en: "Ministry of Interior, with a name that is longer than eighty characters in all", ar: وزارة الداخلية }
`;
const TEXT = `# head

server:
  # why
  drainMs:   9000

identity:
  issuers:
  - issuer: https://moi.example
    jwks: { file: moi.json }
    clients: {}

${AGENCIES}# foot
`;

async function fileOf(text: string) {
  const folder = await mkdtemp(join(tmpdir(), "ihala-edit-"));
  const file = join(folder, "ihala.yaml");
  await writeFile(file, text);
  return { folder, file };
}
const rename: ConfigEdit["edit"] = (document) => document.setIn(["deployment", "name"], "here");

it("keeps comments, empty lines and lists where they stand", async () => {
  const { file } = await fileOf(TEXT);
  const next = await editConfigFile({ file, edit: rename, check: async () => {} });
  expect(next.deployment.name).toBe("here");
  const spaced = (text: string) => text.replace("drainMs:   9000", "drainMs: 9000");
  expect(await readFile(file, "utf8")).toBe(
    `${spaced(TEXT).replace("# foot\n", "")}deployment:\n  name: here\n\n# foot\n`,
  );
});

it.each<readonly [string, Partial<ConfigEdit>, RegExp]>([
  ["the check refuses", { check: () => Promise.reject(new Error("no")) }, /no/],
  ["no configuration comes of it", { edit: (document) => document.set("colour", 1) }, /stays as it is/],
  [
    "the edit fails",
    {
      edit: () => {
        throw new Error("no");
      },
    },
    /no/,
  ],
])("writes nothing when %s", async (_, how, complaint) => {
  const { folder, file } = await fileOf(TEXT);
  await expect(editConfigFile({ file, edit: rename, check: async () => {}, ...how })).rejects.toThrow(
    complaint,
  );
  expect(await readFile(file, "utf8")).toBe(TEXT);
  expect(await readdir(folder)).toEqual(["ihala.yaml"]);
});

it("says that it cannot be written where nothing can be", async () => {
  await expect(
    editConfigFile({ file: "/proc/version", edit: () => {}, check: async () => {} }),
  ).rejects.toMatchObject({ code: "CONFIG_INVALID", message: expect.stringContaining("cannot be written") });
});

it("leaves what somebody else has written meanwhile", async () => {
  const { file } = await fileOf(TEXT);
  const check = () => writeFile(file, "# theirs\n");
  await expect(editConfigFile({ file, edit: rename, check })).rejects.toThrow("was changed meanwhile");
  expect(await readFile(file, "utf8")).toBe("# theirs\n");
});

it("writes where a link leads, and wants a file", async () => {
  const { folder, file } = await fileOf(TEXT);
  const link = join(folder, "link.yaml");
  await symlink(file, link);
  await editConfigFile({ file: link, edit: rename, check: async () => {} });
  expect(await readFile(file, "utf8")).toContain("name: here");
  for (const none of [null, join(folder, "none.yaml")])
    await expect(editConfigFile({ file: none, edit: rename, check: async () => {} })).rejects.toMatchObject({
      code: "CONFIG_INVALID",
    });
});
